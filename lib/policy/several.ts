/** All subjects of one attempt in one step: either each of them grants a slot, or none does; and each is settled with its verdict. */
import { type Reservation, reserve } from './reserve.js';
import { type Settlement, settle } from './settle.js';
import { currentState, type Lease, type Marks, type Policy, type SubjectState, type Verdict } from './state.js';

/** A request for a slot of one of several subjects, with what is stored about it. */
export interface ReserveRequest {
  /** The stored state of the subject. */
  readonly state: SubjectState;
  /** The rules of the subject's dimension. */
  readonly policy: Policy;
  /** Null to inspect only, which does not keep any of the others from being taken. */
  readonly leaseId: string | null;
}

/**
 * Requests a slot of each subject, as `reserve` does. If one of them is `busy` or `locked`, no slot is taken: subjects that
 * would have been taken are `free`, and only a lease granted earlier under the same id is still `taken`.
 */
export function reserveAll(asked: readonly ReserveRequest[], now: number): readonly Reservation[] {
  const reservations: Reservation[] = [];
  let isRefused = false;
  for (const { state, policy, leaseId } of asked) {
    const reservation = reserve(state, policy, now, leaseId);
    reservations.push(reservation);
    if (leaseId !== null && reservation.outcome !== 'taken') isRefused = true;
  }
  return isRefused
    ? reservations.map((reservation, index) => withdrawn(reservation, asked[index] as ReserveRequest, now))
    : reservations;
}

function withdrawn(reservation: Reservation, { state, leaseId }: ReserveRequest, now: number): Reservation {
  if (reservation.outcome !== 'taken') return reservation;
  const current = currentState(state, now);
  return current.leases.some(({ id }) => id === leaseId) ? reservation : { outcome: 'free', state: current };
}

/** A verdict on one of several subjects, with what is stored about it. */
export interface SettleRequest {
  /** The stored state of the subject. */
  readonly state: SubjectState;
  /** The rules of the subject's dimension. */
  readonly policy: Policy;
  /** The lease that the attempt was given. */
  readonly lease: Lease;
  /** How the attempt ended. */
  readonly verdict: Verdict;
  /** Where a failure came from, and what was guessed. */
  readonly marks?: Marks | undefined;
}

/** Settles the lease of each subject, as `settle` does; those that follow guesses after these. */
export function settleAll(told: readonly SettleRequest[], now: number): readonly Settlement[] {
  const settlements: Settlement[] = [];
  const following: number[] = [];
  for (let index = 0; index < told.length; index += 1) {
    const { state, policy, lease, verdict, marks } = told[index] as SettleRequest;
    if (marks?.followsGuess) following.push(index);
    else settlements[index] = settle(state, policy, now, lease, verdict, marks);
  }
  if (following.length === 0) return settlements;
  const marksOf = marksAfter(told, settlements);
  for (const index of following) {
    const one = told[index] as SettleRequest;
    settlements[index] = settle(one.state, one.policy, now, one.lease, one.verdict, marksOf(one));
  }
  return settlements;
}

type WithMarks = Pick<SettleRequest, 'marks'>;

/** Returns the indexes of the verdicts in the order to settle them: all at once, or those that follow guesses after the others. */
export function settlingOrder(told: readonly WithMarks[]): readonly (readonly number[])[] {
  const first: number[] = [];
  const rest: number[] = [];
  for (const [index, { marks }] of told.entries()) (marks?.followsGuess ? rest : first).push(index);
  return rest.length === 0 ? [first] : [first, rest];
}

/**
 * @param settled - what is settled so far, by the index of its verdict
 * @returns the marks to settle a verdict with
 */
export function marksAfter<T extends WithMarks>(
  told: readonly T[],
  settled: readonly ({ readonly isRepeat?: boolean } | undefined)[],
): (one: T) => Marks {
  const guesses = [...told.keys()].filter((index) => told[index]?.marks?.guess !== undefined);
  const isRepeat = guesses.length > 0 && guesses.every((index) => settled[index]?.isRepeat === true);
  return ({ marks = {} }) => (marks.followsGuess && isRepeat ? { ...marks, isRepeat } : marks);
}
