/**
 * The rules of the lockout, for a store of your own: pure functions from a state to the next one, and from there to the
 * answer. Load a state, take one step, save it, all in one atomic operation on one record:
 *
 * ```ts
 * const reservation = policy.reserve(state, rules, now, leaseId);
 * save(reservation.state);
 * return policy.toReserveReply(reservation, now);
 * ```
 *
 * All instants are epoch milliseconds of the store's own clock; `Infinity` means "until reset".
 */
export {
  type Block,
  block,
  type DeviceRevocation,
  erase,
  type Management,
  type Restoration,
  reset,
  resetLockedBy,
  restore,
  revokeDevices,
} from './manage.js';
export {
  type StoredSubject,
  toBlockReply,
  toReadReply,
  toRecord,
  toReserveReply,
  toSettleReply,
  toStoredRecord,
} from './replies.js';
export { freeSlots, type Reservation, reserve } from './reserve.js';
export { type Settlement, settle } from './settle.js';
export { type ReserveRequest, reserveAll, type SettleRequest, settleAll } from './several.js';
export {
  currentState,
  expiresAt,
  isLocked,
  type Lease,
  type LockCause,
  type Marks,
  type Policy,
  type PolicyHardStop,
  type PolicyTier,
  type Repeats,
  type Revocation,
  type Source,
  type SourceCount,
  type SpellingCount,
  type SubjectState,
  UNKNOWN_SUBJECT,
  type Verdict,
} from './state.js';
