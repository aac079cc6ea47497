/** The contents of the tarball, and what its package.json promises. */
import { readdir, readFile, rm } from 'node:fs/promises';
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

  it('contains a file for each entry, with its declarations, what entries share, and the documents, and nothing else', async () => {
    const built = [...filesOf(manifest.exports), ...filesOf(manifest.bin)].filter((path) => path !== 'package.json');
    const pages = (await filesBelow('docs')).filter((path) => !path.startsWith('docs/images/'));
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json', ...pages];
    const expected = [...built, 'dist/cjs/package.json', 'dist/LICENSES.txt', ...papers];
    expect(
      expected.filter((path) => !packed.files.includes(path)),
      'missing',
    ).to.deep.equal([]);
    const shared = /^dist\/(?:esm|cjs)\/chunks\/[\w.-]+\.(?:js|d\.ts)$/;
    expect(
      packed.files.filter((path) => !expected.includes(path) && !shared.test(path)),
      'too much',
    ).to.deep.equal([]);
  });

  it('takes no more than 2.28 MB and 84 files when it is installed', () => {
    expect(packed.unpackedBytes).to.be.below(2_280_000);
    expect(packed.files).to.have.length.below(85);
  });

  it('has each class once, whatever entries an application uses, and however it loads them', async () => {
    const files = packed.files.filter((path) => path.startsWith('dist/cjs/') && path.endsWith('.js'));
    const texts = await Promise.all(files.map((path) => readFile(join(REPOSITORY, path), 'utf8')));
    const classes = texts.flatMap((text) =>
      Array.from(text.matchAll(/^(?:(?:var|const|let) (\w+) = class|class (\w+))/gm), ([, a, b]) => a ?? b),
    );
    expect(classes).to.include('Lockout').and.include('MongoStore');
    expect(classes.filter((name, index) => classes.indexOf(name) !== index)).to.deep.equal([]);
  });

  it('has code as ES modules only for entries whose peers are ES modules, which not every loader lets CommonJS require', async () => {
    const files = packed.files.filter((path) => path.startsWith('dist/esm/') && path.endsWith('.js'));
    const texts = await Promise.all(files.map((path) => readFile(join(REPOSITORY, path), 'utf8')));
    const withCode = files.filter((_, index) => /^(?!import '|export \{ .* \} from )./m.test(texts[index] ?? ''));
    expect(withCode).to.have.members(['dist/esm/admin/index.js', 'dist/esm/nest/index.js']);
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

/** The paths in a member of package.json. */
function filesOf(member: unknown): readonly string[] {
  return typeof member === 'string' ? [member.replace('./', '')] : Object.values(Object(member)).flatMap(filesOf);
}
