/** Characters that user stores ignore or treat as others, unpacked when the first name needs them. */
import { EQUAL, EQUAL_WITHOUT_ACCENTS } from './equal-characters.js';

/** The table for one strength of comparison: with accents, or without. */
export interface CharacterTable {
  /** Matches the ignored characters. */
  readonly ignored: RegExp;
  /** Maps a character to its replacement, if it has one. */
  readonly equal: ReadonlyMap<string, string>;
}

type Entry = readonly [codePoint: number, standsFor: string];

const BASE = 36;

/**
 * Reads `standsFor:characters ...`. `standsFor` is a list of code points joined by dots, empty for ignored characters. Each
 * character is its distance from the previous one, with `*n` for n consecutive characters, and `+n` for n consecutive characters
 * that map to n consecutive ones. All in base 36.
 */
export function unpack(packed: string): readonly Entry[] {
  return packed.split(' ').flatMap((group) => {
    const [standsFor = '', characters = ''] = group.split(':');
    const codePoints = standsFor === '' ? [] : standsFor.split('.').map(toNumber);
    let at = 0;
    return characters.split(',').flatMap((item) => {
      const [distance = '', count = '1'] = item.split(/[*+]/);
      at += toNumber(distance);
      const step = item.includes('+') ? 1 : 0;
      return Array.from({ length: toNumber(count) }, (_, index): Entry => {
        return [at + index, String.fromCodePoint(...codePoints.map((codePoint) => codePoint + index * step))];
      });
    });
  });
}

function toNumber(digits: string): number {
  return Number.parseInt(digits, BASE);
}

/** @param entries - a later entry also applies to the replacement of an earlier one */
function toTable(entries: readonly Entry[]): CharacterTable {
  const equal = new Map(entries.map(([codePoint, standsFor]) => [String.fromCodePoint(codePoint), standsFor]));
  for (const [character, standsFor] of equal) equal.set(character, replaceCharacters(standsFor, equal));
  const ignored = [...equal].filter(([, standsFor]) => standsFor === '').map(([text]) => text.codePointAt(0) as number);
  return { ignored: new RegExp(`[\\p{Default_Ignorable_Code_Point}${toRanges(ignored)}]+`, 'gu'), equal };
}

/** Returns ranges for a class of a regular expression, which compiles far slower from single characters. */
function toRanges(codePoints: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const codePoint of [...codePoints].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && codePoint === last[1] + 1) last[1] = codePoint;
    else ranges.push([codePoint, codePoint]);
  }
  return ranges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join('');
}

export function replaceCharacters(text: string, equal: CharacterTable['equal']): string {
  let replaced = '';
  for (const character of text) replaced += equal.get(character) ?? character;
  return replaced;
}

let withAccents: CharacterTable | undefined;
let withoutAccents: CharacterTable | undefined;

export function characterTable(accents: 'ignore' | 'keep'): CharacterTable {
  if (accents === 'keep') {
    withAccents ??= toTable(unpack(EQUAL));
    return withAccents;
  }
  withoutAccents ??= toTable([...unpack(EQUAL), ...unpack(EQUAL_WITHOUT_ACCENTS)]);
  return withoutAccents;
}
