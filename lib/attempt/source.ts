/** Where an attempt came from, as one of its subjects remembers it. */
import type { Source } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import type { KeyMaker, Subject } from '../subject/key.js';

/** A memory store keeps the texts themselves, unless they are long. */
const MAX_PLAIN_CHARS = 64;

/**
 * The place is the address where the subject is made of a username, also where addresses are not counted; else it is the name.
 * An attempt without an address has a place, too: that of all such attempts.
 *
 * @param keys - those that made the subject's key, so that its record knows its sources again after the secret has changed
 * @param isLocal - whether the record stays in this process
 * @returns undefined where the name is not known: such a success takes nothing back
 */
export function sourceOf(attempt: Attempt, subject: Subject, keys: KeyMaker, isLocal: boolean): Source | undefined {
  const { spelling, username } = attempt;
  // An empty spelling stands for an unknown source.
  if (!spelling || username === undefined) return undefined;
  const place = subject.parts['username'] === undefined ? username : (attempt.ip ?? '');
  if (isLocal) return { place: toShort(place, subject, keys), spelling: toShort(spelling, subject, keys) };
  return { place: keys.toTag(subject, place), spelling: keys.toTag(subject, spelling) };
}

/** A shortened text is longer than any that is kept whole, so nobody can be called like the tag of another. */
function toShort(text: string, subject: Subject, keys: KeyMaker): string {
  if (text.length <= MAX_PLAIN_CHARS) return text;
  return `${text.slice(0, MAX_PLAIN_CHARS)}${keys.toTag(subject, text)}`;
}
