/** Verdicts: nobody is told one that was not counted before, on every subject that it counts on. */
import { DEVICE, DEVICES } from '../../../lib/subject/own-dimensions.js';
import type { Circumstances } from './circumstances.js';
import { type Attempted, dimensionOf, type History } from './history.js';
import type { Lock } from './locks.js';
import type { Violation } from './violation.js';

const OF_STRANGERS = ['ip', 'username'];
const OF_DEVICES = [DEVICE.name, DEVICES.name].toSorted();

export function wrongVerdicts({ attempts }: History): readonly Violation[] {
  const violations: Violation[] = [];
  for (const attempt of attempts.values()) {
    const { begin, settled, settledTimes, answer, wasKilled } = attempt;
    const add = (rule: 'answer' | 'uncounted' | 'twice', message: string) =>
      violations.push({ rule, of: begin.id, message });
    if (!answer && !wasKilled) add('answer', 'nobody was ever answered');
    if (settledTimes > 1) add('twice', `${settledTimes} events say that it ended`);
    const verdict = begin.right ? 'success' : 'failure';
    if (settled && settled.verdict !== verdict) add('answer', `a ${verdict} was settled as a ${settled.verdict}`);
    if (answer?.outcome !== 'failed' && answer?.outcome !== 'succeeded') continue;
    if (!settled || settled.at > answer.at)
      add('uncounted', `it was answered as ${answer.outcome} before it was counted`);
    else if (!isWhole(attempt)) {
      const dimensions = settled.subjects.map(({ dimension }) => dimension).join(', ') || 'nothing';
      add('uncounted', `it was answered as ${answer.outcome}, and counted on ${dimensions} only`);
    }
  }
  return violations;
}

/** A device that is locked, or whose token cannot be trusted, counts as a stranger's. */
function isWhole({ begin, settled }: Attempted): boolean {
  const counted = (settled?.subjects ?? []).map(({ dimension }) => dimension).toSorted();
  const isOf = (dimensions: readonly string[]) => counted.join() === dimensions.join();
  return isOf(OF_STRANGERS) || (begin.cookie && isOf(OF_DEVICES));
}

/** Known devices that were kept out by what strangers did: a lock of a name or an address is not for them. */
export function shutOut(
  history: History,
  locks: ReadonlyMap<string, readonly Lock[]>,
  circumstances: Circumstances,
): readonly Violation[] {
  const all = [...locks.values()].flat();
  const ofDevices = all.filter(({ dimension }) => OF_DEVICES.includes(dimension));
  const violations: Violation[] = [];
  for (const { begin, refused, settled } of history.attempts.values()) {
    if (!begin.cookie) continue;
    const isAsStranger = settled?.subjects.some(({ dimension }) => OF_STRANGERS.includes(dimension));
    const isByStranger = refused?.reason === 'locked' && OF_STRANGERS.includes(dimensionOf(refused.key ?? ''));
    if (!isAsStranger && !isByStranger) continue;
    const to = settled?.at ?? refused?.at ?? begin.at;
    const isThere = (lock: Lock) => circumstances.mayRefuse(lock, begin.at, to);
    // Of a locked device, only what it sends counts as a stranger's; an operator's block is for everybody.
    if (ofDevices.some((lock) => lock.parts['username'] === begin.name && isThere(lock))) continue;
    const isOfOperator = (lock: Lock) => lock.isOperators && lock.parts['username'] === begin.name && isThere(lock);
    if (isByStranger && all.some(isOfOperator)) continue;
    if (circumstances.mayLockUnseen([begin.name], begin.at, to)) continue;
    const message = isByStranger ? `was refused by the lock of ${refused?.key}` : 'was counted as a stranger';
    violations.push({ rule: 'shut-out', of: begin.id, message: `a known device of ${begin.name} ${message}` });
  }
  return violations;
}
