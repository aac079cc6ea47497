/** The protocol of slots around any function that checks a secret. */
import * as z from 'zod';
import type { LockedInfo } from '../options/answer-types.js';
import type { ResolvedOptions } from '../options/resolve.js';
import { type AttemptInput, readAttempt } from '../request/read-attempt.js';
import { aBoolean, aFunction, anObject } from '../validation/fields.js';
import { validateOptions } from '../validation/validate.js';
import type { AttemptFlow } from './attempt-flow.js';
import { type Refusal, toLockedInfo } from './refusal.js';
import { isRefusal, type Ticket } from './ticket.js';

export interface ProtectOptions<T> {
  /** What counts as wrong credentials. Default: false, null and undefined. */
  readonly isFailure?: (value: T) => boolean;
  /** False where a success is only half a login: it forgives no failures. Default true. */
  readonly resetOnSuccess?: boolean;
}

/**
 * What became of a protected attempt. A refused one was not verified, or its verdict must not be told: it came after the lease
 * (`ERR_LOCKOUT_LATE`), or the store did not hear of it (`ERR_LOCKOUT_STORE_UNAVAILABLE`).
 */
export type ProtectResult<T> =
  | { readonly outcome: 'succeeded'; readonly value: T }
  /** `locked` is there when this very failure locked: answer with it instead of "wrong". */
  | { readonly outcome: 'failed'; readonly value: T; readonly locked: LockedInfo | null }
  | { readonly outcome: 'refused'; readonly locked: LockedInfo };

const optionsSchema = z.strictObject(
  {
    isFailure: aFunction('of what verify answers').optional(),
    resetOnSuccess: aBoolean.optional(),
  } satisfies Record<keyof ProtectOptions<unknown>, z.ZodType>,
  anObject,
);

/** The parts of a lockout that it needs. */
export interface ProtectDeps {
  readonly flow: AttemptFlow;
  readonly options: ResolvedOptions;
}

const NO_GUESS: readonly unknown[] = [];

/** @throws {LockoutConfigError} for wrong options, before anything is verified; and what `verify` throws, uncounted */
export async function protect<T>(
  { flow, options }: ProtectDeps,
  attempt: AttemptInput,
  verify: () => T | PromiseLike<T>,
  given: ProtectOptions<T>,
): Promise<ProtectResult<T>> {
  validateOptions(optionsSchema, given, 'options');
  const { isFailure = isNothing, resetOnSuccess = true } = given;
  if (!options.enabled || (attempt.req && options.skip?.(attempt.req))) return judge(await verify(), isFailure, null);

  const toInfo = (refusal: Refusal) => toLockedInfo(refusal, options.messages.localeFor(attempt.req), options);
  const admission = await flow.begin(readAttempt(options, attempt), NO_GUESS);
  if (isRefusal(admission)) return { outcome: 'refused', locked: toInfo(admission) };

  const value = await releaseOnThrow(flow, admission, verify);
  const { refusal } = await flow.settle(admission, isFailure(value) ? 'failure' : 'success', resetOnSuccess);
  if (refusal && refusal.reason !== 'locked') return { outcome: 'refused', locked: toInfo(refusal) };
  return judge(value, isFailure, refusal && toInfo(refusal));
}

async function releaseOnThrow<T>(flow: AttemptFlow, ticket: Ticket, verify: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    await flow.settle(ticket, 'release');
    throw error;
  }
}

function isNothing(value: unknown): boolean {
  return value === false || value === null || value === undefined;
}

function judge<T>(value: T, isFailure: (value: T) => boolean, locked: LockedInfo | null): ProtectResult<T> {
  return isFailure(value) ? { outcome: 'failed', value, locked } : { outcome: 'succeeded', value };
}
