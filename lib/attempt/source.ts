/** The source of an attempt, as one of its subjects remembers it. */
import type { Source } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import type { Candidate } from './slots.js';

/**
 * The place is the address where the subject is made of a username, also where addresses are not counted; else it is the name.
 * An attempt without an address has a place, too: that of all such attempts.
 *
 * @param candidate - with the keys of its own, so that its record knows its sources again after the secret has changed
 * @returns undefined if the name is not known: such a success takes nothing back
 */
export function sourceOf(attempt: Attempt, { subject, keys }: Pick<Candidate, 'subject' | 'keys'>): Source | undefined {
  const { spelling, username } = attempt;
  // An empty spelling stands for an unknown source.
  if (!spelling || username === undefined) return undefined;
  const place = subject.parts['username'] === undefined ? username : (attempt.ip ?? '');
  return keys.toSource(subject, place, spelling);
}
