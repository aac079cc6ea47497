/** One subject under attack, with its own clock, for the longer scenarios of the policy specs. */
import { reset } from '../../lib/policy/manage.js';
import { type Reservation, reserve } from '../../lib/policy/reserve.js';
import { type Settlement, settle } from '../../lib/policy/settle.js';
import {
  type Lease,
  type Marks,
  type Policy,
  type SubjectState,
  UNKNOWN_SUBJECT,
  type Verdict,
} from '../../lib/policy/state.js';
import { NOON } from './examples.js';

/** The index of a tier, or the hard stop; null where nothing locked. */
export type Reached = number | 'hardStop' | null;

export function reachedBy({ state, didLock }: Settlement): Reached {
  if (!didLock) return null;
  return state.cause === 'hardStop' ? 'hardStop' : state.tier;
}

export class Guessing {
  readonly policy: Policy;
  now = NOON;
  state: SubjectState = UNKNOWN_SUBJECT;
  #ids = 0;

  constructor(policy: Policy) {
    this.policy = policy;
  }

  /** @param id - by default a new one, of the same length as all others */
  reserve(id = `attempt-${String(++this.#ids).padStart(9, '0')}`): Reservation {
    const reservation = reserve(this.state, this.policy, this.now, id);
    this.state = reservation.state;
    return reservation;
  }

  settle(lease: Lease, verdict: Verdict, marks?: Marks): Settlement {
    const settlement = settle(this.state, this.policy, this.now, lease, verdict, marks);
    this.state = settlement.state;
    return settlement;
  }

  /** One attempt from door to door; its outcome when it was not verified, else what its verdict reached. */
  guess(verdict: Verdict, marks?: Marks): Exclude<Reservation['outcome'], 'taken'> | Reached {
    const reservation = this.reserve();
    if (reservation.outcome !== 'taken') return reservation.outcome;
    return reachedBy(this.settle(reservation.lease, verdict, marks));
  }

  clear(): void {
    this.state = reset(this.state, this.now).state;
  }

  /** The time left of the lock, in milliseconds. */
  get lockedFor(): number {
    return Math.max(0, this.state.lockedUntil - this.now);
  }
}
