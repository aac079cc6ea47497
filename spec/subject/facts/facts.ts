/** What servers take for one text, as files beside this one: how they are made, written and read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Compiled specs run from `.build`; the files stay where they are kept. */
const FOLDER = resolve('spec', 'subject', 'facts');
const ASSIGNED = /^[^\p{Unassigned}\p{Surrogate}\p{Private_Use}]$/u;
const PAIR_CHARACTERS = [...'abcdefghijklmnopqrstuvwxyz0123456789'];

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

/** What is compared with one another: nothing at all, each character, and what a letter such as æ may stand for. */
export function comparedTexts(): readonly string[] {
  const pairs = PAIR_CHARACTERS.flatMap((first) => PAIR_CHARACTERS.map((second) => first + second));
  return ['', ...assignedCharacters(), ...pairs];
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
