/** The protocol of slots around any function that checks a secret. */
import * as z from 'zod';
import type { LockedInfo } from '../options/answer-types.js';
import type { ResolvedOptions } from '../options/resolve.js';
import { type AttemptInput, checkAttempt, wrong } from '../request/attempt-input.js';
import { readAttempt } from '../request/read-attempt.js';
import { aBoolean, aFunction, anObject } from '../validation/fields.js';
import { answeringAtOnce } from '../validation/guard-function.js';
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
const DEFAULTS = { isFailure: isNothing, resetOnSuccess: true } as const;

/** @throws {LockoutConfigError} for a wrong attempt or wrong options, before anything is verified; and what `verify` throws, uncounted */
export async function protect<T>(
  { flow, options }: ProtectDeps,
  attempt: AttemptInput,
  verify: () => T | PromiseLike<T>,
  given: ProtectOptions<T> | undefined,
): Promise<ProtectResult<T>> {
  checkAttempt(attempt);
  if (typeof verify !== 'function') throw wrong('verify', 'a function that judges the credentials', verify);
  const { isFailure, resetOnSuccess } = readOptions(given);
  const ask = () => judged(verify, isFailure);
  if (!options.enabled || (attempt.req && options.skip?.(attempt.req))) return toResult(await ask(), null);

  const toInfo = (refusal: Refusal) => toLockedInfo(refusal, options.messages.localeFor(attempt.req), options);
  const admission = await flow.begin(readAttempt(options, attempt), NO_GUESS);
  if (isRefusal(admission)) return { outcome: 'refused', locked: toInfo(admission) };

  const verdict = await releaseOnThrow(flow, admission, ask);
  const { refusal } = await flow.settle(admission, verdict.isFailure ? 'failure' : 'success', resetOnSuccess);
  if (refusal && refusal.reason !== 'locked') return { outcome: 'refused', locked: toInfo(refusal) };
  return toResult(verdict, refusal && toInfo(refusal));
}

function readOptions<T>(given: ProtectOptions<T> | undefined): Required<ProtectOptions<T>> {
  if (given === undefined) return DEFAULTS;
  validateOptions(optionsSchema, given, 'options');
  const { isFailure, resetOnSuccess = true } = given;
  return { isFailure: isFailure ? answeringAtOnce(isFailure, 'options.isFailure') : isNothing, resetOnSuccess };
}

interface Judged<T> {
  readonly value: T;
  readonly isFailure: boolean;
}

/** Asked once: a function that answers otherwise the second time would tell another verdict than it counted. */
async function judged<T>(verify: () => T | PromiseLike<T>, isFailure: (value: T) => boolean): Promise<Judged<T>> {
  const value = await verify();
  return { value, isFailure: isFailure(value) };
}

async function releaseOnThrow<T>(flow: AttemptFlow, ticket: Ticket, ask: () => Promise<Judged<T>>): Promise<Judged<T>> {
  try {
    return await ask();
  } catch (error) {
    await flow.settle(ticket, 'release');
    throw error;
  }
}

function isNothing(value: unknown): boolean {
  return value === false || value === null || value === undefined;
}

function toResult<T>({ value, isFailure }: Judged<T>, locked: LockedInfo | null): ProtectResult<T> {
  return isFailure ? { outcome: 'failed', value, locked } : { outcome: 'succeeded', value };
}
