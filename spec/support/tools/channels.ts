/** What is published through `node:diagnostics_channel` by one lockout, in order. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Lockout, PublishedEvent } from '../../../lib/index.js';

const CHANNELS = ['attempt', 'blocked', 'unblocked', 'signal', 'store-error'] as const;
const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** Subscribes to a channel by name, as a tool does. Returns a function that ends it. */
export function onChannel(name: string, listener: (message: unknown) => void): () => void {
  subscribe(name, listener);
  return () => unsubscribe(name, listener);
}

export class ChannelLog {
  readonly events: (PublishedEvent & { readonly channel: string })[] = [];
  /** As `reserve:start`. */
  readonly calls: string[] = [];
  readonly #ends: readonly (() => void)[];

  constructor(lockout: Lockout) {
    const isOurs = (message: unknown) => (message as { readonly lockout: object }).lockout === lockout;
    this.#ends = [
      ...CHANNELS.map((channel) =>
        onChannel(`passport-lockout:${channel}`, (message) => {
          if (isOurs(message)) this.events.push({ channel, ...(message as PublishedEvent) });
        }),
      ),
      ...PHASES.map((phase) =>
        onChannel(`tracing:passport-lockout:store:${phase}`, (message) => {
          if (isOurs(message)) this.calls.push(`${(message as { readonly operation: string }).operation}:${phase}`);
        }),
      ),
    ];
  }

  close(): void {
    for (const end of this.#ends) end();
  }
}
