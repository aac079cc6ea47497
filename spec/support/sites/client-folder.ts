/** The folder of an application in which only some packages are installed, linked to those of this repository. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../tools/package/repository.js';

export class ClientFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @param packages - by their name in the application, each with its name here: `{ redis: 'redis5' }` */
  static async create(packages: Readonly<Record<string, string>>): Promise<ClientFolder> {
    const folder = new ClientFolder(await mkdtemp(join(tmpdir(), 'passport-lockout-clients-')));
    await mkdir(folder.#modules);
    for (const [name, installed] of Object.entries(packages)) {
      await symlink(join(REPOSITORY, 'node_modules', installed), join(folder.#modules, name), 'dir');
    }
    return folder;
  }

  /** Adds a package of one module. */
  async add(name: string, source: string): Promise<void> {
    await mkdir(join(this.#modules, name));
    await writeFile(join(this.#modules, name, 'index.js'), source);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true });
  }

  get #modules(): string {
    return join(this.path, 'node_modules');
  }
}
