/** All code points that Unicode assigns, against the collation of Node, its cases and forms, and the facts of servers. */
import { expect } from 'chai';
import fc from 'fast-check';
import { UNICODE_VERSION } from '../../lib/subject/equal-characters.js';
import { type CanonicalUsernameOptions, canonicalUsername } from '../../lib/subject/username.js';
import { MORE_THAN_EIGHT, MORE_THAN_ONE, withoutExceptions } from './facts/exceptions.js';
import { assignedCharacters, type EqualTexts, inContext, readFacts } from './facts/facts.js';
import { ACCENTS_COUNT, ACCENTS_DO_NOT_COUNT } from './facts/servers.js';

const RUNS = { numRuns: Number(process.env['FC_RUNS'] ?? 10_000) };
const CHARACTERS = assignedCharacters();

type Fold = (name: string) => string | undefined;
const fold: Fold = (name) => canonicalUsername(name);
const foldWithAccents: Fold = (name) => canonicalUsername(name, { accents: 'keep' });
const base = new Intl.Collator('en', { sensitivity: 'base' });
const accent = new Intl.Collator('en', { sensitivity: 'accent' });

/** Those of a class that have another key than its first. */
function strangers(texts: EqualTexts, key: Fold): EqualTexts {
  const [first = '', ...others] = texts.map((text) => key(inContext(text)));
  return others.every((other) => other === first) ? [] : texts;
}

function classesOf({ compare }: Intl.Collator, texts: readonly string[]): readonly EqualTexts[] {
  const classes: string[][] = [];
  for (const text of [...texts].sort(compare)) {
    const last = classes.at(-1);
    if (last?.[0] !== undefined && compare(last[0], text) === 0) last.push(text);
    else classes.push([text]);
  }
  return classes;
}

function show(texts: EqualTexts): string {
  return texts.map((text) => [...text].map((char) => char.codePointAt(0)?.toString(16)).join('+')).join(' ');
}

describe('The table of equal characters', function describeCharacters() {
  this.timeout(120_000);

  it('states the version of Unicode of this Node, without which the shipped table would not be the tested one', () => {
    expect(UNICODE_VERSION).to.equal(process.versions['unicode']);
  });

  const COLLATIONS = [
    { collator: base, ignored: 1_640, key: fold, title: 'base, without accents' },
    { collator: accent, ignored: 962, key: foldWithAccents, title: 'accent, with accents' },
    { collator: accent, ignored: 962, key: fold, title: 'accent, without accents' },
  ];
  /** Characters written with several letters, by the tables of the Unicode Collation Algorithm 9.0 to 17.0. */
  const WRITTEN_OUT = {
    ...{ '🆒': 'cool', '🆓': 'free', '🆕': 'new', '🆘': 'sos', '🆙': 'up!', '🆬': 'vod', '🆫': 'uhd', '🆪': 'shv' },
    ...{ '🆧': 'hdr', '🆤': '120p', '🆩': 'lossless', '🆜': '2nd scr', '🆨': 'hi res', '🆢': '22.2', 〼: 'ます' },
    ...{ ʣ: 'dz', ʤ: 'dʒ', ʥ: 'dʑ', ʦ: 'ts', ʧ: 'tʃ', ʩ: 'fŋ', ʪ: 'ls', ʫ: 'lz' },
  };
  for (const { collator, ignored, key, title } of COLLATIONS) {
    it(`X2 has one key for a character and for the letters it is written with, at ${title}`, () => {
      for (const pair of Object.entries(WRITTEN_OUT)) {
        expect(collator.compare(...pair), show(pair)).to.equal(0);
        expect(strangers(pair, key), show(pair)).to.deep.equal([]);
      }
    });

    it(`X1 omits each of the ${ignored} code points that a collation ignores, at ${title}`, () => {
      const [nothing = []] = classesOf(collator, ['', ...CHARACTERS]);
      expect(nothing).to.have.length(ignored);
      expect(nothing.filter((text) => key(`al${text}ice`) !== 'alice')).to.deep.equal([]);
    });

    it(`X2 has one key for all code points that a collation considers equal, at ${title}`, () => {
      const classes = classesOf(collator, ['', ...CHARACTERS]);
      expect(classes.filter((texts) => strangers(texts, key).length > 0)).to.deep.equal([]);
    });
  }

  for (const server of [...ACCENTS_COUNT, ...ACCENTS_DO_NOT_COUNT]) {
    const folds = (ACCENTS_COUNT as readonly string[]).includes(server) ? [fold, foldWithAccents] : [fold];

    it(`X2 has one key for everything that ${server} considers equal`, () => {
      const classes = readFacts(server).map((texts) => withoutExceptions(server, texts));
      expect(classes.length).to.be.greaterThan(900);
      expect(classes.flat().filter((text) => [...text].length > 2).length, 'of three letters and more').to.be.above(70);
      for (const key of folds) {
        expect(classes.filter((texts) => strangers(texts, key).length > 0)).to.deep.equal([]);
      }
    });
  }

  const inEightLetters: Fold = (name) => fold(name.replaceAll(MORE_THAN_EIGHT, 'صلى الله'));
  const RECIPES: Readonly<Record<string, Fold>> = {
    'openldap-case-ignore-match': (name) => fold(name.normalize('NFKD')),
    'mariadb-utf8mb4_unicode_520_ci': inEightLetters,
    'mariadb-uca1400_ai_ci': inEightLetters,
    'mariadb-utf8mb4_unicode_ci': (name) => fold(name.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
    'mariadb-utf8mb4_general_ci': (name) =>
      fold(
        name
          .replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')
          .replace(/[ßẞ]/g, 's')
          .replaceAll('\u0345', 'ι'),
      ),
  };
  for (const [server, recipe] of Object.entries(RECIPES)) {
    it(`X4 has one key for everything that ${server} considers equal with the recommended options`, () => {
      expect(readFacts(server).some((texts) => strangers(texts, fold).length > 0)).to.equal(true);
      expect(readFacts(server).filter((texts) => strangers(texts, recipe).length > 0)).to.deep.equal([]);
    });
  }

  for (const accents of ['ignore', 'keep'] satisfies CanonicalUsernameOptions['accents'][]) {
    const key: Fold = (name) => canonicalUsername(name, { accents });

    it(`does not fold a folded name again, whatever it consists of, accents: ${accents}`, () => {
      const names = CHARACTERS.map((text) => key(inContext(text)));
      expect(names.filter((name) => key(name as string) !== name)).to.deep.equal([]);
    });
  }

  it('omits NUL, at which databases cut names', () => {
    expect([fold('al\0ice'), foldWithAccents('\0alice')]).to.deep.equal(['alice', 'alice']);
  });

  const ALPHABETS = {
    'Thai vowels before their consonant': 'กขเแา\u0e48\u034f',
    'Lao vowels before their consonant': 'ກຂເແາ\u0ec8\u034f',
    'Tai Viet and New Tai Lue': 'ꪀꪁꪵꪹᦀᦁᦵᦺ\u034f',
    'Hangul, whole and in parts': '가각ᄀ깍ㄱｱ',
    'a dot after l': 'lLŀĿ·s\u0387\u200d',
    'letters with accents that are letters': 'ийЙеё\u0306\u0308\u034f',
    'Arabic and Hebrew points': 'اأآ\u0653\u0654שׁ\u05c1\u0640\ufe70',
    'Indian vowels in two parts': 'কো\u09c7\u09be\u09d7ஔ\u0bd7ಕ\u0cc6\u0cc2',
    'Tibetan marks': 'ཀ\u0f71\u0f72\u0f73\u0f80\u0fb2\u034f',
    'Greek letters': 'αάΑσςΣι\u0301\u0313\u0345',
    'Kana and its marks': 'かがカｶﾞ\u3099ーﾊﾟ',
    'letters for letters': 'aæǽeǳdzʣﬁfi①1½2⁄',
    'Arabic hamza beside long vowels': 'ءٴاٵوٶۇٷيٸﯝأآﺍ\u0651',
  };
  for (const [title, alphabet] of Object.entries(ALPHABETS)) {
    it(`X2 has one key for strings that a collation considers equal: ${title}`, () => {
      const name = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 5 });
      const names = fc.sample(name, { numRuns: 3_000, seed: 8 }).map(inContext);
      const apart = [
        ...classesOf(base, names).filter((texts) => new Set(texts.map(fold)).size > 1),
        ...classesOf(accent, names).filter((texts) => new Set(texts.map(foldWithAccents)).size > 1),
      ];
      expect(apart.map(show)).to.deep.equal([]);
    });
  }
});

/** What the fold considers equal although no collation does; docs/security.md describes it. */
function withoutWhatWeAdd(name: string): string {
  const known = [...name].map((character) => ADDED.get(character) ?? character).join('');
  const visible = [...known].filter((character) => base.compare(character, '') !== 0).join('');
  const letters = [
    ...visible
      .normalize('NFKC')
      .replace(/\p{White_Space}+/gu, ' ')
      .normalize('NFD'),
  ];
  return letters
    .map((character) => ADDED.get(character) ?? character)
    .filter((character) => base.compare(character, '') !== 0)
    .join('')
    .replace(/ +/g, ' ')
    .trim();
}

/** Equal to servers with an older Unicode; to those whose language is Turkish; fillers of Hangul, which are invisible. */
const ADDED = new Map([
  ['\u06de', ''],
  ['\u108d', ''],
  ...[...'\u115f\u1160\u3164\uffa0'].map((filler) => [filler, ''] as const),
  ['\u037a', 'ι'],
  ['ı', 'i'],
  ['ᴈ', 'ɜ'],
  ...Array.from({ length: 4 }, (_, index) => [String.fromCodePoint(0x9f4 + index), String(index + 1)] as const),
  ...[0x10a0, 0x2d00].flatMap((older) =>
    Array.from(
      { length: 38 },
      (_, index) => [String.fromCodePoint(older + index), String.fromCodePoint(0x10d0 + index)] as const,
    ),
  ),
]);

describe('Names that no collation considers equal', function describePairs() {
  this.timeout(120_000);
  let shared: readonly EqualTexts[];

  before(() => {
    const byKey = new Map<string | undefined, string[]>();
    for (const text of CHARACTERS) {
      const key = fold(inContext(text));
      byKey.set(key, [...(byKey.get(key) ?? []), text]);
    }
    shared = [...byKey.values()].filter(({ length }) => length > 1);
  });

  it('have different keys if they are one character', () => {
    const met = shared.filter((texts) => classesOf(base, texts.map(withoutWhatWeAdd)).length > 1);
    expect(met.map(show)).to.deep.equal([]);
  });

  it('have different keys whatever they consist of', () => {
    const oneOf = <T>(items: readonly T[]) => fc.nat(items.length - 1).map((index) => items[index] as T);
    const equal = oneOf(shared).chain((texts) => fc.tuple(oneOf(texts), oneOf(texts)));
    const any = fc.tuple(oneOf(CHARACTERS), oneOf(CHARACTERS));
    const pairs = fc.array(fc.oneof({ weight: 9, arbitrary: equal }, any), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, (parts) => {
        const [one, other] = [parts.map(([text]) => text).join('-'), parts.map(([, text]) => text).join('-')];
        const isEqual = base.compare(withoutWhatWeAdd(one), withoutWhatWeAdd(other)) === 0;
        expect(fold(one) === fold(other)).to.equal(isEqual, show([one, other]));
      }),
      RUNS,
    );
  });

  it('stay different for the exceptions of a single server', () => {
    expect(MORE_THAN_ONE.map((text) => fold(inContext(text)))).to.deep.equal(['assb', 'assb', 'ab']);
  });
});
