/** One operation on a state, by the rules of lib/policy: the states that it may lead to, or what is wrong with its answer. */
import {
  block,
  type Policy,
  reset,
  settle,
  type SubjectState,
  type Verdict,
} from '../../../lib/policy/index.js';
import { isCertain, type Operation } from './operations.js';
import type { Rule } from './violation.js';

export interface Misfit {
  readonly rule: Rule;
  readonly message: string;
}

export interface Stepped {
  readonly states: readonly SubjectState[];
  /** Why there is none. */
  readonly misfit?: Misfit;
}

export interface StepContext {
  readonly policy: Policy;
  /** A time at which the operation cannot have happened yet. */
  readonly clock: number;
  /** How far the clocks of store and journals may be apart. */
  readonly clockErrorMs: number;
}

/** Far in the future: a lease that is over when its verdict comes is judged by the answer. */
const LONG_MS = 1e12;

export function step(state: SubjectState, operation: Operation, context: StepContext): Stepped {
  if (operation.kind === 'read') return read(state, operation);
  const states: SubjectState[] = [];
  let misfit: Misfit | undefined;
  for (const now of instants(state, operation, context)) {
    for (const next of nextStates(state, operation, now, context)) {
      if ('rule' in next) misfit ??= next;
      else states.push(next);
    }
  }
  return states.length > 0 || !misfit ? { states } : { states, misfit };
}

/** When it may have happened, as far as that makes a difference: before or after the end of the lock. */
function instants({ lockedUntil }: SubjectState, operation: Operation, { clock, clockErrorMs }: StepContext): number[] {
  const earliest = Math.max(operation.start, clock);
  const latest = isCertain(operation) ? Math.max(operation.end, earliest) : earliest;
  const isBeside = earliest - clockErrorMs < lockedUntil && lockedUntil < latest + clockErrorMs;
  return isBeside ? [lockedUntil + 1, lockedUntil - 1] : [latest];
}

function nextStates(
  state: SubjectState,
  operation: Operation,
  now: number,
  context: StepContext,
): readonly (SubjectState | Misfit)[] {
  const { policy } = context;
  const { kind, until, hasCompany } = operation;
  if (kind === 'reset') {
    // A reset by name or address passes over subjects that have nothing but failures taken back.
    const isPassedOver = state.failures === 0 && state.lockedUntil <= now;
    return [...(isPassedOver ? [state] : []), reset(state, now).state];
  }
  if (kind === 'block') {
    const forMs = operation.forMs ?? 0;
    const { forgetAfterMs } = policy;
    const locked = block(state, now, { forMs, forgetAfterMs, reason: null, by: null }).state;
    return [until === undefined ? locked : { ...locked, lockedUntil: until }];
  }
  const misfit = underLock(state, operation, now);
  if (misfit) return [misfit];
  const next = settled(state, operation, now, policy);
  const wrong = misfitOf(state, operation, next);
  const states: (SubjectState | Misfit)[] = [wrong ?? next.state];
  const { failures = state.failures } = operation;
  if (kind === 'success' && hasCompany && failures === state.failures && next.state.failures !== failures)
    states.push(state);
  return states;
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

/** A slot is never left where a tier locks, so nobody is answered with a verdict under its lock. */
function underLock({ lockedUntil, cause }: SubjectState, { isTold, kind }: Operation, now: number): Misfit | undefined {
  if (!isTold || cause !== 'tier' || lockedUntil <= now) return undefined;
  return { rule: 'crossed', message: `a ${kind} was judged and answered under a lock` };
}

function misfitOf(
  before: SubjectState,
  { kind, failures, didLock }: Operation,
  expected: { readonly didLock: boolean; readonly state: SubjectState },
): Misfit | undefined {
  if (failures !== undefined && failures !== expected.state.failures) {
    const rule = failures < expected.state.failures ? 'lost' : 'invented';
    const message = `after a ${kind} at ${before.failures} the count must be ${expected.state.failures}, the answer was ${failures}`;
    return { rule, message };
  }
  if (kind !== 'failure' || didLock === undefined || didLock === expected.didLock) return undefined;
  return didLock
    ? { rule: 'early', message: `failure ${expected.state.failures} locked, and reaches no tier` }
    : { rule: 'late', message: `failure ${expected.state.failures} reaches a tier, and no event says that it locked` };
}

function read(state: SubjectState, { failures = 0 }: Operation): Stepped {
  if (failures === state.failures) return { states: [state] };
  const rule = failures < state.failures ? 'lost' : 'invented';
  return {
    states: [],
    misfit: { rule, message: `at the end the count must be ${state.failures}, the store has ${failures}` },
  };
}
