/** Answers: right passwords get in, wrong ones do not, and whoever is refused is refused for something. */

import type { Policy } from '../../../lib/policy/index.js';
import { nextThreshold } from '../../../lib/policy/ladder.js';
import type { Circumstances } from './circumstances.js';
import type { Company } from './company.js';
import { Counts } from './counts.js';
import { type Attempted, dimensionOf, type History } from './history.js';
import type { Lock } from './locks.js';
import type { Violation } from './violation.js';

export interface AnswerRules {
  readonly locks: ReadonlyMap<string, readonly Lock[]>;
  readonly company: Company;
  readonly circumstances: Circumstances;
  readonly policyOf: (dimension: string) => Policy;
  readonly busyTimeoutMs: number;
  readonly leaseTimeoutMs: number;
  readonly clockErrorMs: number;
}

export function wrongAnswers(history: History, rules: AnswerRules): readonly Violation[] {
  const violations: Violation[] = [];
  const counts = new Counts(history);
  for (const attempt of history.attempts.values()) {
    const { begin, answer } = attempt;
    if (!answer) continue;
    const { outcome, code = '' } = answer;
    const add = (rule: 'answer' | 'refused', message: string) => violations.push({ rule, of: begin.id, message });
    if (outcome === 'error') add('answer', `it threw ${code}`);
    else if (outcome === (begin.right ? 'failed' : 'succeeded'))
      add('answer', `a ${begin.right ? 'right' : 'wrong'} password ${outcome}`);
    else if (outcome === 'refused') {
      const why = attempt.refused?.reason ?? (attempt.settled ? REASONS[code] : undefined);
      if (!isExplained(attempt, why, { ...rules, history, counts }))
        add(
          'refused',
          `a ${begin.right ? 'right' : 'wrong'} password was refused as "${why ?? code}", for no cause in sight`,
        );
    }
  }
  return violations;
}

/** Of refusals for which there is no event of their own: a failure that was counted, and must not be answered. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_LOCKOUT_LATE: 'late',
  ERR_LOCKOUT_STORE_UNAVAILABLE: 'store_error',
};

interface Surroundings extends AnswerRules {
  readonly history: History;
  readonly counts: Counts;
}

function isExplained(attempt: Attempted, reason: string | undefined, surroundings: Surroundings): boolean {
  const { locks, history, circumstances, busyTimeoutMs, leaseTimeoutMs, clockErrorMs } = surroundings;
  const { begin, refused, answer } = attempt;
  const from = begin.at;
  const to = refused?.at ?? answer?.at ?? from;
  if (reason === 'locked') {
    const own = locks.get(refused?.key ?? '') ?? [];
    if (own.some((lock) => isOf(lock, attempt) && circumstances.mayRefuse(lock, from, to))) return true;
    return circumstances.mayLockUnseen([begin.name, begin.ip], from, to);
  }
  if (reason === 'busy') return isFull(attempt, to, surroundings);
  if (reason === 'late') return to - from >= Math.min(leaseTimeoutMs, busyTimeoutMs / 2) - clockErrorMs;
  if (reason === 'store_error')
    return history.storeErrors.some(
      ({ at, journal }) => journal === attempt.journal && at >= from && at <= to + clockErrorMs,
    );
  return false;
}

/** Whether others may have held all slots of the subject that refused. */
function isFull(attempt: Attempted, to: number, surroundings: Surroundings): boolean {
  const { company, counts, circumstances, policyOf, busyTimeoutMs, clockErrorMs } = surroundings;
  const key = attempt.refused?.key ?? '';
  const from = to - busyTimeoutMs - clockErrorMs;
  const others = company.countBeside(attempt, key.includes('username=') ? 'name' : 'ip', from);
  // Those who wait for a store that does not answer let nobody pass.
  if (others > 0 && circumstances.wasDisturbed(from, to)) return true;
  const { tiers } = policyOf(dimensionOf(key));
  return counts.in(key, from, to).some((failures) => nextThreshold(tiers, failures) - failures <= others);
}

/** Whether a lock is of the name or the address of an attempt. */
function isOf({ parts }: Lock, { begin }: Attempted): boolean {
  return (parts['username'] ?? begin.name) === begin.name && (parts['ip'] ?? begin.ip) === begin.ip;
}
