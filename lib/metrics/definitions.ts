/**
 * The metrics of a lockout: one definition for OpenTelemetry and Prometheus. No label has a value that a client chooses, such as a
 * username or an address: each new value would be a new time series, kept for months.
 */
import type { RefusalReason } from '../attempt/refusal.js';
import type { LockCause } from '../policy/state.js';

interface Metric {
  /** By the conventions of OpenTelemetry. */
  readonly name: string;
  /** By those of Prometheus, as the Collector of OpenTelemetry translates the name. */
  readonly prometheusName: string;
  readonly description: string;
  /** UCUM. */
  readonly unit: string;
  /** Besides `lockout`, the name of the lockout, which all of them have. */
  readonly labels: readonly string[];
}

const ATTEMPTS = {
  name: 'lockout.attempts',
  prometheusName: 'lockout_attempts_total',
  description: 'Attempts that failed, succeeded or were refused.',
  unit: '{attempt}',
  labels: ['outcome', 'strategy', 'reason', 'device', 'near_limit'],
} as const satisfies Metric;

const LOCKS = {
  name: 'lockout.locks',
  prometheusName: 'lockout_locks_total',
  description: 'Subjects that were locked.',
  unit: '{lock}',
  labels: ['dimension', 'cause', 'tier'],
} as const satisfies Metric;

const UNLOCKS = {
  name: 'lockout.unlocks',
  prometheusName: 'lockout_unlocks_total',
  description: 'Locked subjects that were freed before the end of their lock.',
  unit: '{unlock}',
  labels: ['dimension'],
} as const satisfies Metric;

const SIGNALS = {
  name: 'lockout.signals',
  prometheusName: 'lockout_signals_total',
  description: 'Sprays and attacks that were noticed.',
  unit: '{signal}',
  labels: ['signal'],
} as const satisfies Metric;

export const LOG_DROPPED = {
  name: 'lockout.log.dropped',
  prometheusName: 'lockout_log_dropped_total',
  description: 'Entries of the attempt log that could not be written.',
  unit: '{entry}',
  labels: [],
} as const satisfies Metric;

export const STORE_DURATION = {
  name: 'lockout.store.operation.duration',
  prometheusName: 'lockout_store_operation_duration_seconds',
  description: 'How long a call to the store took.',
  unit: 's',
  labels: ['operation', 'error.type'],
} as const satisfies Metric;

export const WAITING = {
  name: 'lockout.waiting',
  prometheusName: 'lockout_waiting',
  description: 'Attempts that wait for a slot now.',
  unit: '{attempt}',
  labels: [],
} as const satisfies Metric;

export const LOG_BACKLOG = {
  name: 'lockout.log.backlog',
  prometheusName: 'lockout_log_backlog',
  description: 'Entries of the attempt log that are not written yet.',
  unit: '{entry}',
  labels: [],
} as const satisfies Metric;

export const LOCKED = {
  name: 'lockout.locked',
  prometheusName: 'lockout_locked',
  description: 'Subjects that are locked now, 10,000 at most.',
  unit: '{subject}',
  labels: ['dimension'],
} as const satisfies Metric;

/** All metrics, for documents and specs. */
export const METRICS: readonly Metric[] = [
  ATTEMPTS,
  LOCKS,
  UNLOCKS,
  SIGNALS,
  LOG_DROPPED,
  STORE_DURATION,
  WAITING,
  LOG_BACKLOG,
  LOCKED,
];

export type CounterName = 'attempts' | 'locks' | 'unlocks' | 'signals';

/** The counters, by what is counted. */
export const COUNTERS = {
  attempts: ATTEMPTS,
  locks: LOCKS,
  unlocks: UNLOCKS,
  signals: SIGNALS,
} as const satisfies Record<CounterName, Metric>;

/** From half a millisecond, a memory store or a fast Redis, to beyond the default `storeTimeout`. */
export const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The labels of one measurement; what does not apply is missing. */
export interface LabelsOf {
  readonly attempts: {
    readonly outcome: 'failed' | 'succeeded' | 'refused';
    readonly strategy?: string;
    /** Why it was refused, or that a failure was not counted again. */
    readonly reason?: RefusalReason | 'repeated';
    readonly device?: 'known' | 'unknown';
    /** Of a failure: whether one more locks a subject. */
    readonly near_limit?: 'true' | 'false';
  };
  readonly locks: { readonly dimension: string; readonly cause?: LockCause; readonly tier?: string };
  readonly unlocks: { readonly dimension: string };
  readonly signals: { readonly signal: 'spray' | 'attack' };
  readonly storeCalls: { readonly operation: string; readonly 'error.type'?: string };
}
