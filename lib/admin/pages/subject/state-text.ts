/** The state of a subject in whole sentences. Pure, so that each wording has a spec. */
import { countOf, spanText } from '../../view/words.js';
import type { SubjectSnapshot } from './snapshot.js';

/** Returns one to three sentences, such as "Locked for 1 h 48 m more. 6 failures; at 10 it is locked for 1 d." */
export function stateText(snapshot: SubjectSnapshot): string {
  if (!snapshot.isCounted) return [lockText(snapshot), 'Attempts are not counted by it.'].join(' ');
  return [lockText(snapshot), failuresText(snapshot), hardStopText(snapshot)].filter(Boolean).join(' ');
}

function lockText({ lock, at }: SubjectSnapshot): string {
  if (lock === null) return 'Not locked.';
  const word = lock.cause === 'operator' ? 'Blocked by an operator' : 'Locked';
  return lock.until === null ? `${word} until reset.` : `${word} for ${spanText(lock.until - at)} more.`;
}

function failuresText({ failures, steps }: SubjectSnapshot): string {
  const next = steps.find((step) => step.failures > failures);
  const now = failures === 0 ? 'No failures' : countOf(failures, 'failure');
  if (next === undefined) return steps.length > 0 ? `${now}; every further failure locks it again.` : `${now}.`;
  const end = next.lockMs === null ? 'until reset' : `for ${spanText(next.lockMs)}`;
  return `${now}; at ${next.failures} it is locked ${end}.`;
}

function hardStopText({ hardStop, consecutiveFailures }: SubjectSnapshot): string {
  if (hardStop === null || consecutiveFailures * 2 < hardStop) return '';
  return `${countOf(consecutiveFailures, 'failure')} in a row; at ${hardStop} it is locked until reset.`;
}
