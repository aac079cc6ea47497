/** How sure reads and writes are, whatever the application's own connection says. */

/** A write that a failover could undo would give guesses back. */
export const WRITE = { writeConcern: { w: 'majority' } } as const;

/** A secondary may not know yet what was just locked. */
export const READ = { readPreference: 'primary' } as const;
