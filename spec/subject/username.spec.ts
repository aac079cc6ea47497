import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalUsername } from '../../lib/subject/username.js';

const MEGABYTE = 1_048_576;

describe('subject/username', () => {
  const SPELLINGS = [
    { title: 'capitals', spellings: ['bob', 'Bob', 'BOB', 'bOb'] },
    { title: 'blanks around it', spellings: ['bob', ' bob ', '\tbob\n', '\u00a0bob\u3000', '\ufeffbob'] },
    { title: 'full-width letters', spellings: ['bob', 'ｂｏｂ', 'ＢＯＢ'] },
    { title: 'mathematical letters', spellings: ['bob', '𝐛𝐨𝐛', '𝓑𝓸𝓫'] },
    { title: 'composed and decomposed accents', spellings: ['josé', 'jose\u0301', 'JOSÉ', 'JOSE\u0301'] },
    { title: 'ligatures', spellings: ['office', 'o\ufb03ce'] },
    { title: 'sharp s', spellings: ['strasse', 'straße', 'STRASSE', 'STRAẞE'] },
    { title: 'both small sigmas', spellings: ['σοφός', 'σοφόσ', 'ΣΟΦΌΣ'] },
    { title: 'the Kelvin sign', spellings: ['karl', '\u212aarl'] },
    {
      title: 'zero-width characters',
      spellings: ['bob', 'b\u200bob', 'bo\u200db', '\u200cbob', 'bob\u2060', 'b\ufe0fob'],
    },
    { title: 'a soft hyphen', spellings: ['bob', 'b\u00adob'] },
    { title: 'invisibles around blanks', spellings: ['bob', '\u200b bob \u200b', ' \u200b bob'] },
    { title: 'NUL', spellings: ['bob', 'bob\0', '\0bob', 'b\0ob'] },
    { title: 'lone surrogates', spellings: ['bob\ufffd', 'bob\ud800', 'bob\udfff'] },
  ];
  for (const { title, spellings } of SPELLINGS) {
    it(`F18 folds ${title} to one subject`, () => {
      expect(new Set(spellings.map((name) => canonicalUsername(name))).size).to.equal(1);
    });
  }

  const KEPT_APART = [
    ['bob', 'bobb'],
    ['bob', 'b ob'],
    ['jose', 'josé'],
    ['a.b@example.com', 'ab@example.com'],
    ['bob', '$bob'],
  ];
  for (const [one, other] of KEPT_APART) {
    it(`F18 keeps "${one}" and "${other}" apart, which are different accounts`, () => {
      expect(canonicalUsername(one)).to.not.equal(canonicalUsername(other));
    });
  }

  const PLAIN = ['bob', 'alice@example.com', 'x-1_2.3+tag', '42'];
  for (const name of PLAIN) {
    it(`leaves ${name} as it is`, () => {
      expect(canonicalUsername(name)).to.equal(name);
    });
  }

  const NO_NAMES = [
    { title: 'undefined', input: undefined },
    { title: 'null', input: null },
    { title: 'an empty text', input: '' },
    { title: 'blanks', input: ' \t\n ' },
    { title: 'invisible characters', input: '\u200b\u200d\0\ufeff' },
    { title: 'an array', input: ['bob'] },
    { title: 'an object', input: { username: 'bob' } },
    { title: 'an operator of MongoDB', input: { $ne: null } },
    { title: 'an object with a toString of its own', input: { toString: () => 'bob' } },
    { title: 'an object without a prototype', input: Object.create(null) },
    { title: 'a function', input: () => 'bob' },
    { title: 'a symbol', input: Symbol('bob') },
  ];
  for (const { title, input } of NO_NAMES) {
    it(`F19 takes ${title} for no username`, () => {
      expect(canonicalUsername(input)).to.equal(undefined);
    });
  }

  const ODD_NAMES = [
    { title: 'a number', input: 42, name: '42' },
    { title: 'a bigint', input: 42n, name: '42' },
    { title: 'NaN', input: Number.NaN, name: 'nan' },
    { title: 'true', input: true, name: 'true' },
    { title: '__proto__', input: '__proto__', name: '__proto__' },
    { title: 'constructor', input: 'constructor', name: 'constructor' },
    { title: 'the text $ne', input: '$ne', name: '$ne' },
    { title: 'a lone surrogate', input: '\ud800', name: '\ufffd' },
  ];
  for (const { title, input, name } of ODD_NAMES) {
    it(`F19 takes ${title} for the text "${name}"`, () => {
      expect(canonicalUsername(input)).to.equal(name);
    });
  }

  const HUGE = [
    { title: 'letters', input: 'a'.repeat(MEGABYTE) },
    { title: 'capitals', input: 'A'.repeat(MEGABYTE) },
    { title: 'full-width letters', input: 'ａ'.repeat(MEGABYTE) },
  ];
  for (const { title, input } of HUGE) {
    it(`F19 cuts 1 MB of ${title} to 4096 characters`, () => {
      expect(canonicalUsername(input)).to.equal('a'.repeat(4096));
    });
  }

  it('F19 finds a name behind 1 MB of blanks and invisible characters', () => {
    expect(canonicalUsername(`${' \u200b'.repeat(MEGABYTE / 2)}Bob`)).to.equal('bob');
  });

  it('F19 is bounded for characters that unfold to many', () => {
    expect(canonicalUsername('\ufdfa'.repeat(MEGABYTE))?.length).to.be.at.most(4096);
  });

  it('F19 cuts no character in half', () => {
    expect(canonicalUsername(`x${'😀'.repeat(4096)}`)?.isWellFormed()).to.equal(true);
  });

  it('F19 makes a well-formed name or none of any text, and folds it no further a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const name = canonicalUsername(text);
        expect(name === undefined || (name !== '' && name.isWellFormed())).to.equal(true);
        expect(canonicalUsername(name)).to.equal(name);
      }),
      { numRuns: 5_000 },
    );
  });

  it('F18 folds upper and lower case of any text to one subject', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        expect(canonicalUsername(text.toUpperCase())).to.equal(canonicalUsername(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('F19 takes no thing at all with an exception', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }), (thing) => {
        expect(typeof canonicalUsername(thing)).to.be.oneOf(['string', 'undefined']);
      }),
      { numRuns: 2_000 },
    );
  });
});
