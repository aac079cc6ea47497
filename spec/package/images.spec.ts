/** The pictures of pages in the documents, which `npm run screenshots` takes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from '../support/tools/package/repository.js';

const FOLDER = join(REPOSITORY, 'docs', 'images');
const PAGES = { 'README.md': 'docs/images/', 'docs/admin.md': 'images/' } as const;

const picturesIn = (text: string) => [...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path = '']) => path);

describe('The pictures in docs/images', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.png'));

  it('are of each page in both themes', () => {
    const light = names.filter((name) => name.endsWith('-light.png'));

    expect(light).to.have.length.above(0);
    expect(names).to.have.members(light.flatMap((name) => [name, name.replace('-light', '-dark')]));
  });

  it('are each smaller than 200 kB', () => {
    const large = names.filter((name) => statSync(join(FOLDER, name)).size >= 200_000);

    expect(large).to.deep.equal([]);
  });

  for (const [page, prefix] of Object.entries(PAGES)) {
    it(`exist as far as ${page} shows them, light and dark, each described`, () => {
      const text = readFileSync(join(REPOSITORY, page), 'utf8');
      const shown = picturesIn(text);

      expect(shown).to.have.length(4);
      expect(names.map((name) => `${prefix}${name}`)).to.include.members(shown);
      expect(text.match(/<img [^>]*alt="[^"]{20,}"/g)).to.have.length(2);
    });
  }
});
