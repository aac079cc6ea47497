/**
 * What one viewer is sent: server-sent events (WHATWG HTML, section 9.2) with the regions of the page that have changed. There is no
 * queue: a viewer who reads slowly is sent the latest state whenever there is room, and nothing of what was between.
 */

/** Markup by the name of the region. */
export type Regions = Readonly<Record<string, string>>;

export interface LiveSource {
  /** Returns the regions as they are now. */
  readonly regions: () => Promise<Regions>;
  /** Returns the milliseconds until they can differ. */
  readonly dueInMs: () => number;
}

/** Proxies end connections on which nothing is sent; most wait for 30 seconds or more. */
const HEARTBEAT_MS = 15_000;
/** After which browsers connect again. */
const RETRY_MS = 1_000;
/** Then the viewer connects again, and is let in again or not: who may look can change meanwhile. */
export const LIFE_MS = 5 * 60_000;
/** Changes with each snapshot; alone it is no reason to send anything but the heartbeat. */
const AS_OF = 'as-of';

/** Ends when `signal` is aborted, and after 5 minutes. */
export async function* liveEvents(source: LiveSource, signal: AbortSignal): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  const sent = new Map<string, string>();
  let heartbeatAt = 0;
  const endsAt = performance.now() + LIFE_MS;
  while (!signal.aborted && performance.now() < endsAt) {
    const regions = await source.regions();
    const changed = Object.entries(regions).filter(([name, markup]) => sent.get(name) !== markup);
    const isNews = changed.some(([name]) => name !== AS_OF);
    if (isNews || performance.now() >= heartbeatAt) {
      for (const [name, markup] of changed) sent.set(name, markup);
      heartbeatAt = performance.now() + HEARTBEAT_MS;
      // In one line, since JSON has no line breaks.
      yield changed.length > 0 ? `data: ${JSON.stringify(Object.fromEntries(changed))}\n\n` : ':\n\n';
    }
    await pause(source.dueInMs(), signal);
  }
}

/** Does not keep the process alive by itself. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.ceil(ms)).unref();
    signal.addEventListener('abort', end, { once: true });
  });
}
