/** Waiting for what happens, whenever that is: a slow machine makes a spec late, never wrong. */

/** Far above what any machine needs, and below mocha's own limit, which would not say what was waited for. */
const LIMIT_MS = 60_000;
/** Most things happen within a few turns; after these the wait leaves the processor to others. */
const EAGER_TURNS = 500;
const PAUSE_MS = 5;

// Taken before a spec puts a clock of its own in their places.
const { setImmediate: nextTurn, setTimeout: later } = globalThis;
const now = performance.now.bind(performance);

/**
 * Lets the event loop turn until something has happened.
 *
 * @param what - for the message of a wait in vain; the condition's own text if that is clear enough
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string = String(condition),
): Promise<void> {
  const startedAt = now();
  for (let turn = 0; !(await condition()); turn += 1) {
    if (now() - startedAt > LIMIT_MS) throw new Error(`waited ${LIMIT_MS / 1_000} s in vain for: ${what}`);
    await new Promise<void>((resolve) => {
      if (turn < EAGER_TURNS) nextTurn(resolve);
      else later(resolve, PAUSE_MS);
    });
  }
}
