/** The source of an attempt, as one of its subjects remembers it. */
import type { Source } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import type { Candidate } from './slots.js';

/**
 * Returns the source of an attempt. The place is the address if the subject contains a username, even if addresses are not
 * counted; else it is the username. All attempts without an address share one place.
 *
 * @param candidate - with its own keys, so that its record still recognises its sources after the secret has changed
 * @returns undefined if the username is unknown: such a success takes nothing back
 */
export function sourceOf(attempt: Attempt, { subject, keys }: Pick<Candidate, 'subject' | 'keys'>): Source | undefined {
  const { spelling, username } = attempt;
  // An empty spelling means an unknown source.
  if (!spelling || username === undefined) return undefined;
  const place = subject.parts['username'] === undefined ? username : (attempt.ip ?? '');
  return keys.toSource(subject, place, spelling);
}
