/** Subjects, policies and log entries that the contract tests start from. */
import type { Marks, Policy } from '../policy/state.js';
import type { AttemptQuery, AttemptRemoval, NewAttemptEntry } from '../stores/attempt-log.js';
import type { StoreQuery } from '../stores/store.js';
import { KeyMaker, type Subject } from '../subject/key.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const FOREVER = Number.POSITIVE_INFINITY;

const keys = new KeyMaker();

export const username = (name: string): Subject => keys.toSubject('username', { username: name });
export const ip = (address: string): Subject => keys.toSubject('ip', { ip: address });
export const pair = (address: string, name: string): Subject =>
  keys.toSubject('ip+username', { ip: address, username: name });

/** Locks after three failures, after three more, and past the last tier with each further one. */
export const POLICY: Policy = {
  tiers: [
    { failures: 3, cooloffMs: 15 * MINUTE },
    { failures: 6, cooloffMs: 2 * HOUR },
  ],
  forgetAfterMs: DAY,
  forgetFrom: 'last',
  leaseTimeoutMs: 30 * SECOND,
  resetOnSuccess: true,
  maxTakenBack: 5,
  hardStop: null,
};

export const from = (place: string, spelling = 'alice'): Marks => ({ source: { place, spelling } });
/** The source of attempts unless a test passes another one. */
export const HOME = from('home');

export const policyWith = (changes: Partial<Policy>): Policy => ({ ...POLICY, ...changes });
export const limitOf = (failures: number): Policy => policyWith({ tiers: [{ failures, cooloffMs: HOUR }] });

export const ORDER = { forMs: HOUR, forgetAfterMs: DAY, reason: 'stuffing', by: 'admin' } as const;

export const EVERYTHING: StoreQuery = { dimension: undefined, lockedOnly: false, cursor: null, limit: 100 };

/** The whole attempt log, newest first. */
export const WHOLE_LOG: AttemptQuery = {
  outcome: undefined,
  username: undefined,
  ip: undefined,
  since: undefined,
  until: undefined,
  after: undefined,
  limit: 100,
};

/** The whole attempt log. */
export const REMOVAL: AttemptRemoval = {
  outcomes: undefined,
  username: undefined,
  ip: undefined,
  olderThanMs: undefined,
  expiredOnly: false,
  keepNewest: 0,
  after: undefined,
  limit: 100,
};

/** Strings that a database or a serialisation might take for something else. */
export const TRICKY_TEXTS = [
  '$failures',
  '$$NOW',
  '{"$gt":""}',
  'a.b',
  '__proto__',
  'null',
  ' "\'\\\n',
  'Zoë 🔑',
] as const;

/** Possible tags of a source that a database might take for something else. */
export const TRICKY_TAGS = ['$failures', '__proto__', 'null', 'a', 'A'] as const;

export const ENTRY: NewAttemptEntry = {
  outcome: 'failed',
  count: 1,
  username: 'alice',
  ip: '203.0.113.9',
  userAgent: 'curl/8',
  method: 'POST',
  path: '/login',
  action: 'local',
  sessionHash: null,
  reason: null,
  dimension: 'username',
  cause: 'tier',
  tier: 0,
};
