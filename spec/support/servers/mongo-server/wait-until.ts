import { setTimeout as delay } from 'node:timers/promises';

/** Asks `condition` every `intervalMs` until it holds; false when it still does not after `timeoutMs`. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  intervalMs = 50,
): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() >= giveUpAt) {
      return false;
    }
    await delay(intervalMs);
  }
  return true;
}
