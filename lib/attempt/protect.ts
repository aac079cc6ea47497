/** Runs any function that checks a secret under the slot protocol. */
import * as z from 'zod/mini';
import type { Ending, VerdictWatches } from '../checks/runtime/verdict-watch.js';
import type { LockedInfo } from '../options/answer-types.js';
import { withGuardedFunctions } from '../options/guard-functions.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { Verdict } from '../policy/state.js';
import { type AttemptInput, checkAttempt, wrong } from '../request/attempt-input.js';
import { readAttempt } from '../request/read-attempt.js';
import { saysWrong } from '../util/error-verdict.js';
import { aBoolean, aFunction, anObject, oneOf } from '../validation/fields.js';
import { validateOptions } from '../validation/validate.js';
import type { AttemptFlow } from './attempt-flow.js';
import { Apart, type Guess } from './guess-memory.js';
import { type Refusal, toLockedInfo } from './refusal.js';
import { isRefusal, type Ticket } from './ticket.js';

/** The outcome of a protected verify, for `isFailure`: a result, or the error it threw or rejected with. */
export interface ProtectOutcome<T> {
  /** Undefined if there is an error. */
  readonly value: T | undefined;
  /** Undefined if there is a value. */
  readonly error: unknown;
}

/** What one call of `protect` does differently from the lockout. */
export interface ProtectOptions<T> {
  /**
   * Whether an outcome means wrong credentials. Must be synchronous; returning undefined applies the default: a result of false,
   * null or undefined, or an error whose `status` or `statusCode` is 400, 401, 403, 404 or 422, unless it came from another server.
   */
  readonly isFailure?: ((outcome: ProtectOutcome<T>) => boolean | undefined) | undefined;
  /**
   * Set to false if a success is only half a login: it then forgives no failures.
   * @default true
   */
  readonly resetOnSuccess?: boolean | undefined;
  /**
   * The secret being checked, or several, by which `repeatedGuess` recognises a repeated wrong guess; not stored or logged.
   * A value that is not a string, which a client may send, counts every time.
   * @default none: each wrong guess counts
   */
  readonly guess?: string | readonly string[] | undefined;
  /**
   * `'second'` for a second factor, such as a one-time password: it is counted on a separate subject of the username, and a lock
   * of the username does not refuse it.
   * @default a first factor
   */
  readonly factor?: 'second' | undefined;
}

/**
 * The result of a protected attempt. If refused, it was not verified, or its verdict must not be disclosed: it came after the lease
 * (`ERR_LOCKOUT_LATE`), or was not recorded (`ERR_LOCKOUT_STORE_UNAVAILABLE`), or verify failed with an error and this locked.
 */
export type ProtectResult<T> =
  | {
      /** Verified, and right. */
      readonly outcome: 'succeeded';
      /** The result of `verify`. */
      readonly value: T;
    }
  | {
      /** Verified, and wrong. */
      readonly outcome: 'failed';
      /** The result of `verify`. */
      readonly value: T;
      /** Set if this very failure locked: answer with it instead of "wrong". Otherwise null. */
      readonly locked: LockedInfo | null;
    }
  | {
      /** Not verified, or the verdict must not be disclosed. */
      readonly outcome: 'refused';
      /** What to answer. */
      readonly locked: LockedInfo;
    };

const optionsSchema = z.strictObject(
  {
    isFailure: z.optional(aFunction('of { value, error }')),
    resetOnSuccess: z.optional(aBoolean),
    // Sent by the client, so never an error of the application.
    guess: z.optional(z.unknown()),
    factor: z.optional(oneOf('second')),
  } satisfies Record<keyof ProtectOptions<unknown>, z.ZodMiniType>,
  anObject,
);

/** The parts of a lockout that `protect` needs. */
export interface ProtectDeps {
  readonly flow: AttemptFlow;
  readonly options: ResolvedOptions;
  readonly verdicts: VerdictWatches;
}

const NO_GUESS: readonly unknown[] = [];
const NO_OPTIONS = {} as const;

/**
 * @throws {LockoutConfigError} if the attempt or the options are invalid, before anything is verified. Also rethrows errors of
 * `verify`, and those of `isFailure`, uncounted
 */
export async function protect<T>(
  deps: ProtectDeps,
  attempt: AttemptInput,
  verify: () => T | PromiseLike<T>,
  given: ProtectOptions<T> | undefined,
): Promise<ProtectResult<T>> {
  checkAttempt(attempt);
  if (typeof verify !== 'function') throw wrong('verify', 'a function that judges the credentials', verify);
  const rules = readOptions(given);
  const { flow, options, verdicts } = deps;
  if (!options.enabled || (attempt.req && options.skip?.(attempt.req))) {
    const value = await verify();
    return judged(value, isWrong({ value, error: undefined, hasThrown: false }, rules.isFailure), null);
  }

  const toInfo = (refusal: Refusal) => toLockedInfo(refusal, options.messages.localeFor(attempt.req), options);
  const { factor, guess } = rules;
  const admission = await flow.begin(
    readAttempt(options, { ...attempt, factor }),
    guess === undefined ? NO_GUESS : guessFrom(guess),
  );
  if (isRefusal(admission)) return { outcome: 'refused', locked: toInfo(admission) };

  const end = await endOf(verify);
  const { verdict, refusal } = await settle(flow, admission, end, rules);
  const { username, spelling } = admission.attempt;
  // Without a `username` property, the application guards something that has no usernames.
  const isNameMissing =
    username === undefined &&
    (Object.hasOwn(attempt, 'username') || Boolean(spelling)) &&
    options.dimensions.countNames();
  const isError = end.hasThrown;
  const ending: Ending = { isError, verdict, hasOwnRule: rules.isFailure !== undefined, username, isNameMissing };
  const watch = verdicts.of(attempt.action ?? 'protect');
  watch.see(ending);
  if (refusal?.reason === 'locked') watch.seeLock(ending);
  if (refusal && (isError || refusal.reason !== 'locked')) return { outcome: 'refused', locked: toInfo(refusal) };
  if (isError) throw end.error;
  return judged(end.value as T, verdict === 'failure', refusal && toInfo(refusal));
}

/** Makes each call a separate guess, even for the same request. */
function guessFrom(guess: string | readonly string[]): Guess {
  return [...[guess].flat(), new Apart()];
}

function readOptions<T>(given: ProtectOptions<T> | undefined): ProtectOptions<T> {
  if (given === undefined) return NO_OPTIONS;
  validateOptions(optionsSchema, given, 'options');
  return withGuardedFunctions(given, 'options');
}

interface End<T> extends ProtectOutcome<T> {
  readonly hasThrown: boolean;
}

async function endOf<T>(verify: () => T | PromiseLike<T>): Promise<End<T>> {
  try {
    return { value: await verify(), error: undefined, hasThrown: false };
  } catch (error) {
    return { value: undefined, error, hasThrown: true };
  }
}

/** Settles the attempt; the slots are given back even if `isFailure` throws. */
async function settle<T>(
  flow: AttemptFlow,
  ticket: Ticket,
  end: End<T>,
  { isFailure, resetOnSuccess = true }: ProtectOptions<T>,
): Promise<{ readonly verdict: Verdict; readonly refusal: Refusal | null }> {
  let verdict: Verdict = 'release';
  let refusal: Refusal | null;
  try {
    if (isWrong(end, isFailure)) verdict = 'failure';
    else if (!end.hasThrown) verdict = 'success';
  } finally {
    ({ refusal } = await flow.settle(ticket, verdict, resetOnSuccess));
  }
  return { verdict, refusal };
}

function isWrong<T>({ value, error, hasThrown }: End<T>, isFailure: ProtectOptions<T>['isFailure']): boolean {
  return isFailure?.({ value, error }) ?? (hasThrown ? saysWrong(error) : isNothing(value));
}

function isNothing(value: unknown): boolean {
  return value === false || value === null || value === undefined;
}

function judged<T>(value: T, isFailure: boolean, locked: LockedInfo | null): ProtectResult<T> {
  return isFailure ? { outcome: 'failed', value, locked } : { outcome: 'succeeded', value };
}
