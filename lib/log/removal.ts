/** Removal from the attempt log, batch by batch. */
import type { AttemptRemoval } from '../stores/attempt-log.js';

/** Entries per call: a fraction of a second for a database, so that logins in between do not wait. */
const REMOVAL_BATCH = 1_000;

/** Removes the first batch of all entries; callers narrow it down. */
export const REMOVE_ALL: AttemptRemoval = {
  outcomes: undefined,
  username: undefined,
  ip: undefined,
  olderThanMs: undefined,
  expiredOnly: false,
  keepNewest: 0,
  after: undefined,
  limit: REMOVAL_BATCH,
};
