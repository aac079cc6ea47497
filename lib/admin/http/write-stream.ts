/** Writes a stream as fast as the client reads it, and stops when there is nobody left to read. */
import type { ServerResponse } from 'node:http';

/** Express's `compression` holds what is written back until this is called. */
interface Flushing {
  readonly flush?: () => void;
}

export interface StreamOptions {
  /** Ends the stream early. */
  readonly signal: AbortSignal;
  /** Whether a stream that ends early breaks the connection. */
  readonly isWhole: boolean;
}

/** Resolves at its end, and when `signal` is aborted; what is iterated over is released in both cases. */
export async function writeStream(
  res: ServerResponse,
  body: AsyncIterable<string>,
  { signal, isWhole }: StreamOptions,
): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  res.flushHeaders();
  let isAtEnd = false;
  try {
    for (;;) {
      const step = await unlessAborted(iterator.next(), signal);
      isAtEnd = step?.done === true;
      if (step === undefined || step.done || signal.aborted) break;
      const isFull = !res.write(step.value);
      (res as Flushing).flush?.();
      if (isFull) await unlessAborted(drained(res), signal);
    }
  } finally {
    // Not awaited: it waits for the step that was asked for, which may never come.
    release(iterator);
  }
  if (isWhole && !isAtEnd) breakOff(res);
  else res.end();
}

/**
 * Resolves as `step` does, or to undefined once `signal` is aborted. No race against one promise for the whole stream: that promise
 * would keep every step, and so all that was sent, until the stream ends.
 */
function unlessAborted<T>(step: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Ends a response so that its client notices that it is not complete. */
export function breakOff(res: ServerResponse): void {
  const { httpVersionMajor, httpVersionMinor } = res.req;
  if (httpVersionMajor === 1 && httpVersionMinor === 0) {
    try {
      // To HTTP/1.0, as some proxies speak it by default, the end of a connection is the end of a body, unless it is reset.
      res.socket?.resetAndDestroy();
    } catch {
      // Neither a pipe nor TLS can be reset.
    }
  }
  res.destroy();
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
