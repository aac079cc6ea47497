/**
 * An example as someone has copied it out of the repository: a folder elsewhere, in which only what its package.json asks
 * for is installed. Everything is linked, since specs have no network: the library to what has been built here.
 */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../tools/child-environment.js';
import { REPOSITORY } from '../tools/package/repository.js';

interface ExampleManifest {
  readonly scripts: { readonly start: string; readonly prestart?: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const EXAMPLES = join(REPOSITORY, 'examples');
const MODULES = join(REPOSITORY, 'node_modules');

export function exampleNames(): readonly string[] {
  return readdirSync(EXAMPLES).sort();
}

export class ExampleCopy {
  readonly folder: string;
  readonly #scripts: ExampleManifest['scripts'];

  private constructor(folder: string, scripts: ExampleManifest['scripts']) {
    this.folder = folder;
    this.#scripts = scripts;
  }

  /** @param name - its folder in `examples` */
  static async create(name: string): Promise<ExampleCopy> {
    const folder = await mkdtemp(join(tmpdir(), `passport-lockout-${name}-`));
    await cp(join(EXAMPLES, name), folder, { recursive: true });
    const manifest: ExampleManifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    for (const installed of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const target = installed === 'passport-lockout' ? REPOSITORY : join(MODULES, installed);
      const link = join(folder, 'node_modules', installed);
      await mkdir(dirname(link), { recursive: true });
      await symlink(target, link, 'dir');
    }
    const copy = new ExampleCopy(folder, manifest.scripts);
    await copy.#build();
    return copy;
  }

  /**
   * What `npm start` gives to node. Without npm and a shell in between, which would keep signals to themselves.
   *
   * @throws if the example is started by anything else
   */
  get args(): readonly string[] {
    const [command, ...args] = this.#scripts.start.split(' ');
    if (command !== 'node') throw new Error(`an example is started with node, not with ${command}`);
    return args;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  /** What `npm start` does first: those in TypeScript are compiled. */
  async #build(): Promise<void> {
    if (this.#scripts.prestart === undefined) return;
    const env = childEnvironment({ PATH: [join(MODULES, '.bin'), process.env['PATH']].join(delimiter) });
    await promisify(execFile)(this.#scripts.prestart, [], { cwd: this.folder, env }).catch((error) => {
      throw new Error(`${this.folder} cannot be built: ${error.stdout}`, { cause: error });
    });
  }
}
