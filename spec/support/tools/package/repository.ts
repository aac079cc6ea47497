import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of package.json, as seen from the compiled specs. */
export const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..', '..');

/** What of package.json the specs look at. */
export interface Manifest {
  readonly version: string;
  readonly sideEffects: boolean;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

export async function readManifest(folder: string = REPOSITORY): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}
