/** How is read and written, regardless of the settings of the application's connection. */

/** Majority, because a write that a failover undid would give guesses back. */
export const WRITE = { writeConcern: { w: 'majority' } } as const;

/** The primary, because a secondary may not know yet what was just locked. */
export const READ = { readPreference: 'primary' } as const;

/**
 * For at most this many documents, in one reply: while another batch is to come, some servers put aside everything that matches, not
 * only what is asked for.
 */
export function readUpTo(limit: number) {
  return { ...READ, limit, batchSize: limit + 1 };
}

/** The same for documents so small that all of them fit into one reply. */
export function readSmall(limit: number) {
  return { ...READ, limit, batchSize: limit, singleBatch: true };
}
