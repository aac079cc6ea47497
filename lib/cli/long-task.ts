/** Commands that may take a while: they report progress every second and stop cleanly on Ctrl+C. */
import type { LongRunningOptions } from '../validation/long-running.js';
import { EXIT, type ExitCode } from './exit.js';
import type { Output } from './output.js';

const PROGRESS_MS = 1_000;

/**
 * @param describe - puts the count so far into words, such as `12000 log entries removed`
 * @param work - prints its own result, even when interrupted
 * @returns the exit code of `work`, or `EXIT.interrupted`
 */
export async function runLong(
  output: Output,
  describe: (done: number) => string,
  work: (options: LongRunningOptions) => Promise<ExitCode>,
): Promise<ExitCode> {
  const controller = new AbortController();
  // Only once: a second Ctrl+C ends the process at once.
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  let shownAt = performance.now();
  let shown = 0;
  try {
    const exitCode = await work({
      signal: controller.signal,
      onProgress: (done) => {
        const now = performance.now();
        if (done === shown || now - shownAt < PROGRESS_MS) return;
        shownAt = now;
        shown = done;
        output.note(`${describe(done)} so far`);
      },
    });
    if (!controller.signal.aborted) return exitCode;
    output.error('interrupted; the rest is unchanged');
    return EXIT.interrupted;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** How many calls run at the same time. */
const AT_ONCE = 16;

/** @returns the answers up to the point where it was stopped */
export async function forEach<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
  { signal, onProgress }: LongRunningOptions,
): Promise<readonly R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length && !signal?.aborted; start += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(act))));
    onProgress?.(answers.length);
  }
  return answers;
}
