/** The digest under which a subject remembers a wrong guess. */
import { createHmac, type KeyObject } from 'node:crypto';
import { DEVICE } from '../subject/own-dimensions.js';
import { Apart, type Guess } from './guess-memory.js';
import type { Hold } from './slots.js';
import type { Ticket } from './ticket.js';

/**
 * 20 bits: one guess in 349,525 is a false repeat, and someone who steals the database and the secret finds 950 of a billion
 * passwords for each digest, not the password.
 */
const HEX_CHARS = 5;

/** Whether the subject of a hold remembers guesses; the other subjects of the attempt follow its result. */
export function remembersGuesses({ subject, policy }: Hold): boolean {
  return (subject.dimension === 'username' && !policy.rowOnly) || subject.dimension === DEVICE.name;
}

/**
 * Returns a function that computes the digest for each subject of an attempt; undefined if the guess is not visible. Second
 * factors have none: codes are short, and the rule would reveal which were tried.
 */
export function digesterOf(key: KeyObject, { attempt, memory }: Ticket): ((hold: Hold) => string) | undefined {
  if (attempt.factor) return undefined;
  const values = visibleValues(memory.guess, attempt.spelling);
  if (!values) return undefined;
  // JSON tells lists of strings apart, and escapes the halves of surrogate pairs, which would all be one character in UTF-8.
  // Includes the spelling: several accounts may fold to one name, and a wrong guess for one of them is a new guess for another.
  const content = JSON.stringify([attempt.spelling ?? null, ...values]);
  return ({ subject }) =>
    createHmac('sha256', key).update(`${subject.key}\n${content}`).digest('hex').slice(0, HEX_CHARS);
}

/** Returns the strings the client sent besides the username; undefined if there are none, or if an object may hold them. */
function visibleValues(guess: Guess, spelling: string | undefined): readonly string[] | undefined {
  const values = guess.filter((value) => value !== spelling && !(value instanceof Apart));
  return values.length > 0 && values.every((value) => typeof value === 'string') ? (values as string[]) : undefined;
}
