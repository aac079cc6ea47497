/** What walks all code points that Unicode assigns several times over. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { canonicalUsername } from '../../lib/subject/username.js';
import { assignedCharacters, inContext } from './facts/facts.js';
import { makeSource } from './facts/make-equal-characters.js';

const CHARACTERS = assignedCharacters();
/** An accent that stands alone, which NFKC writes after a blank and collations do not; and a spacing iota. */
const LONE_ACCENT = /^[\u037a\ufc5e-\ufc63\ufe70\ufe72\ufe74\ufe76\ufe78\ufe7a\ufe7c\ufe7e]$/;
const IOTA_BELOW = /\u0345/;

describe('The table of equal characters, in every form,', function () {
  this.timeout(600_000);

  it('X2 is what its generator produces', () => {
    expect(readFileSync(resolve('lib', 'subject', 'equal-characters.ts'), 'utf8')).to.equal(makeSource());
  });

  for (const accents of ['ignore', 'keep'] as const) {
    const key = (name: string) => canonicalUsername(name, { accents });
    const isAccent = (text: string) => accents === 'ignore' && IOTA_BELOW.test(text.normalize('NFD'));

    it(`X3 has one key for all code points in either case, accents: ${accents}`, () => {
      const apart = CHARACTERS.filter((text) => {
        const name = inContext(text);
        return key(name.toLowerCase()) !== key(name) || key(name.toUpperCase()) !== key(name);
      });
      expect(apart.filter((text) => !isAccent(text))).to.deep.equal([]);
      expect(apart.length).to.equal(accents === 'ignore' ? 64 : 0);
    });

    it(`has one key for all code points in all forms of normalization, accents: ${accents}`, () => {
      const apart = CHARACTERS.filter((text) =>
        ['NFC', 'NFD', 'NFKC', 'NFKD'].some((form) => key(inContext(text).normalize(form)) !== key(inContext(text))),
      );
      expect(apart.filter((text) => !LONE_ACCENT.test(text))).to.deep.equal([]);
      expect(apart.length).to.equal(15);
    });
  }
});
