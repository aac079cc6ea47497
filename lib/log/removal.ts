/** Removing from the attempt log, batch by batch. */
import type { AttemptRemoval } from '../stores/attempt-log.js';

/** So many entries per call: a fraction of a second for a database, so that logins in between do not wait. */
const REMOVAL_BATCH = 1_000;

/** The first batch of everything; what is meant narrows it. */
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
