/** Time that only passes. */

/**
 * Epoch milliseconds, read from the system once and then counted: a system clock that is set forward frees nobody, and one
 * that is set back, as on a machine that starts before it has asked for the time, locks nobody for years.
 */
export function createMonotonicClock(): () => number {
  const origin = Date.now() - performance.now();
  return () => Math.floor(origin + performance.now());
}
