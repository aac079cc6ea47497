import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './repository.js';
import { runTool } from './run-tool.js';

export interface Packed {
  /** Gone when the caller removes `folder`. */
  readonly tarball: string;
  readonly folder: string;
  /** Paths in the package. */
  readonly files: readonly string[];
}

/** Packs the existing build; without scripts, which would build again while other specs run. */
export async function packPackage(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'passport-lockout-packed-'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { code, stdout, stderr } = await runTool('npm', args, REPOSITORY);
  if (code !== 0) throw new Error(`npm pack ended with ${code}: ${stderr}`);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: readonly { path: string }[] }];
  return { folder, tarball: join(folder, filename), files: files.map(({ path }) => path) };
}
