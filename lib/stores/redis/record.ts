/** What a script returns of a record, as a state of the policy. The fields are those of `scripts/include/record/record.lua`. */
import type { Restoration } from '../../policy/manage.js';
import { type LockCause, type SourceCount, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import { describeKind } from '../../validation/describe-value.js';

/** "Until reset": later than any real instant, and still a whole number to Lua and to the protocol. */
export const FOREVER = 253_402_300_799_999;
const DIGITS = /^\d+$/;
const CAUSES: readonly (LockCause | null)[] = [null, 'tier', 'hardStop', 'operator'];

/** A state with the dimension that it is stored with. */
export interface StoredState {
  readonly dimension: string;
  readonly state: SubjectState;
}

/** Converts an instant or a duration for a script. */
export function toArgument(ms: number): string {
  return String(Math.min(Math.round(ms), FOREVER));
}

/** Converts a lifted lock for `scripts/restore.lua`. */
export function toLockArguments(lifted: Restoration): readonly string[] {
  const { failures, lockedUntil, forgetAt, firstFailureAt, lastFailureAt, cause, tier, limit } = lifted;
  const numbers = [failures, lockedUntil, forgetAt, firstFailureAt ?? 0, lastFailureAt ?? 0, CAUSES.indexOf(cause)];
  const lock = [tier === null ? 0 : tier + 1, limit ?? 0];
  return [...numbers, ...lock].map(toArgument).concat(lifted.reason ?? '', lifted.by ?? '', lifted.lockedBy ?? '');
}

/**
 * Converts the time of a step.
 *
 * @throws for anything else: by no time at all, no lock would hold
 */
export function toTime(reply: unknown): number {
  const now = toNumber(reply);
  if (now > 0) return now;
  throw unexpected('a time', reply);
}

/** Converts a record as it was before a step; null where there was none. */
export function toStored(reply: unknown): StoredState | null {
  if (Array.isArray(reply)) return toStoredState(reply);
  if (reply === null) return null;
  // Nothing else is taken for an unknown subject: its guesses would be granted again.
  throw unexpected('a record', reply);
}

function toStoredState(fields: readonly unknown[]): StoredState {
  const [leases, dimension, failures, lockedUntil, forgetAt, consecutive, consecutiveUntil, ...rest] = fields;
  const [tier, devicesSince, devicesUntil, repeats, repeatsSince, takenBack, ...afterHead] = rest;
  const state = {
    ...UNKNOWN_SUBJECT,
    failures: toNumber(failures),
    lockedUntil: toInstant(lockedUntil),
    forgetAt: toInstant(forgetAt),
    consecutiveFailures: toNumber(consecutive),
    consecutiveUntil: toInstant(consecutiveUntil),
    leases: toGroups(leases, 2, ([id, until]) => ({ id: toText(id), until: toInstant(until) })),
    tier: toTier(tier),
    revocation: toNumber(devicesUntil) > 0 ? { before: toNumber(devicesSince), until: toInstant(devicesUntil) } : null,
    repeats: toNumber(repeats) > 0 ? { count: toNumber(repeats), since: toNumber(repeatsSince) } : null,
    takenBackAt: toGroups(takenBack, 1, ([at]) => toNumber(at)),
  };
  return { dimension: toText(dimension), state: afterHead.length > 0 ? { ...state, ...toRest(afterHead) } : state };
}

function toRest(fields: readonly unknown[]): Partial<SubjectState> {
  const [firstAt, lastAt, sources, spellings, guesses, isSprayed, cause, limit, reason, by, lockedBy] = fields;
  return {
    firstFailureAt: toNumber(firstAt) || null,
    lastFailureAt: toNumber(lastAt) || null,
    sources: toGroups(sources, 5, toSourceCount),
    spellings: toGroups(spellings, 2, ([spelling, count]) => ({
      spelling: toText(spelling),
      failures: toNumber(count),
    })),
    guesses: toGroups(guesses, 1, ([guess]) => toText(guess)),
    isSprayed: toNumber(isSprayed) === 1,
    cause: toCause(cause),
    limit: toNumber(limit) || null,
    reason: toTextOrNull(reason),
    by: toTextOrNull(by),
    lockedBy: toTextOrNull(lockedBy),
  };
}

export function toCause(reply: unknown): LockCause | null {
  return CAUSES[toNumber(reply)] ?? null;
}

export function toTier(reply: unknown): number | null {
  const number = toNumber(reply);
  return number > 0 ? number - 1 : null;
}

function toSourceCount([place, spelling, failures, lastAt, spanMs]: readonly unknown[]): SourceCount {
  const last = toNumber(lastAt);
  return {
    place: toText(place),
    spelling: toText(spelling),
    failures: toNumber(failures),
    firstAt: last - toNumber(spanMs),
    lastAt: last,
  };
}

/** A flat list of values that belong together in groups; a missing one is empty. */
function toGroups<T>(list: unknown, length: number, convert: (group: readonly unknown[]) => T): readonly T[] {
  if (!Array.isArray(list)) return [];
  const groups: T[] = [];
  for (let at = 0; at < list.length; at += length) groups.push(convert(list.slice(at, at + length)));
  return groups;
}

/** A number that may mean "until reset". */
export function toInstant(reply: unknown): number {
  const at = toNumber(reply);
  return at >= FOREVER ? Number.POSITIVE_INFINITY : at;
}

/** A number as the client gives it: it may be told to return strings, big integers or buffers. Missing ones are 0. */
export function toNumber(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  return reply === undefined || reply === null ? 0 : Number(String(reply));
}

/** @throws for anything but a count: no other answer is taken for one */
export function toCount(reply: unknown): number {
  // Some clients return numbers as text.
  const count = typeof reply === 'string' && DIGITS.test(reply) ? Number(reply) : reply;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw unexpected('a count', reply);
}

export function toText(reply: unknown): string {
  return typeof reply === 'string' ? reply : String(reply);
}

/** Empty where there is none. */
export function toTextOrNull(reply: unknown): string | null {
  return reply === undefined || reply === null ? null : toText(reply) || null;
}

export function unexpected(expected: string, reply: unknown): Error {
  return new Error(
    `expected ${expected} from a script, got ${describeKind(reply)}; is the client changed to convert replies?`,
  );
}
