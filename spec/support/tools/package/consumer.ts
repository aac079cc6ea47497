import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packPackage } from './packed.js';
import { REPOSITORY, readManifest } from './repository.js';
import { runTool, type ToolResult, toolPath } from './run-tool.js';

/**
 * A project that installed the packed package: its node_modules holds the package, the dependencies it declares, and
 * what is asked for besides. Anything else is not found from there.
 */
export class Consumer {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(besides: readonly string[] = []): Promise<Consumer> {
    const consumer = new Consumer(await mkdtemp(join(tmpdir(), 'passport-lockout-consumer-')));
    const { dependencies } = await readManifest();
    await consumer.#unpack();
    for (const name of [...Object.keys(dependencies), ...besides]) await consumer.#link(name);
    return consumer;
  }

  /** Runs a module; its extension decides whether it is ESM (`.mjs`) or CJS (`.cjs`). */
  async run(name: string, source: string): Promise<ToolResult> {
    await writeFile(join(this.folder, name), source);
    return runTool(process.execPath, [name], this.folder);
  }

  /** Compiles modules (`.mts` or `.cts`) strictly, declaration files included, and returns the compiler's complaints. */
  async compile(modules: Readonly<Record<string, string>>): Promise<string> {
    for (const [name, source] of Object.entries(modules)) await writeFile(join(this.folder, name), source);
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
    const { stdout, stderr } = await runTool(toolPath('tsc'), [...options, ...Object.keys(modules)], this.folder);
    return stdout + stderr;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  async #unpack(): Promise<void> {
    const { tarball, folder } = await packPackage();
    const target = join(this.folder, 'node_modules', 'passport-lockout');
    await mkdir(target, { recursive: true });
    const args = ['-xzf', tarball, '-C', target, '--strip-components', '1'];
    const { code, stderr } = await runTool('tar', args, this.folder);
    await rm(folder, { recursive: true });
    if (code !== 0) throw new Error(`tar ended with ${code}: ${stderr}`);
  }

  async #link(name: string): Promise<void> {
    const path = join(this.folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules', name), path, 'dir');
  }
}
