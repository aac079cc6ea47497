/** Answers: right passwords get in, wrong ones do not, and whoever is refused is refused for something. */
import type { Company } from './company.js';
import type { Attempted, History } from './history.js';
import type { Lock } from './locks.js';
import type { Violation } from './violation.js';

export interface AnswerRules {
  readonly locks: ReadonlyMap<string, readonly Lock[]>;
  readonly company: Company;
  readonly lockCacheTtlMs: number;
  readonly storeTimeoutMs: number;
  readonly busyTimeoutMs: number;
  readonly leaseTimeoutMs: number;
  readonly clockErrorMs: number;
}

export function wrongAnswers(history: History, rules: AnswerRules): readonly Violation[] {
  const violations: Violation[] = [];
  const cutNames = namesOfCuts(history);
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
      if (!isExplained(attempt, why, { ...rules, history, cutNames }))
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

interface Circumstances extends AnswerRules {
  readonly history: History;
  /** Names and addresses of attempts whose end nobody knows; these may have locked without an event. */
  readonly cutNames: ReadonlyMap<string, number>;
}

function isExplained(attempt: Attempted, reason: string | undefined, circumstances: Circumstances): boolean {
  const { locks, company, history, cutNames } = circumstances;
  const { lockCacheTtlMs, storeTimeoutMs, busyTimeoutMs, leaseTimeoutMs, clockErrorMs } = circumstances;
  const { begin, refused, answer } = attempt;
  const from = begin.at;
  const to = refused?.at ?? answer?.at ?? from;
  if (reason === 'locked') {
    const own = locks.get(refused?.key ?? '') ?? [];
    // An answer tells how long a lock still holds, and may have been on its way for as long as a store may take.
    const slackMs = lockCacheTtlMs + storeTimeoutMs;
    if (own.some((lock) => lock.from <= to && lock.to + slackMs >= from)) return true;
    return [begin.name, begin.ip].some((part) => (cutNames.get(part) ?? Number.POSITIVE_INFINITY) <= to);
  }
  if (reason === 'busy') return company.isBeside(attempt, to - busyTimeoutMs - clockErrorMs);
  if (reason === 'late') return to - from >= Math.min(leaseTimeoutMs, busyTimeoutMs / 2) - clockErrorMs;
  if (reason === 'store_error')
    return history.storeErrors.some(
      ({ at, journal }) => journal === attempt.journal && at >= from && at <= to + clockErrorMs,
    );
  return false;
}

function namesOfCuts({ attempts }: History): ReadonlyMap<string, number> {
  const cuts = new Map<string, number>();
  for (const { begin, verifiedAt, settled, answer, wasKilled } of attempts.values()) {
    const isCut = wasKilled && !answer;
    if (begin.right || verifiedAt === undefined || (!isCut && (settled || answer?.outcome !== 'refused'))) continue;
    for (const part of [begin.name, begin.ip]) cuts.set(part, Math.min(cuts.get(part) ?? verifiedAt, verifiedAt));
  }
  return cuts;
}
