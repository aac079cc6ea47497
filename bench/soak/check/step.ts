/** One operation on a state, by the rules of lib/policy: the states that it may lead to, or what is wrong with its answer. */

import { block, type Policy, reset, type SubjectState, settle, type Verdict } from '../../../lib/policy/index.js';
import { nextThreshold } from '../../../lib/policy/ladder.js';
import { isCertain, type Operation } from './operations.js';
import type { Rule } from './violation.js';

export interface Misfit {
  readonly rule: Rule;
  readonly message: string;
  /** Whether all fits but the count that was answered. */
  readonly isOfCount?: boolean;
}

interface Next {
  readonly next: SubjectState;
  readonly misfit?: Misfit | undefined;
}

export interface Stepped {
  readonly states: readonly SubjectState[];
  /** States that it leads to if only its count was read later, when others had been counted or taken back. */
  readonly ifReadLater: readonly SubjectState[];
  /** Why there is no state. */
  readonly misfit?: Misfit;
}

export interface StepContext {
  readonly policy: Policy;
  /** A time before which the operation cannot have happened. */
  readonly clock: number;
  /** When something else had happened for sure that is to come after it; Infinity if nothing is. */
  readonly deadline: number;
  /** The attempts whose verdicts came after their leases. */
  readonly late: ReadonlySet<string>;
  /** How far the clocks of store and journals may be apart. */
  readonly clockErrorMs: number;
}

/** Far in the future: a lease that is over when its verdict comes is judged by the answer. */
const LONG_MS = 1e12;

export function step(state: SubjectState, operation: Operation, context: StepContext): Stepped {
  if (operation.kind === 'read') return read(state, operation);
  const states: SubjectState[] = [];
  const ifReadLater: SubjectState[] = [];
  let found: Misfit | undefined;
  for (const now of instants(state, operation, context)) {
    for (const { next, misfit } of nextStates(state, operation, now, context)) {
      if (misfit) found ??= misfit;
      if (!misfit) states.push(next);
      else if (misfit.isOfCount) ifReadLater.push(next);
    }
  }
  return { states, ifReadLater, ...(states.length === 0 && found && { misfit: found }) };
}

/** When it may have happened, as far as that makes a difference: before or after the end of the lock. */
function instants({ lockedUntil }: SubjectState, operation: Operation, context: StepContext): number[] {
  const { clock, deadline, clockErrorMs } = context;
  const earliest = Math.max(operation.start, clock);
  if (!isCertain(operation)) {
    const isLocked = earliest - clockErrorMs < lockedUntil;
    return isLocked && lockedUntil < deadline + clockErrorMs ? [earliest, lockedUntil + 1] : [earliest];
  }
  const latest = Math.max(operation.end, earliest);
  const isBeside = earliest - clockErrorMs < lockedUntil && lockedUntil < latest + clockErrorMs;
  return isBeside ? [lockedUntil + 1, lockedUntil - 1] : [latest];
}

function nextStates(state: SubjectState, operation: Operation, now: number, context: StepContext): readonly Next[] {
  const { policy } = context;
  const { kind, until } = operation;
  if (kind === 'reset') {
    // A reset by name or address passes over subjects that have nothing but failures taken back.
    const isPassedOver = state.failures === 0 && state.lockedUntil <= now;
    return [...(isPassedOver ? [{ next: state }] : []), { next: reset(state, now).state }];
  }
  if (kind === 'block') {
    const forMs = operation.forMs ?? 0;
    const { forgetAfterMs } = policy;
    const locked = block(state, now, { forMs, forgetAfterMs, reason: null, by: null }).state;
    return [{ next: until === undefined ? locked : { ...locked, lockedUntil: until } }];
  }
  const crossing = underLock(state, operation, now, context);
  if (crossing) return [{ next: state, misfit: crossing }];
  const expected = settled(state, operation, now, policy);
  const following: Next[] = [{ next: expected.state, misfit: misfitOf(state, operation, expected) }];
  if (
    kind === 'success' &&
    expected.state.failures !== state.failures &&
    isCrowded(expected.state, operation, policy)
  ) {
    const untouched = { didLock: false, state };
    following.push({ next: state, misfit: misfitOf(state, operation, untouched) });
  }
  return following;
}

/** Whether others may have been verified who could not all have failed before the next lock, had the success taken back. */
function isCrowded({ failures }: SubjectState, { company = 0 }: Operation, { tiers }: Policy): boolean {
  return failures + company > nextThreshold(tiers, failures);
}

function settled(state: SubjectState, operation: Operation, now: number, policy: Policy) {
  const { kind, id, name = '', ip = '', until } = operation;
  const lease = { id, until: now + LONG_MS };
  const place = policy.maxTakenBack === Number.POSITIVE_INFINITY ? name : ip;
  const verdict: Verdict = kind === 'success' ? 'success' : 'failure';
  const source = { place, spelling: name };
  const { didLock, state: next } = settle({ ...state, leases: [lease] }, policy, now, lease, verdict, { source });
  const lockedUntil = didLock && until !== undefined ? until : next.lockedUntil;
  return { didLock, state: { ...next, leases: [], lockedUntil } };
}

/**
 * A slot is never left where a tier locks, so nobody is answered with a verdict under its lock; unless a late verdict has set it,
 * which was not answered: its slot had been given to the attempt that was.
 */
function underLock(
  { lockedUntil, cause, lockedBy }: SubjectState,
  { isTold, kind }: Operation,
  now: number,
  { late }: StepContext,
): Misfit | undefined {
  if (!isTold || cause !== 'tier' || lockedUntil <= now || (lockedBy !== null && late.has(lockedBy))) return undefined;
  return { rule: 'crossed', message: `a ${kind} was judged and answered under a lock` };
}

function misfitOf(
  before: SubjectState,
  { kind, failures, didLock }: Operation,
  expected: { readonly didLock: boolean; readonly state: SubjectState },
): Misfit | undefined {
  const count = expected.state.failures;
  if (kind === 'failure' && didLock !== undefined && didLock !== expected.didLock) {
    return didLock
      ? { rule: 'early', message: `failure ${count} locked, and reaches no tier` }
      : { rule: 'late', message: `failure ${count} reaches a tier, and no event says that it locked` };
  }
  if (failures === undefined || failures === count) return undefined;
  const rule = failures < count ? 'lost' : 'invented';
  const message = `after a ${kind} at ${before.failures} the count must be ${count}, the answer was ${failures}`;
  return { rule, message, isOfCount: true };
}

function read(state: SubjectState, { failures = 0 }: Operation): Stepped {
  if (failures === state.failures) return { states: [state], ifReadLater: [] };
  const rule = failures < state.failures ? 'lost' : 'invented';
  const message = `the count must be ${state.failures}, and ${failures} was read`;
  return { states: [], ifReadLater: [], misfit: { rule, message } };
}
