/** An entry of the attempt log as arguments and replies of scripts. The fields are those of `scripts/include/attempts.lua`. */
import type { AttemptEntry, AttemptOutcome, NewAttemptEntry } from '../../attempt-log.js';
import { didLock } from '../../count-outcomes.js';
import { toNumber, toText } from '../record.js';
import { toEntryId } from './stream-id.js';

/** Values without their names, which would take a third of the memory. New ones come last. */
const REST = [
  'count',
  'userAgent',
  'method',
  'path',
  'action',
  'sessionHash',
  'reason',
  'dimension',
  'cause',
  'tier',
] as const;

/** How many values a script returns of an entry. */
export const REPLY_LENGTH = 6;

/** JSON distinguishes a missing value from every name, and keeps lone surrogates apart. */
export function toFilter(value: string | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

export function toEntryArguments(entry: NewAttemptEntry): readonly string[] {
  const { outcome, username, ip } = entry;
  const rest = REST.map((name) => entry[name]);
  return [
    outcome,
    JSON.stringify(username),
    JSON.stringify(ip),
    JSON.stringify(rest),
    String(entry.count),
    didLock(entry) ? 'l' : '',
  ];
}

export function toAttemptEntry([id, at, outcome, username, ip, rest]: readonly unknown[]): AttemptEntry {
  const values: readonly unknown[] = JSON.parse(toText(rest));
  return {
    id: toEntryId(toText(id)),
    at: toNumber(at),
    outcome: toText(outcome) as AttemptOutcome,
    username: JSON.parse(toText(username)),
    ip: JSON.parse(toText(ip)),
    ...(Object.fromEntries(REST.map((name, index) => [name, values[index] ?? null])) as Pick<
      NewAttemptEntry,
      (typeof REST)[number]
    >),
  };
}
