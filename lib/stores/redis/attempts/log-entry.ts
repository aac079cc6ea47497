/** An entry of the attempt log as arguments and replies of scripts. The fields are those of `scripts/include/log/entries.lua`. */
import type { AttemptEntry, AttemptOutcome, NewAttemptEntry } from '../../attempt-log.js';
import { didLock } from '../../count-outcomes.js';
import { toText } from '../record.js';
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

/** What a script returns of an entry. */
type Found = readonly [
  id: string,
  at: number,
  outcome: AttemptOutcome,
  username: string | null,
  ip: string | null,
  rest: readonly unknown[],
];

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

/** Converts the entries that a script found. */
export function toAttemptEntries(reply: unknown): AttemptEntry[] {
  return (JSON.parse(toText(reply)) as readonly Found[]).map(toAttemptEntry);
}

function toAttemptEntry([id, at, outcome, username, ip, rest]: Found): AttemptEntry {
  return {
    id: toEntryId(id),
    at,
    outcome,
    username,
    ip,
    ...(Object.fromEntries(REST.map((name, index) => [name, rest[index] ?? null])) as Pick<
      NewAttemptEntry,
      (typeof REST)[number]
    >),
  };
}
