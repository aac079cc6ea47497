/** The contents of the tarball, and what its package.json promises. */
import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { type Packed, packPackage } from '../support/tools/package/packed.js';
import { type Manifest, REPOSITORY, readManifest } from '../support/tools/package/repository.js';

describe('The packed package', () => {
  let packed: Packed;
  let manifest: Manifest;

  before(async () => {
    packed = await packPackage();
    manifest = await readManifest();
  });
  after(() => rm(packed.folder, { recursive: true }));

  it('contains the sources, their build output and the documents, and nothing else', async () => {
    const sources = await librarySources();
    const built = sources.flatMap((source) =>
      ['.js', '.js.map', '.d.ts', '.d.ts.map'].flatMap((extension) =>
        ['esm', 'cjs'].map((format) => `dist/${format}/${source.replace(/\.tsx?$/, extension)}`),
      ),
    );
    const pages = (await filesBelow('docs')).filter((path) => !path.startsWith('docs/images/'));
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json', ...pages];
    const expected = [...sources.map((source) => `lib/${source}`), ...built, 'dist/cjs/package.json', ...papers];
    expect(
      expected.filter((path) => !packed.files.includes(path)),
      'missing',
    ).to.deep.equal([]);
    expect(
      packed.files.filter((path) => !expected.includes(path)),
      'too much',
    ).to.deep.equal([]);
  });

  it('can be imported only by its documented entries', () => {
    expect(Object.keys(manifest.exports)).to.have.members([
      '.',
      './admin',
      './mongo',
      './nest',
      './otel',
      './prometheus',
      './redis',
      './testing',
      './package.json',
    ]);
  });

  it('has no side effects, so that bundlers may drop what is not used', () => {
    expect(manifest.sideEffects).to.equal(false);
  });

  it('declares the Node versions it supports', () => {
    expect(manifest.engines).to.deep.equal({ node: '>=20.19' });
  });
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(REPOSITORY, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(REPOSITORY, join(parentPath, name)));
}

async function librarySources(): Promise<readonly string[]> {
  const names = await readdir(join(REPOSITORY, 'lib'), { recursive: true });
  return names.filter((name) => /\.tsx?$/.test(name));
}
