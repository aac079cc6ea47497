/** The attempt log: each entry was made by an attempt that ended so, and is there once; and each such attempt has one. */
import type { LogEntry } from '../records.js';
import type { History } from './history.js';
import type { Violation } from './violation.js';

/** As long as a store may be disturbed, and a little longer. */
const WRITTEN_WITHIN_MS = 10_000;

/** @param isWhole - whether the store still has every entry that was ever written; otherwise the newest */
export function wrongLog(history: History, log: readonly LogEntry[], isWhole: boolean): readonly Violation[] {
  return [...wrongEntries(history, log), ...missingEntries(history, log, isWhole)];
}

function wrongEntries({ attempts }: History, log: readonly LogEntry[]): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const { id, outcome } of log) {
    const attempt = attempts.get(id);
    const entry = `${id} ${outcome}`;
    const add = (message: string) => violations.push({ rule: 'log', of: id, message });
    if (!attempt) add(`the log has an attempt that nobody made: ${outcome}`);
    else if (outcome !== 'refused' && outcome !== (attempt.begin.right ? 'succeeded' : 'failed'))
      add(`the log says that a ${attempt.begin.right ? 'right' : 'wrong'} password ${outcome}`);
    else if (seen.has(entry)) add(`the log has it twice as ${outcome}`);
    seen.add(entry);
  }
  return violations;
}

/** Of a process that was killed, or that has said that it lost entries, some may be missing. */
function missingEntries(
  { attempts, logLosses }: History,
  log: readonly LogEntry[],
  isWhole: boolean,
): readonly Violation[] {
  const logged = new Set(log.map(({ id, outcome }) => `${id} ${outcome}`));
  const times = log.map(({ id }) => attempts.get(id)?.settled?.at ?? Number.POSITIVE_INFINITY);
  const oldest = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const since = isWhole ? Number.NEGATIVE_INFINITY : oldest + WRITTEN_WITHIN_MS;
  const violations: Violation[] = [];
  for (const { begin, settled, journal, wasKilled } of attempts.values()) {
    if (!settled || wasKilled || settled.at < since) continue;
    const mayBeLost = ({ at, journal: of }: (typeof logLosses)[number]) =>
      of === journal && settled.at <= at && settled.at + WRITTEN_WITHIN_MS >= at;
    if (logLosses.some(mayBeLost)) continue;
    const outcome = settled.verdict === 'failure' ? 'failed' : 'succeeded';
    if (!logged.has(`${begin.id} ${outcome}`))
      violations.push({ rule: 'log', of: begin.id, message: `the log lacks that it ${outcome}` });
  }
  return violations;
}
