/** What package.json declares is what lib imports: nothing missing at the user's, nothing installed for no reason. */
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Manifest, REPOSITORY, readManifest } from '../support/tools/package/repository.js';

/** Passport is what the package is for, though only the shape of a strategy is used, and nothing is imported. */
const PEERS_BY_CONTRACT = ['passport'];

/** Needed by one entry each, so that nobody has to install them for the others. */
const OPTIONAL_PEERS = [
  '@nestjs/common',
  '@opentelemetry/api',
  'fast-check',
  'mongoose',
  'preact',
  'preact-render-to-string',
  'prom-client',
];

/** What is used of them is inside the package: see lib/bundle.mjs. */
const INSIDE = ['lru-cache', 'zod'];

const TYPES = /^@types\//;

describe('The declared dependencies', () => {
  let manifest: Manifest;
  let imported: readonly string[];

  before(async () => {
    manifest = await readManifest();
    imported = await importedModules(join(REPOSITORY, 'lib'));
  });

  it('are exactly the packages that lib imports', () => {
    const packages = new Set(imported.filter((name) => !isBuiltin(name)).map(packageOf));
    const declared = Object.keys(manifest.dependencies).filter((name) => !TYPES.test(name));
    expect([...declared, ...OPTIONAL_PEERS, ...INSIDE]).to.have.members([...packages]);
  });

  it('leave out the packages whose code is inside, which no file that is published names', async () => {
    expect(manifest.devDependencies).to.include.keys(INSIDE);
    const published = await importedModules(join(REPOSITORY, 'dist'), /\.(?:d\.ts|js)$/);
    const packages = published.filter((name) => !isBuiltin(name)).map(packageOf);
    expect([...Object.keys(manifest.dependencies), ...OPTIONAL_PEERS]).to.include.members(packages);
  });

  it('include types only for packages that lib imports', () => {
    const typed = Object.keys(manifest.dependencies).filter((name) => TYPES.test(name));
    expect(imported).to.include.members(typed.map((name) => name.replace(TYPES, '')));
  });

  it('list Passport as a peer, by contract, and the needs of single entries as optional peers', () => {
    const optional = Object.keys(manifest.peerDependenciesMeta);
    expect(optional).to.have.members(OPTIONAL_PEERS);
    expect(Object.keys(manifest.peerDependencies)).to.have.members([...PEERS_BY_CONTRACT, ...optional]);
  });

  it('allow as peers the versions that the specs run', () => {
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(range.split(' || ').map(lineOf), name).to.include(lineOf(manifest.devDependencies[name] as string));
    }
  });

  it('exclude modules of Node, which lib imports only as node:', () => {
    expect(imported.filter((name) => isBuiltin(name) && !name.startsWith('node:'))).to.deep.equal([]);
  });
});

/** The modules outside a folder that its files name in imports and re-exports, comments left out. */
async function importedModules(folder: string, files = /\.tsx?$/): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => files.test(name));
  const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const specifiers = sources.flatMap((source) =>
    [
      // The last line of a statement, the statement for its effect only, and import() or require() anywhere.
      ...source.matchAll(/^(?:import|export|\})[^;]*? from ['"](?<specifier>[^'"]+)['"]/gm),
      ...source.matchAll(/^import ['"](?<specifier>[^'"]+)['"]/gm),
      ...source.matchAll(/^(?! *\*).*\b(?:import|require)\(['"](?<specifier>[^'"]+)['"]\)/gm),
    ].map((match) => match.groups?.['specifier'] ?? ''),
  );
  return [...new Set(specifiers.filter((specifier) => !specifier.startsWith('.')))];
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What a caret lets vary left out: `^12` of `^12.5.1`, `^0.7` of `^0.7.0`. */
function lineOf(range: string): string {
  return range
    .split('.')
    .slice(0, range.startsWith('^0.') ? 2 : 1)
    .join('.');
}
