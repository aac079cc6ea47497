/**
 * What the package publishes through `node:diagnostics_channel`, for tools that observe a process without being passed its
 * lockouts. Channels are found by name in the whole process, so the ESM and CJS builds share them.
 */
import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { LockoutStoreError } from '../errors.js';

/** Attempts that failed, succeeded or were refused. */
export const ATTEMPTS = channel('passport-lockout:attempt');
/** Subjects that were locked; once per lock, whatever the dimension. */
export const BLOCKS = channel('passport-lockout:blocked');
/** Locked subjects that were freed. */
export const UNBLOCKS = channel('passport-lockout:unblocked');
/** Sprays and attacks. */
export const SIGNALS = channel('passport-lockout:signal');
/** Calls to a store that failed or took too long. */
export const STORE_ERRORS = channel('passport-lockout:store-error');
/** Calls to a store, from start to end: `tracing:passport-lockout:store:start` and the other four. */
export const STORE_CALLS = tracingChannel<unknown, StoreCall>('passport-lockout:store');

/** What the tracing channel `passport-lockout:store` publishes of one call to a store; the same object from start to end. */
export interface StoreCall {
  /** The method of the store or its log: `reserve`, `settle`, `read`, `append`, `list`, ... */
  readonly operation: string;
  /** The `Lockout` that calls. */
  readonly lockout: object;
  /** When the call began, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** At `end`: whether the answer is still to come, with `asyncEnd`. */
  isPending: boolean;
  /** Missing unless the call failed. */
  error?: LockoutStoreError;
}
