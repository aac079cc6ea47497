/** Every page of the documentation: found from the index, its code compiles, its links lead somewhere. */
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { compileBlocks, pathOfBlock } from '../support/tools/compile-blocks.js';
import {
  allPages,
  contentsOf,
  docsPages,
  linksOf,
  missingTarget,
  type Page,
  readPage,
} from '../support/tools/documentation.js';
import { codeBlocks } from '../support/tools/markdown.js';
import { REPOSITORY, readManifest } from '../support/tools/package/repository.js';

const INDEX = 'docs/README.md';
const pages = allPages();

function blocksOf({ path, text }: Page): readonly (readonly [string, string])[] {
  const name = path.startsWith('docs/') ? basename(path, '.md') : path.replace(/\.md$/, '').replaceAll('/', '-');
  return (['ts', 'js'] as const).flatMap((language) =>
    codeBlocks(text, language).map((block) => [pathOfBlock(name, language, block), block.code] as const),
  );
}

describe('The documentation', () => {
  it('has only code blocks that compile as they stand, as ES modules and as CommonJS', () => {
    const blocks = pages.flatMap(blocksOf);
    const files = new Map(blocks);

    const folder = join(REPOSITORY, '.build', 'documentation');

    const compilation = compileBlocks(folder, files);

    expect(compilation.status, compilation.messages).to.equal(0);
    expect(files.size, 'two blocks of one name on a page').to.equal(blocks.length);
    expect(compilation.files).to.include.members([...files.keys()].map((path) => join(folder, path)));
  });

  it('shows the quick start in both module formats', () => {
    for (const path of ['README.md', 'docs/getting-started.md']) {
      const { text } = readPage(path);
      for (const language of ['ts', 'js']) expect(codeBlocks(text, language), path).not.to.deep.equal([]);
    }
  });

  it('has only links to files that exist and to headings that they have', () => {
    const links = pages.flatMap(linksOf);

    expect(links).to.have.length.above(200);
    expect(links.map(missingTarget).filter((missing) => missing !== undefined)).to.deep.equal([]);
  });

  it('would be reported for a link to a missing file or heading', () => {
    const missing = (target: string) => missingTarget({ from: INDEX, target });

    expect(missing('gone.md')).to.equal(`${INDEX}: there is no docs/gone.md`);
    expect(missing('options.md#gone')).to.equal(`${INDEX}: docs/options.md has no heading #gone`);
    expect(missing('options.md#hard-stop')).to.equal(undefined);
  });

  it('has every page in its index, once', () => {
    const { text } = readPage(INDEX);
    const linked = [...text.matchAll(/^\| \[[^\]]+\]\(([^)/]+\.md)\) \|/gm)].map(([, name]) => `docs/${name}`);

    expect(linked).to.have.members(
      docsPages()
        .map(({ path }) => path)
        .filter((path) => path !== INDEX),
    );
  });

  for (const { path, text } of docsPages()) {
    it(`starts ${path} with one title and a sentence about its subject`, () => {
      const [title, blank, head] = text.split('\n');

      expect(text.match(/^# /gm)).to.have.length(codeComments(text) + 1);
      expect(title).to.match(/^# [A-Z]/);
      expect(blank).to.equal('');
      expect(head).to.match(/^[A-Z].{20,}[.:]/);
    });
  }

  for (const { path, text } of [readPage('README.md'), readPage('CONTRIBUTING.md'), ...docsPages()]) {
    const { listed, sections } = contentsOf(text);
    if (listed.length === 0) continue;
    it(`lists every section of ${path} at its top, in the order of the page`, () => {
      const found = sections.map((anchors) => listed.find((anchor) => anchors.includes(anchor)));
      const inOrder = [...found].sort((a = '', b = '') => listed.indexOf(a) - listed.indexOf(b));

      expect(sections.filter((_, index) => found[index] === undefined)).to.deep.equal([]);
      expect(found).to.deep.equal(inOrder);
    });
  }

  it('names only npm scripts that exist', async () => {
    const { scripts } = await readManifest();
    const named = pages
      .filter(({ path }) => path !== 'CHANGELOG.md')
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\bnpm run ([a-z][a-z0-9:-]*)(?![\w<:-])/g)].map(([, name = '']) => ({ path, name })),
      );

    expect(named).to.have.length.above(10);
    expect(named.filter(({ name }) => !(name in scripts))).to.deep.equal([]);
  });
});

/** Lines of shell blocks that look like a title. */
function codeComments(text: string): number {
  return codeBlocks(text, 'sh')
    .concat(codeBlocks(text, 'console'))
    .flatMap(({ code }) => code.match(/^# /gm) ?? []).length;
}
