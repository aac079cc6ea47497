/** The attempt log: each entry was made by an attempt that ended so, and is there once. */
import type { LogEntry } from '../records.js';
import type { History } from './history.js';
import type { Violation } from './violation.js';

export function wrongLog({ attempts }: History, log: readonly LogEntry[]): readonly Violation[] {
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
