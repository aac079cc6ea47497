/** What servers take for one text, as files beside this one: how they are made, written and read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Compiled specs run from `.build`; the files stay where they are kept. */
const FOLDER = resolve('spec', 'subject', 'facts');
const ASSIGNED = /^[^\p{Unassigned}\p{Surrogate}\p{Private_Use}]$/u;
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
/** Ten thousand that are made of three letters each, all in the same way. */
const HANGUL_SYLLABLE = /^[\uac00-\ud7a3]$/;
/** What characters are written out with, by the weights that a server has for them. */
export const WRITTEN_OUT = 'mariadb-written-out';

/** Texts that a server takes for one and the same, and so an attacker may write one for the other. */
export type EqualTexts = readonly string[];

/** Every code point that this Node's Unicode version assigns, but NUL, which no server stores. */
export function assignedCharacters(): readonly string[] {
  const characters: string[] = [];
  for (let codePoint = 1; codePoint <= 0x10ffff; codePoint += 1) {
    const character = String.fromCodePoint(codePoint);
    if (ASSIGNED.test(character)) characters.push(character);
  }
  return characters;
}

/**
 * What is compared with one another: nothing at all, each character, and what one may stand for: two and three plain letters,
 * what Unicode decomposes it to, and what a server writes it out with. From collect-mariadb.ts, which is to run first.
 */
export function comparedTexts(): readonly string[] {
  const characters = assignedCharacters();
  const pairs = ALPHABET.flatMap((first) => ALPHABET.map((second) => first + second));
  const triples = pairs.flatMap((pair) => ALPHABET.map((third) => pair + third));
  const decomposed = characters
    .filter((text) => !HANGUL_SYLLABLE.test(text))
    .flatMap((text) => (['NFD', 'NFKD', 'NFKC'] as const).map((form) => text.normalize(form)));
  const small = decomposed.map((text) => text.toLowerCase().toUpperCase().toLowerCase());
  return [
    ...new Set(['', ...characters, ...pairs, ...triples, ...decomposed, ...small, ...readFacts(WRITTEN_OUT).flat()]),
  ];
}

/** Not at the ends, where servers trim. */
export function inContext(text: string): string {
  return `a${text}b`;
}

export function writeFacts(name: string, about: string, classes: readonly EqualTexts[]): void {
  const lines = classes.filter(({ length }) => length > 1).map(toLine);
  const unicode = `Texts of Unicode ${process.versions['unicode']}, compared between a and b. - is no text at all.`;
  writeFileSync(resolve(FOLDER, `${name}.txt`), `# ${about}\n# ${unicode}\n${lines.join('\n')}\n`);
  console.log(`${name}: ${lines.length} classes`);
}

export function readFacts(name: string): readonly EqualTexts[] {
  const lines = readFileSync(resolve(FOLDER, `${name}.txt`), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(' ').flatMap(toTexts));
}

function toLine(texts: EqualTexts): string {
  const words: string[] = [];
  let [from, to] = [-1, -1];
  const flush = () => {
    if (from >= 0) words.push(from === to ? hex(from) : `${hex(from)}..${hex(to)}`);
    from = -1;
  };
  for (const text of texts) {
    const [codePoint = -1, ...rest] = [...text].map((character) => character.codePointAt(0) as number);
    const isNext = from >= 0 && rest.length === 0 && codePoint === to + 1;
    if (isNext) {
      to = codePoint;
      continue;
    }
    flush();
    if (text === '') words.push('-');
    else if (rest.length > 0) words.push([codePoint, ...rest].map(hex).join('+'));
    else [from, to] = [codePoint, codePoint];
  }
  flush();
  return words.join(' ');
}

function hex(codePoint: number): string {
  return codePoint.toString(16).toUpperCase();
}

function toTexts(word: string): readonly string[] {
  if (word === '-') return [''];
  const [from, to] = word.split('..').map((part) => Number.parseInt(part, 16));
  if (to === undefined) return [word.split('+').reduce((text, part) => text + fromHex(part), '')];
  return Array.from({ length: to - (from as number) + 1 }, (_, index) =>
    String.fromCodePoint((from as number) + index),
  );
}

function fromHex(part: string): string {
  return String.fromCodePoint(Number.parseInt(part, 16));
}
