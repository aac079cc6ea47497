/** Compiles code blocks of the documentation with the project's own compiler and settings. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TSC = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));

/** The root's settings, which are strict; its `outDir`, in which the blocks lie, would else be left out. */
const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: { noEmit: true, types: ['node'] },
  include: ['*.ts'],
  exclude: [],
};

export interface Compilation {
  readonly status: number | null;
  /** The compiler's messages, then every file it has seen. */
  readonly output: string;
}

/**
 * @param folder - directly below `.build`, so that the package finds itself by its name; emptied first
 * @param files - their contents by name
 */
export function compileBlocks(folder: string, files: ReadonlyMap<string, string>): Compilation {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  for (const [name, code] of files) writeFileSync(join(folder, name), code);
  const args = [TSC, '-p', folder, '--pretty', 'false', '--listFiles'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
