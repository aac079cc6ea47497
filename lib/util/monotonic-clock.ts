/** A clock that never jumps. */

/**
 * Returns a clock of epoch milliseconds, read from the system once and then counted: setting the system clock forward frees
 * nobody, and setting it back, as when a machine starts before it has synchronized, locks nobody for years.
 */
export function createMonotonicClock(): () => number {
  const origin = Date.now() - performance.now();
  return () => Math.floor(origin + performance.now());
}
