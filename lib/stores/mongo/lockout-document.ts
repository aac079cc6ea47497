/** One document per subject, and its conversion from and to the state of the policy. */

import type { StoredSubject, SubjectRecord } from '../../policy/replies.js';
import {
  toReadReply as toReadReplyOf,
  toRecord as toRecordOf,
  toStoredRecord as toStoredRecordOf,
} from '../../policy/replies.js';
import type { Lease, LockCause, Repeats, Revocation, Source, SourceCount, SubjectState } from '../../policy/state.js';
import { expiresAt } from '../../policy/state.js';
import type { Subject, SubjectParts } from '../../subject/key.js';
import { MARK } from './mark.js';

/** A document of the `lockouts` collection; all dates are the server's. */
export interface LockoutDocument {
  readonly _id: string;
  readonly dimension: string;
  /** Readable values, or pseudonyms. */
  readonly parts: SubjectParts;
  readonly failures: number;
  readonly leases: readonly LeaseDocument[];
  /** Null: never locked, or freed. `FOREVER`: until reset. */
  readonly lockedUntil: Date | null;
  readonly forgetAt: Date | null;
  /** Where the failures came from, at most 65; a record of 0.1.0 has no such field. Short names: there may be many. */
  readonly sources?: readonly SourceDocument[];
  readonly takenBackAt?: readonly Date[];
  readonly consecutiveFailures: number;
  readonly consecutiveUntil: Date | null;
  readonly spellings?: readonly { readonly t: string; readonly n: number }[];
  readonly firstFailureAt: Date | null;
  readonly lastFailureAt: Date | null;
  /** Digests of the last wrong guesses. These and the next three are missing where there is nothing to say. */
  readonly guesses?: readonly string[];
  /** How often a guess was repeated within a minute of `since`. */
  readonly repeats?: { readonly n: number; readonly since: Date } | null;
  readonly isSprayed?: boolean;
  /** Since when tokens of known devices are worth something, and until when that has to be known. */
  readonly devices?: { readonly since: Date; readonly until: Date } | null;
  /** What set the lock. A record of 0.1.0 has no such field. */
  readonly cause?: LockCause | null;
  readonly tier: number | null;
  /** A record of 0.1.0 has no such field. */
  readonly limit?: number | null;
  readonly reason: string | null;
  readonly by: string | null;
  readonly lockedBy: string | null;
  /** For the TTL index; null keeps the document. Nothing but housekeeping depends on it. */
  readonly expiresAt: Date | null;
  /** A record of 0.1.0 has no such field until it is written again. */
  readonly madeBy?: typeof MARK;
}

interface LeaseDocument {
  readonly id: string;
  readonly until: Date;
  /** The call that took the slot, if it took those of several subjects in one command. */
  readonly call?: number;
}

interface SourceDocument {
  /** Place and spelling, with a dot between them. */
  readonly t: string;
  readonly n: number;
  /** The last failure. */
  readonly a: Date;
  /** The first failure, if it is another one. */
  readonly f?: Date | null;
}

/** For failures of unknown origin. */
export const UNKNOWN_TAG = '.';

export function toTag({ place, spelling }: Source): string {
  return `${place}.${spelling}`;
}

/** A document as it was, with the server's time of the operation. */
export type TimedDocument = LockoutDocument & { readonly now: Date };

/** Means "until reset": later than any real date, and still a date to every server and shell. */
export const FOREVER = new Date('9999-12-31T23:59:59.999Z');

/** How long an expired document is kept, so that the user's next login updates it instead of inserting a new one. */
export const IDLE_MS = 3_600_000;

export function toState(document: LockoutDocument): SubjectState {
  return {
    failures: document.failures,
    leases: document.leases.map(({ id, until }) => ({ id, until: until.getTime() })),
    lockedUntil: toInstant(document.lockedUntil) ?? 0,
    forgetAt: toInstant(document.forgetAt) ?? 0,
    sources: document.sources?.map(toSourceCount) ?? [],
    takenBackAt: document.takenBackAt?.map((at) => at.getTime()) ?? [],
    consecutiveFailures: document.consecutiveFailures,
    consecutiveUntil: toInstant(document.consecutiveUntil) ?? 0,
    spellings: document.spellings?.map(({ t, n }) => ({ spelling: t, failures: n })) ?? [],
    firstFailureAt: toInstant(document.firstFailureAt),
    lastFailureAt: toInstant(document.lastFailureAt),
    guesses: document.guesses ?? [],
    repeats: toRepeats(document.repeats),
    isSprayed: document.isSprayed ?? false,
    revocation: toRevocation(document.devices),
    cause: document.cause ?? null,
    tier: document.tier,
    limit: document.limit ?? null,
    reason: document.reason,
    by: document.by,
    lockedBy: document.lockedBy,
  };
}

export function toDocument({ key, dimension, storedParts }: Subject, state: SubjectState): LockoutDocument {
  const expiry = expiresAt(state);
  return {
    _id: key,
    dimension,
    parts: storedParts,
    failures: state.failures,
    leases: state.leases.map(({ id, until }: Lease) => ({ id, until: new Date(until) })),
    lockedUntil: state.lockedUntil === 0 ? null : toDate(state.lockedUntil),
    forgetAt: state.forgetAt === 0 ? null : toDate(state.forgetAt),
    sources: state.sources.map(toSourceDocument),
    takenBackAt: state.takenBackAt.map((at) => new Date(at)),
    consecutiveFailures: state.consecutiveFailures,
    consecutiveUntil: state.consecutiveUntil === 0 ? null : toDate(state.consecutiveUntil),
    spellings: state.spellings.map(({ spelling, failures }) => ({ t: spelling, n: failures })),
    firstFailureAt: state.firstFailureAt === null ? null : new Date(state.firstFailureAt),
    lastFailureAt: state.lastFailureAt === null ? null : new Date(state.lastFailureAt),
    ...(state.guesses.length > 0 && { guesses: state.guesses }),
    ...(state.repeats && { repeats: { n: state.repeats.count, since: new Date(state.repeats.since) } }),
    ...(state.isSprayed && { isSprayed: true }),
    ...(state.revocation && { devices: toDevices(state.revocation) }),
    cause: state.cause,
    tier: state.tier,
    limit: state.limit,
    reason: state.reason,
    by: state.by,
    lockedBy: state.lockedBy,
    expiresAt: expiry >= FOREVER.getTime() ? null : new Date(expiry + IDLE_MS),
    madeBy: MARK,
  };
}

/** Returns null for an expired document. */
export function toRecord(document: LockoutDocument, now: number): SubjectRecord | null {
  return toRecordOf(subjectOf(document), toState(document), now);
}

/** Returns null if nothing is known any more, not even what was taken back. */
export function toReadReply(document: LockoutDocument, now: number): SubjectRecord | null {
  return toReadReplyOf(subjectOf(document), toState(document), now);
}

/** Returns the record of a document, even of an expired one. */
export function toStoredRecord(document: LockoutDocument, now: number): SubjectRecord {
  return toStoredRecordOf(subjectOf(document), toState(document), now);
}

function subjectOf({ _id: key, dimension, parts: storedParts }: LockoutDocument): StoredSubject {
  return { key, dimension, storedParts };
}

/** Converts an instant of the policy, where `Infinity` means until reset. */
export function toDate(at: number): Date {
  return at >= FOREVER.getTime() ? FOREVER : new Date(at);
}

function toInstant(date: Date | null): number | null {
  if (date === null) return null;
  return date.getTime() >= FOREVER.getTime() ? Number.POSITIVE_INFINITY : date.getTime();
}

function toRepeats(repeats: LockoutDocument['repeats']): Repeats | null {
  return repeats ? { count: repeats.n, since: repeats.since.getTime() } : null;
}

function toRevocation(devices: LockoutDocument['devices']): Revocation | null {
  return devices ? { before: devices.since.getTime(), until: devices.until.getTime() } : null;
}

function toDevices({ before, until }: Revocation): { since: Date; until: Date } {
  return { since: new Date(before), until: new Date(until) };
}

function toSourceCount({ t, n, a, f }: SourceDocument): SourceCount {
  const at = t.indexOf('.');
  const lastAt = a.getTime();
  return { place: t.slice(0, at), spelling: t.slice(at + 1), failures: n, firstAt: f?.getTime() ?? lastAt, lastAt };
}

function toSourceDocument({ failures, firstAt, lastAt, ...source }: SourceCount): SourceDocument {
  return {
    t: toTag(source),
    n: failures,
    a: new Date(lastAt),
    ...(firstAt !== lastAt && { f: new Date(firstAt) }),
  };
}
