import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalUsername } from '../../lib/subject/username.js';
import { processorTime } from '../support/tools/processor-time.js';

const MEGABYTE = 1_048_576;

/** As OpenLDAP, and every store that takes runs of blanks for one. */
function blanksInside(): readonly string[] {
  return Array.from({ length: 20 }, (_, blanks) => `alice${' '.repeat(blanks + 1)}smith`);
}

describe('canonicalUsername', () => {
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
    { title: 'accents', spellings: ['jose', 'josé', 'José', 'jøsé', 'jose\u0301\u0323'] },
  ];
  for (const { title, spellings } of SPELLINGS) {
    it(`F18 folds ${title} to one subject`, () => {
      expect(new Set(spellings.map((name) => canonicalUsername(name))).size).to.equal(1);
    });
  }

  const KEPT_APART = [
    ['bob', 'bobb'],
    ['bob', 'b ob'],
    ['a.b@example.com', 'ab@example.com'],
    ['bob', '$bob'],
  ];
  for (const [one, other] of KEPT_APART) {
    it(`F18 distinguishes "${one}" and "${other}", which are different accounts`, () => {
      expect(canonicalUsername(one)).to.not.equal(canonicalUsername(other));
    });
  }

  const PLAIN = ['bob', 'alice@example.com', 'x-1_2.3+tag', '42'];
  for (const name of PLAIN) {
    it(`leaves ${name} unchanged`, () => {
      expect(canonicalUsername(name)).to.equal(name);
    });
  }

  const NO_NAMES = [
    { title: 'undefined', input: undefined },
    { title: 'null', input: null },
    { title: 'an empty string', input: '' },
    { title: 'an array', input: ['bob'] },
    { title: 'an object', input: { username: 'bob' } },
    { title: 'an operator of MongoDB', input: { $ne: null } },
    { title: 'an object with a toString of its own', input: { toString: () => 'bob' } },
    { title: 'an object without a prototype', input: Object.create(null) },
    { title: 'a function', input: () => 'bob' },
    { title: 'a symbol', input: Symbol('bob') },
  ];
  for (const { title, input } of NO_NAMES) {
    it(`F19 returns no username for ${title}`, () => {
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
    it(`F19 returns "${name}" for ${title}`, () => {
      expect(canonicalUsername(input)).to.equal(name);
    });
  }

  const HUGE = [
    { title: 'letters', input: 'a'.repeat(MEGABYTE) },
    { title: 'capitals', input: 'A'.repeat(MEGABYTE) },
    { title: 'full-width letters', input: 'ａ'.repeat(MEGABYTE) },
  ];
  for (const { title, input } of HUGE) {
    it(`F19 rejects 1 MB of ${title} as the name of no account`, () => {
      expect(canonicalUsername(input)).to.equal('<MALFORMED>');
    });
  }

  it('F19 finds a name behind 1 MB of blanks and invisible characters', () => {
    expect(canonicalUsername(`${' \u200b'.repeat(MEGABYTE / 2)}Bob`)).to.equal('bob');
  });

  it('F19 is bounded for characters that expand to many', () => {
    expect(canonicalUsername('\ufdfa'.repeat(MEGABYTE))).to.equal('<MALFORMED>');
    expect(canonicalUsername('\ufdfa'.repeat(227))).to.have.length(4086);
    expect(canonicalUsername('\ufdfa'.repeat(228))).to.equal('<MALFORMED>');
  });

  it('F19 counts the characters of the folded name, not those that were sent', () => {
    expect(canonicalUsername('\u200bA\u0301'.repeat(4096))).to.equal('a'.repeat(4096));
    expect(canonicalUsername('\u1112\u1161\u11ab'.repeat(4096))).to.equal('한'.repeat(4096));
    expect(canonicalUsername('a'.repeat(4097))).to.equal('<MALFORMED>');
  });

  it('F19 returns a well-formed name or none for any string, and does not fold it further a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const name = canonicalUsername(text);
        expect(name === undefined || (name !== '' && name.isWellFormed())).to.equal(true);
        if (name !== '<BLANK>') expect(canonicalUsername(name)).to.equal(name);
      }),
      { numRuns: 5_000 },
    );
  });

  it('F18 folds upper and lower case of any string to one subject', () => {
    // The iota below a Greek letter is an accent, and in capitals a letter.
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((given) => !given.normalize('NFD').includes('\u0345'));
    fc.assert(
      fc.property(text, (given) => {
        expect(canonicalUsername(given.toUpperCase())).to.equal(canonicalUsername(given));
      }),
      { numRuns: 5_000 },
    );
  });

  const SAME_ACCOUNT = [
    { id: 'X1', title: 'a control character', spellings: ['alice', 'al\u0001ice', 'al\u009fice'] },
    {
      id: 'X1',
      title: 'an Arabic number sign, or a mark of annotation',
      spellings: ['alice', 'al\u0600ice', '\ufff9alice'],
    },
    { id: 'X1', title: 'a line that lengthens Arabic letters', spellings: ['محمد', 'محـمد', 'مـحـمـد'] },
    { id: 'X1', title: 'Hebrew and Arabic points', spellings: ['שלום', 'שָׁלוֹם', 'ש\u05b8לום'] },
    { id: 'X2', title: 'a letter in a square', spellings: ['alice', '🅰lice', '🄰lice'] },
    { id: 'X2', title: 'a digit of any script', spellings: ['user10', 'user١٠', 'user१०', 'user⓾'] },
    { id: 'X2', title: 'a small letter above', spellings: ['alice', '\u0363lice'] },
    { id: 'X2', title: 'two letters in one', spellings: ['laetitia', 'lætitia', 'LÆTITIA'] },
    {
      id: 'X3',
      title: 'the Turkish capital I and small i',
      spellings: ['istanbul', 'İstanbul', 'i\u0307stanbul', 'ıstanbul'],
    },
    { id: 'X3', title: 'a dot over i in lower case', spellings: ['ibis', 'İBİS', 'İBİS'.toLowerCase()] },
    { id: 'X5', title: '1 to 20 blanks inside', spellings: blanksInside() },
    {
      id: 'X5',
      title: 'blanks of other kinds',
      spellings: ['alice smith', 'alice\u3000\u2003smith', 'alice\t\r\n\u0085smith'],
    },
    { id: 'X5', title: 'blanks around what is invisible', spellings: ['alice smith', 'alice \u200b \u0301 smith'] },
  ];
  for (const { id, title, spellings } of SAME_ACCOUNT) {
    it(`${id} folds ${title} to one subject`, () => {
      expect([...new Set(spellings.map((name) => canonicalUsername(name)))]).to.have.length(1);
    });
  }

  const WITH_ACCENTS = [
    { name: 'JOSÉ', canonical: 'josé' },
    { name: 'Jose\u0301 \u0001 Ｇarcía', canonical: 'josé garcía' },
    { name: 'Øystein', canonical: 'øystein' },
    { name: 'İBİS', canonical: 'ibis' },
    { name: 'i\u0323\u0307', canonical: 'ị' },
    { name: 'Straße', canonical: 'strasse' },
    { name: '١٠', canonical: '10' },
  ];
  for (const { name, canonical } of WITH_ACCENTS) {
    it(`X4 makes "${canonical}" from "${name}" if accents count, and loses nothing else`, () => {
      expect(canonicalUsername(name, { accents: 'keep' })).to.equal(canonical);
    });
  }

  it("X4 can be composed with an application's lookup, which receives the folded name", () => {
    const aliases = new Map([['al@example.com', 'alice']]);
    const fold = (name: unknown) => {
      const canonical = canonicalUsername(name);
      return canonical && (aliases.get(canonical) ?? canonical);
    };
    const spellings = ['alice', 'ＡＬ@example.com', 'al\u0001@example.com', 'Álice ', '🅰lice'];
    expect(new Set(spellings.map(fold))).to.deep.equal(new Set(['alice']));
  });

  const BLANK = ['\u3164', ' \t\n ', '\u200b\u200d\0\ufeff', '\u0301', '\u0001', '´', '\u3164'.repeat(MEGABYTE)];
  for (const name of BLANK) {
    it(`X6 maps ${JSON.stringify(name.slice(0, 4))} to the single name for what folds to nothing`, () => {
      expect(canonicalUsername(name)).to.equal('<BLANK>');
      expect(canonicalUsername(`${name} `)).to.equal('<BLANK>');
    });
  }

  it('X6 does not give that name to a client that spells it out', () => {
    expect(['<BLANK>', '<MALFORMED>'].map((name) => canonicalUsername(name))).to.deep.equal(['<blank>', '<malformed>']);
  });

  const SLOW = {
    'accents out of order': '\u0301\u0323\u0338\u0327',
    'vowel signs out of order': '\u0f72\u0f71\u094d\u0f74',
    'marks of half width and lines through letters': '\uff9e\u0338',
    'letters with thirty accents': `a${'\u0301\u0323\u0338'.repeat(10)}`,
    'blanks and invisible characters': ' \u200b',
    'dots over i': 'i\u0307',
    'dots after l': 'l·',
    'Thai vowels': 'เ',
    'what unfolds to eighteen': '\ufdfa',
  };
  for (const [title, unit] of Object.entries(SLOW)) {
    for (const accents of ['ignore', 'keep'] as const) {
      it(`takes time linear in the length of its input: ${title}, accents: ${accents}`, () => {
        const timeOf = (chars: number) => {
          const name = unit.repeat(Math.ceil(chars / unit.length));
          return processorTime(() => canonicalUsername(name, { accents }));
        };
        timeOf(MEGABYTE / 16);
        const [short, long] = [timeOf(MEGABYTE / 16), timeOf(MEGABYTE)];
        // Sixteen times as long; if it were quadratic, 256 times, and minutes.
        expect(long).to.be.below(Math.max(short, 20) * 100);
      });
    }
  }

  it('F19 throws for no value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }), (thing) => {
        expect(typeof canonicalUsername(thing)).to.be.oneOf(['string', 'undefined']);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const accents of ['ignore', 'keep'] as const) {
    it(`X2 folds the Yiddish digraphs to two letters as collations do, accents: ${accents}`, () => {
      expect(canonicalUsername('\u05d7\u05f2\u05dd', { accents })).to.equal(
        canonicalUsername('\u05d7\u05d9\u05d9\u05dd', { accents }),
      );
    });
  }

  it('X2 folds canonically equivalent spellings of marks that become letters to one subject', () => {
    const marks = 'x\u1df2\u1abf';
    expect(canonicalUsername(marks)).to.equal(canonicalUsername(marks.normalize('NFC')));
    expect(canonicalUsername(marks)).to.equal(canonicalUsername(marks.normalize('NFD')));
  });
});
