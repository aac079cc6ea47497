/** The attempt log: each entry was made by an attempt that ended so, and is there once; and each such attempt has one. */
import type { LogEntry } from '../records.js';
import type { History } from './history.js';
import type { Violation } from './violation.js';

/** As long as a store may be disturbed, and a little longer. */
const WRITTEN_WITHIN_MS = 10_000;

/** @param log - as much as the store keeps of it: the newest entries */
export function wrongLog(history: History, log: readonly LogEntry[]): readonly Violation[] {
  return [...wrongEntries(history, log), ...missingEntries(history, log)];
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

/** An entry is written soon, so what is newer than the oldest entry is there, unless its process was killed or has said that it lost some. */
function missingEntries({ attempts, lossy }: History, log: readonly LogEntry[]): readonly Violation[] {
  const logged = new Set(log.map(({ id, outcome }) => `${id} ${outcome}`));
  const times = log.map(({ id }) => attempts.get(id)?.settled?.at ?? Number.POSITIVE_INFINITY);
  const since = times.reduce((oldest, at) => Math.min(oldest, at), Number.POSITIVE_INFINITY) + WRITTEN_WITHIN_MS;
  const violations: Violation[] = [];
  for (const { begin, settled, journal, wasKilled } of attempts.values()) {
    if (!settled || wasKilled || lossy.has(journal) || settled.at < since) continue;
    const outcome = settled.verdict === 'failure' ? 'failed' : 'succeeded';
    if (!logged.has(`${begin.id} ${outcome}`))
      violations.push({ rule: 'log', of: begin.id, message: `the log lacks that it ${outcome}` });
  }
  return violations;
}
