/**
 * Writes lib/subject/equal-characters.ts: `npm run build:spec && node .build/spec/subject/facts/make-equal-characters.js`.
 *
 * What is equal is asked of this Node's Intl.Collator, the root collation of CLDR (ICU), and of the servers' facts.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withoutExceptions } from './exceptions.js';
import { assignedCharacters, type EqualTexts, readFacts } from './facts.js';
import { pack } from './pack.js';
import { ACCENTS_COUNT, ACCENTS_DO_NOT_COUNT } from './servers.js';

const CHARACTERS = assignedCharacters();
const DEFAULT_IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u;
const BLANK = /^\p{White_Space}$/u;
/** What may stand for others: a text rather than a symbol, and its own small letter. */
const LETTER = /^[\p{Letter}\p{Number}]$/u;
const MAX_ROUNDS = 10;
const MAX_EXPANSION = 20;
/** Sorts after everything: a noncharacter, by the rules of CLDR. */
const LAST = '\uffff';
/** Between a letter and a text that begins with it stand others that begin so, such as `ʣ` between `d` and `dʒ`. */
const MAX_OBSTACLES = 100;

type Compare = Intl.Collator['compare'];

/** The fold while it is made: what stands for each character. */
class Draft {
  readonly equal: Map<string, string>;
  readonly #ignoresAccents: boolean;

  constructor(before: ReadonlyMap<string, string>, ignoresAccents: boolean) {
    this.equal = new Map(before);
    this.#ignoresAccents = ignoresAccents;
  }

  fold(text: string): string {
    for (let last = '', now = text, round = 0; ; round += 1) {
      if (round > MAX_ROUNDS) throw new Error(`there is no end to ${JSON.stringify(text)}`);
      last = now;
      now = this.#replace(inSmallLetters(this.#replace(this.#replace(now).normalize('NFKD'))));
      if (now === last) return toOrder(now, this.#ignoresAccents);
    }
  }

  /** Makes texts one. Whether anything had to be done for it. */
  join(texts: EqualTexts): boolean {
    if (texts.length < 2) return false;
    const folded = new Map<string, string[]>();
    for (const text of texts) {
      const key = this.fold(text);
      const same = folded.get(key);
      if (same) same.push(text);
      else folded.set(key, [text]);
    }
    if (folded.size < 2) return false;
    // NFKC puts a blank before an accent that stands alone; collations see the accent only.
    const isLone = (key: string) => key.startsWith(' ') && !folded.get(key)?.some((text) => BLANK.test(text));
    const keys = [...folded.keys()];
    const standsFor = bestOf(keys.filter((key) => !isLone(key)));
    const replaced = keys.flatMap((key) => (isLone(key) ? (folded.get(key) as string[]) : key));
    const before = this.equal.size;
    for (const text of replaced) {
      if (lengthOf(text) === 1 && ![...standsFor].includes(text)) this.equal.set(text, standsFor);
    }
    return this.equal.size > before;
  }

  #replace(text: string): string {
    return [...text].map((character) => this.equal.get(character) ?? character).join('');
  }
}

/** As the fold does at its end, where it matters to what is compared here. */
function toOrder(text: string, ignoresAccents: boolean): string {
  const led = text.replace(/[ءاويۇ]{2,}/g, (run) => run.replace(/[^ء]/g, '') + run.replaceAll('ء', ''));
  return ignoresAccents ? led.replace(/(?<=l)·+/g, '') : led.replace(/(?<=i\p{Mark}*)\u0307/gu, '');
}

function inSmallLetters(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().normalize('NFKD');
}

function lengthOf(text: string): number {
  return [...text].length;
}

/** Nothing, else what is written out (`ae` for `æ`), else the first letter in Unicode. */
function bestOf(keys: readonly string[]): string {
  const writtenOut = keys.filter((key) => lengthOf(key) > 1);
  if (keys.includes('')) return '';
  if (writtenOut.length > 0) return writtenOut[0] as string;
  const isSmall = (key: string) => key.toUpperCase().toLowerCase() === key;
  const rank = (key: string) => Number(LETTER.test(key)) * 2 + Number(isSmall(key));
  return [...keys].sort((a, b) => rank(b) - rank(a) || codePointOf(a) - codePointOf(b))[0] as string;
}

function codePointOf(text: string): number {
  return text.codePointAt(0) as number;
}

/** What a collation takes for one, of single characters and nothing; in its order. */
function classesOf(compare: Compare): readonly EqualTexts[] {
  const classes: string[][] = [];
  for (const text of ['', ...CHARACTERS].sort(compare)) {
    const last = classes.at(-1);
    if (last?.[0] !== undefined && compare(last[0], text) === 0) last.push(text);
    else classes.push([text]);
  }
  return classes;
}

/**
 * Characters that a collation takes for several: `ʣ` for `dz`. Looked for with accents, where they are only found whose nearest
 * letter begins them; and thoroughly without: `ʤ` is `dʒ`, and `ʣ` stands between `d` and that.
 */
function expansionsOf(
  compare: Compare,
  classes: readonly EqualTexts[],
  withoutAccents: readonly EqualTexts[],
): readonly EqualTexts[] {
  const letters = classes.filter(([text]) => text !== '').map(bestOf);
  const near = letters.flatMap((letter) => {
    const expansion = expansionOf(letter, letters, compare, 1);
    return expansion === undefined ? [] : [[expansion, letter]];
  });
  const thorough = withoutAccents.map(([expansion = '', ...texts]) => [
    expansion,
    ...texts.filter((text) => compare(text, expansion) === 0),
  ]);
  return [...near, ...thorough];
}

/** Each expansion, and what has it. */
function thoroughExpansionsOf(compare: Compare): readonly EqualTexts[] {
  const classes = classesOf(compare).filter(([text]) => text !== '');
  const letters = classes.map(plainOf);
  const several = new Set(
    letters.filter((letter) => expansionOf(letter, letters, compare, MAX_OBSTACLES) !== undefined),
  );
  const single = letters.filter((letter) => !several.has(letter));
  return classes.flatMap((texts, index) => {
    const letter = letters[index] as string;
    const expansion = several.has(letter) ? expansionOf(letter, single, compare, MAX_OBSTACLES) : undefined;
    return expansion === undefined ? [] : [[expansion, ...texts]];
  });
}

/** Without an accent, if there is one. */
function plainOf(texts: EqualTexts): string {
  const plain = texts.filter((text) => lengthOf(text.normalize('NFKD')) === 1);
  return bestOf(plain.length > 0 ? plain : texts);
}

/** From the left: the nearest letter that goes no further than what is sought, and with more after it does. */
function expansionOf(
  sought: string,
  letters: readonly string[],
  compare: Compare,
  obstacles: number,
): string | undefined {
  let found = '';
  while (found.length < MAX_EXPANSION) {
    let [from, to] = [0, letters.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compare(found + letters[middle], sought) <= 0) from = middle + 1;
      else to = middle;
    }
    const next = letters
      .slice(Math.max(0, from - 1 - obstacles), from)
      .filter((letter) => letter !== sought)
      .slice(-obstacles)
      .findLast((letter) => compare(`${found}${letter}${LAST}`, sought) > 0);
    if (next === undefined) return undefined;
    found += next;
    if (compare(found, sought) === 0) return found;
  }
  return undefined;
}

/** @param withoutAccents - from `thoroughExpansionsOf` */
function makeFold(
  draft: Draft,
  { compare }: Intl.Collator,
  servers: readonly string[],
  withoutAccents: readonly EqualTexts[],
): Draft {
  // Databases cut names at NUL, or leave it out.
  draft.join(['', '\0', ...CHARACTERS.filter((text) => DEFAULT_IGNORABLE.test(text))]);
  const facts = servers.flatMap((server) => readFacts(server).map((texts) => withoutExceptions(server, texts)));
  const collated = classesOf(compare);
  const classes = [...collated, ...expansionsOf(compare, collated, withoutAccents), ...facts];
  while (classes.filter((texts) => draft.join(texts)).length > 0);
  // No character stands for them: what they are made of has to be brought into one order.
  const apart = classes.find((texts) => new Set(texts.map((text) => draft.fold(text))).size > 1);
  if (apart) throw new Error(`found no way to make ${JSON.stringify(apart)} one`);
  return draft;
}

/** Without what the runtime knows, or what the fold does to those that stand for others. */
function entriesOf(draft: Draft, before?: Draft): readonly (readonly [string, string])[] {
  const characters = [...draft.equal.keys()].filter((text) => !DEFAULT_IGNORABLE.test(text));
  const own = characters.filter((text) => (before?.fold(text) ?? text) === text);
  return own.map((text) => [text, draft.fold(text)] as const);
}

/** The file's text. */
export function makeSource(): string {
  const withoutAccents = thoroughExpansionsOf(collator('base').compare);
  const accents = makeFold(new Draft(new Map(), false), collator('accent'), ACCENTS_COUNT, withoutAccents);
  // To case mapping it is a letter, ι; to collations an accent.
  const iotaBelow = ['\u0345', ''] as const;
  const base = makeFold(
    new Draft(new Map([...accents.equal, iotaBelow]), true),
    collator('base'),
    ACCENTS_DO_NOT_COUNT,
    withoutAccents,
  );
  const besides = entriesOf(base, accents).filter(([text]) => text !== iotaBelow[0]);
  return `/**
 * Characters that collations ignore or treat as others, in the format that \`character-table.ts\` reads. Generated by
 * spec/subject/facts/make-equal-characters.ts from the root collation of CLDR ${process.versions['cldr']} and from facts of servers.
 */
export const UNICODE_VERSION = '${process.versions['unicode']}';

/** For comparisons with accents. */
export const EQUAL =
  '${pack(entriesOf(accents))}';

/** In addition, for comparisons without accents. */
export const EQUAL_WITHOUT_ACCENTS =
  '${pack([...besides, iotaBelow])}';
`;
}

function collator(sensitivity: 'accent' | 'base'): Intl.Collator {
  return new Intl.Collator('en', { sensitivity });
}

if (import.meta.filename === process.argv[1]) {
  writeFileSync(resolve('lib', 'subject', 'equal-characters.ts'), makeSource());
}
