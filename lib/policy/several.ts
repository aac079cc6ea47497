/** Reserves all subjects of one attempt in one step: either every one of them grants a slot, or none does. */
import { type Reservation, reserve } from './reserve.js';
import { currentState, type Policy, type SubjectState } from './state.js';

/** A request to one of several subjects, with what is stored about it. */
export interface Asked {
  readonly state: SubjectState;
  readonly policy: Policy;
  /** Null to inspect only, which does not keep any of the others from being taken. */
  readonly leaseId: string | null;
}

/**
 * Requests a slot of each subject, as `reserve` does. If one of them is `busy` or `locked`, no slot is taken: subjects that
 * would have been taken are `free`, and only a lease granted earlier under the same id is still `taken`.
 */
export function reserveAll(asked: readonly Asked[], now: number): readonly Reservation[] {
  const reservations: Reservation[] = [];
  let isRefused = false;
  for (const { state, policy, leaseId } of asked) {
    const reservation = reserve(state, policy, now, leaseId);
    reservations.push(reservation);
    if (leaseId !== null && reservation.outcome !== 'taken') isRefused = true;
  }
  return isRefused
    ? reservations.map((reservation, index) => withdrawn(reservation, asked[index] as Asked, now))
    : reservations;
}

function withdrawn(reservation: Reservation, { state, leaseId }: Asked, now: number): Reservation {
  if (reservation.outcome !== 'taken') return reservation;
  const current = currentState(state, now);
  return current.leases.some(({ id }) => id === leaseId) ? reservation : { outcome: 'free', state: current };
}
