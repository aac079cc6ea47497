/** All subjects of one attempt in one step: either each of them gives a slot, or none does. */
import { type Reservation, reserve } from './reserve.js';
import { currentState, type Policy, type SubjectState } from './state.js';

/** What is asked of one of several subjects, with what is stored of it. */
export interface Asked {
  readonly state: SubjectState;
  readonly policy: Policy;
  /** Null to look only, which keeps none of the others from being taken. */
  readonly leaseId: string | null;
}

/**
 * Asks for a slot of each subject, as `reserve` does. Where one of them is `busy` or `locked`, no slot is taken: what would have
 * been taken is `free`, and only a lease that was granted before under the same id is `taken` still.
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
