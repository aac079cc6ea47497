/** Read and write concerns, regardless of those of the application's connection. */

/** Majority, because a write that a failover undid would give guesses back. */
export const WRITE = { writeConcern: { w: 'majority' } } as const;

/** The primary, because a secondary may not know yet what was just locked. */
export const READ = { readPreference: 'primary' } as const;
