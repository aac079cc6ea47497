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
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const iterator = body[Symbol.asyncIterator]();
  res.flushHeaders();
  let isAtEnd = false;
  try {
    for (;;) {
      const step = await Promise.race([iterator.next(), aborted]);
      isAtEnd = step?.done === true;
      if (step === undefined || step.done || signal.aborted) break;
      const isFull = !res.write(step.value);
      (res as Flushing).flush?.();
      if (isFull) await Promise.race([drained(res), aborted]);
    }
  } finally {
    // Not awaited: it waits for the step that was asked for, which may never come.
    release(iterator);
  }
  if (isWhole && !isAtEnd) breakOff(res);
  else res.end();
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
