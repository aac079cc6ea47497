/** How many streams are open: each holds a connection, and browsers open one for each tab. */

export const MAX_STREAMS = 50;

export class Seats {
  #taken = 0;

  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes a place until `signal` is aborted, and for no longer than `maxMs`: a stream that nobody reads does not end by itself.
   *
   * @returns false if none is left
   */
  take(signal: AbortSignal, maxMs: number): boolean {
    if (this.#taken >= MAX_STREAMS || signal.aborted) return false;
    this.#taken += 1;
    const leave = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      this.#taken -= 1;
    };
    const timer = setTimeout(leave, maxMs).unref();
    signal.addEventListener('abort', leave, { once: true });
    return true;
  }
}
