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
  readonly unpackedBytes: number;
}

/** Packs the existing build; without scripts, which would build again while other specs run. */
export async function packPackage(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'passport-lockout-packed-'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { code, stdout, stderr } = await runTool('npm', args, REPOSITORY);
  if (code !== 0) throw new Error(`npm pack ended with ${code}: ${stderr}`);
  const [{ filename, files, unpackedSize }] = JSON.parse(stdout) as [PackReport];
  return { folder, tarball: join(folder, filename), files: files.map(({ path }) => path), unpackedBytes: unpackedSize };
}

/** Of `npm pack --json`. */
interface PackReport {
  readonly filename: string;
  readonly files: readonly { path: string }[];
  readonly unpackedSize: number;
}
