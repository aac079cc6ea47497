/** What a script returns of a record, as a state of the policy. The fields are those of `scripts/include/state.lua`. */
import { type LockCause, type SourceCount, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';

/** "Until reset": later than any real instant, and still a whole number to Lua and to the protocol. */
const FOREVER = 253_402_300_799_999;
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

/** Converts the state of a record as it was before a step; false where there was none. */
export function toState(reply: unknown): SubjectState {
  return Array.isArray(reply) ? toStoredState(reply).state : UNKNOWN_SUBJECT;
}

export function toStoredState(fields: readonly unknown[]): StoredState {
  const [dimension, failures, lockedUntil, forgetAt, firstAt, lastAt, leases, sources, spellings, guesses] = fields;
  const [takenBackAt, consecutive, consecutiveUntil, repeats, repeatsSince, isSprayed] = fields.slice(10);
  const [devicesSince, devicesUntil, cause, tier, limit, reason, by, lockedBy] = fields.slice(16);
  const state = {
    failures: toNumber(failures),
    lockedUntil: toInstant(lockedUntil),
    forgetAt: toInstant(forgetAt),
    firstFailureAt: toNumber(firstAt) || null,
    lastFailureAt: toNumber(lastAt) || null,
    leases: toGroups(leases, 2, ([id, until]) => ({ id: toText(id), until: toInstant(until) })),
    sources: toGroups(sources, 5, toSourceCount),
    spellings: toGroups(spellings, 2, ([spelling, count]) => ({
      spelling: toText(spelling),
      failures: toNumber(count),
    })),
    guesses: toGroups(guesses, 1, ([guess]) => toText(guess)),
    takenBackAt: toGroups(takenBackAt, 1, ([at]) => toNumber(at)),
    consecutiveFailures: toNumber(consecutive),
    consecutiveUntil: toInstant(consecutiveUntil),
    repeats: toNumber(repeats) > 0 ? { count: toNumber(repeats), since: toNumber(repeatsSince) } : null,
    isSprayed: toNumber(isSprayed) === 1,
    revocation: toNumber(devicesUntil) > 0 ? { before: toNumber(devicesSince), until: toInstant(devicesUntil) } : null,
    cause: CAUSES[toNumber(cause)] ?? null,
    tier: toNumber(tier) > 0 ? toNumber(tier) - 1 : null,
    limit: toNumber(limit) || null,
    reason: toTextOrNull(reason),
    by: toTextOrNull(by),
    lockedBy: toTextOrNull(lockedBy),
  };
  return { dimension: toText(dimension), state };
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

function toInstant(reply: unknown): number {
  const at = toNumber(reply);
  return at >= FOREVER ? Number.POSITIVE_INFINITY : at;
}

/** A number as the client gives it: it may be told to return strings, big integers or buffers. Missing ones are 0. */
export function toNumber(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  return reply === undefined || reply === null ? 0 : Number(String(reply));
}

export function toText(reply: unknown): string {
  return typeof reply === 'string' ? reply : String(reply);
}

/** Empty where there is none. */
function toTextOrNull(reply: unknown): string | null {
  return reply === undefined || reply === null ? null : toText(reply) || null;
}
