import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Packed, packPackage } from '../tools/package/packed.js';
import { runToEnd } from './run-to-end.js';
import { consumerTools, type Tools } from './tools.js';

/** Installs what package.json in the folder names. */
export type Installer = (folder: string, tools: Tools) => Promise<unknown>;

/** Nothing is found but what is declared, by the project and by each package: pnpm links no other into node_modules. */
export const withPnpm: Installer = (cwd, tools) =>
  runToEnd(
    tools.path('.bin', 'pnpm'),
    ['install', '--ignore-scripts', '--config.hoist=false', '--config.auto-install-peers=false'],
    { cwd },
  );

/** Plug'n'Play: no node_modules at all. */
export const withYarn: Installer = async (cwd, tools) => {
  await writeFile(join(cwd, 'yarn.lock'), '');
  const registry = (await runToEnd('npm', ['config', 'get', 'registry'], { cwd })).trim();
  const env = {
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_ENABLE_TELEMETRY: '0',
    // With CI set, it would insist on a lock file that is complete.
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    ...(process.env.NODE_EXTRA_CA_CERTS && { YARN_HTTPS_CA_FILE_PATH: process.env.NODE_EXTRA_CA_CERTS }),
  };
  await runToEnd(process.execPath, [yarn(tools), 'install', '--mode=skip-build'], { cwd, env });
};

export const yarn = (tools: Tools): string => tools.path('@yarnpkg', 'cli-dist', 'bin', 'yarn.js');

/** A project in a folder of its own, which installed the packed package from its tarball, and its dependencies from a registry. */
export class Project {
  readonly folder: string;
  readonly tools: Tools;
  readonly #packed: Packed;

  private constructor(folder: string, tools: Tools, packed: Packed) {
    this.folder = folder;
    this.tools = tools;
    this.#packed = packed;
  }

  /** @param besides - packages and their versions, besides ours */
  static async create(install: Installer, besides: Readonly<Record<string, string>> = {}): Promise<Project> {
    const tools = await consumerTools();
    const packed = await packPackage();
    const project = new Project(await mkdtemp(join(tmpdir(), 'passport-lockout-project-')), tools, packed);
    const dependencies = { 'passport-lockout': `file:${packed.tarball}`, ...besides };
    await project.write({ 'package.json': JSON.stringify({ name: 'project', private: true, dependencies }) });
    await install(project.folder, tools);
    return project;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(this.folder, name), text);
  }

  run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    return runToEnd(command, args, { cwd: this.folder, env });
  }

  /** Runs a JavaScript file: of the tools, or of this project. */
  node(...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, args);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
    await rm(this.#packed.folder, { recursive: true });
  }
}
