/** Writes a stream as fast as the client reads it, and stops when there is nobody left to read. */
import type { ServerResponse } from 'node:http';

/** Express's `compression` holds what is written back until this is called. */
interface Flushing {
  readonly flush?: () => void;
}

/** Resolves at its end, and when `signal` is aborted; what is iterated over is released in both cases. */
export async function writeStream(
  res: ServerResponse,
  body: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const iterator = body[Symbol.asyncIterator]();
  res.flushHeaders();
  try {
    for (;;) {
      const step = await Promise.race([iterator.next(), aborted]);
      if (step === undefined || step.done || signal.aborted) break;
      const isFull = !res.write(step.value);
      (res as Flushing).flush?.();
      if (isFull) await Promise.race([drained(res), aborted]);
    }
  } finally {
    // Not awaited: it waits for the step that was asked for, which may never come.
    release(iterator);
  }
  res.end();
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    res.once('drain', () => resolve());
  });
}

/** What it throws now reaches nobody, and nothing depends on it. */
export function release(iterator: AsyncIterator<string>): void {
  iterator.return?.().then(undefined, () => {});
}
