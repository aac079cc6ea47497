/** The checker: reads what everybody wrote down and proves that the lockout kept its promises, or says which it broke. */
import type { Policy } from '../../../lib/policy/index.js';
import type { Evidence } from '../records.js';
import { wrongAnswers } from './answers.js';
import { Circumstances } from './circumstances.js';
import { Company } from './company.js';
import { type HeapTrend, heapTrend } from './heap.js';
import { type Attempted, type History, toHistory } from './history.js';
import { linearize } from './linearize.js';
import { silentBlocks, wrongEnds } from './lock-events.js';
import { crossed, locksOf, twice } from './locks.js';
import { wrongLog } from './log.js';
import { isCertain, toSubjects } from './operations.js';
import { shutOut, wrongVerdicts } from './verdicts.js';
import type { Violation } from './violation.js';

export interface CheckRules {
  /** When a count that is answered to a verdict may be read later than it is counted; as of `linearize`. */
  readonly readsLater: 'never' | 'ifDisturbed' | 'always';
  /** The policy of a dimension. */
  readonly policyOf: (dimension: string) => Policy;
  readonly lockCacheTtlMs: number;
  readonly storeTimeoutMs: number;
  readonly busyTimeoutMs: number;
  readonly leaseTimeoutMs: number;
  /** How far the clocks of the store and of the journals may be apart. */
  readonly clockErrorMs: number;
  /** How long an answer may take while nothing is disturbed. */
  readonly calmDelayMs: number;
  /** How much the heap may grow, MiB a minute. */
  readonly maxHeapSlope: number;
  /** From how many minutes on the slope means something. */
  readonly minHeapMinutes: number;
}

export interface Checked {
  readonly violations: readonly Violation[];
  /** Attempts that were verified and whose count nobody was answered: the only ones that may be counted or not. */
  readonly uncertain: readonly string[];
  /** Those of them that were counted on some subject, in the order that was found. */
  readonly counted: readonly string[];
  readonly figures: Figures;
  readonly heap: HeapTrend | undefined;
}

interface Figures {
  readonly attempts: number;
  readonly verified: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly locks: number;
  readonly acts: number;
  readonly subjects: number;
  readonly operations: number;
  readonly faults: number;
}

export function check(evidence: Evidence, rules: CheckRules): Checked {
  const history = toHistory(evidence);
  const { final } = evidence;
  const failures = new Map(final?.records.map((record) => [record.key, record.failures]));
  const circumstances = new Circumstances(history, rules);
  const { readsLater } = rules;
  const mayReadLater = (from: number, to: number) =>
    readsLater === 'always' || (readsLater === 'ifDisturbed' && circumstances.wasDisturbed(from, to));
  const atEnd = final && { at: final.at, failuresOf: (key: string) => failures.get(key) ?? 0 };
  const subjects = toSubjects(history, { leaseTimeoutMs: rules.leaseTimeoutMs, mayReadLater }, atEnd);
  const locks = locksOf(history, rules.clockErrorMs);
  const company = new Company(history.attempts.values());
  const violations: Violation[] = [
    ...twice(history),
    ...crossed(history, locks),
    ...wrongEnds(history, rules),
    ...silentBlocks(history, locks, circumstances),
    ...wrongVerdicts(history),
    ...shutOut(history, locks, circumstances),
    ...wrongAnswers(history, { ...rules, locks, company, circumstances }),
    ...(final ? wrongLog(history, final.log, final.isLogWhole) : []),
  ];
  const counted = new Set<string>();
  for (const { key, dimension, operations } of subjects) {
    const { policyOf, clockErrorMs } = rules;
    const found = linearize(operations, { policy: policyOf(dimension), clockErrorMs });
    if (found.fits) {
      for (const id of found.used) counted.add(id);
    } else {
      const { stuckAt, misfit, isSure } = found;
      const rule = isSure && misfit ? misfit.rule : 'undecided';
      violations.push({ rule, of: key, message: `${stuckAt?.id ?? '?'}: ${misfit?.message ?? 'no order was found'}` });
    }
  }
  // A subject of which no event says anything may still have been counted: it is on record, and nobody made it.
  const known = new Set(subjects.map(({ key }) => key));
  const uncertain = [...history.attempts.values()].filter(isUncertain);
  for (const { key, failures: count, verifying } of final?.records ?? []) {
    if (verifying > 0) violations.push({ rule: 'slot', of: key, message: `${verifying} slots are still taken` });
    const values = key.split('&').map((part) => part.slice(part.indexOf('=') + 1));
    const mayBeCut = uncertain.some(({ begin }) => values.includes(begin.name) || values.includes(begin.ip));
    if (count > 0 && !known.has(key) && !mayBeCut)
      violations.push({ rule: 'invented', of: key, message: `${count} failures that nobody made` });
  }
  const heap = heapTrend(evidence.journals);
  if (heap && heap.minutes >= rules.minHeapMinutes && heap.slope > rules.maxHeapSlope) {
    const message = `the heap grows by ${heap.slope.toFixed(2)} MiB a minute, over ${heap.minutes.toFixed(1)} minutes`;
    violations.push({ rule: 'heap', of: 'the process that lived longest', message });
  }
  const operations = subjects.reduce((sum, subject) => sum + subject.operations.filter(isCertain).length, 0);
  const figures = { ...figuresOf(history), subjects: subjects.length, operations, faults: evidence.faults.length };
  const ids = uncertain.map(({ begin }) => begin.id);
  return {
    violations,
    uncertain: ids,
    counted: ids.filter((id) => counted.has(id)),
    figures,
    heap,
  };
}

function isUncertain({ begin, verifiedAt, settled }: Attempted): boolean {
  return !begin.right && verifiedAt !== undefined && !settled;
}

function figuresOf({ attempts, blocks, acts }: History): Omit<Figures, 'subjects' | 'operations' | 'faults'> {
  const outcomes: Record<string, number> = {};
  let verified = 0;
  for (const { verifyAt, answer, refused } of attempts.values()) {
    if (verifyAt !== undefined) verified += 1;
    const { outcome = 'cut' } = answer ?? {};
    const what = outcome === 'refused' ? `refused: ${refused?.reason ?? answer?.code}` : outcome;
    outcomes[what] = (outcomes[what] ?? 0) + 1;
  }
  return { attempts: attempts.size, verified, outcomes, locks: blocks.length, acts: acts.length };
}
