/** Policies and states that the policy specs start from. */
import { type Policy, type SubjectState, UNKNOWN_SUBJECT } from '../../lib/policy/state.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Any instant: Friday, 1 March 2024, noon UTC. */
export const NOON = Date.UTC(2024, 2, 1, 12);

/** Three failures lock for 15 minutes, six for 2 hours, ten for a day. */
export const LADDER = [
  { failures: 3, cooloffMs: 15 * MINUTE },
  { failures: 6, cooloffMs: 2 * HOUR },
  { failures: 10, cooloffMs: DAY },
] as const;

export function policyWith(changes: Partial<Policy> = {}): Policy {
  return {
    tiers: LADDER,
    forgetAfterMs: DAY,
    forgetFrom: 'last',
    leaseTimeoutMs: 30 * SECOND,
    resetOnSuccess: true,
    maxTakenBack: 5,
    hardStop: null,
    ...changes,
  };
}

export function stateWith(changes: Partial<SubjectState> = {}): SubjectState {
  return { ...UNKNOWN_SUBJECT, ...changes };
}

/** Failures that will be remembered for another day. */
export function failed(failures: number, changes: Partial<SubjectState> = {}): SubjectState {
  return stateWith({ failures, forgetAt: NOON + DAY, firstFailureAt: NOON, lastFailureAt: NOON, ...changes });
}
