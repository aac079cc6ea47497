/** A lockout on its own clock, and all its events, on both kinds of store. */
import { Lockout, type LockoutOptions, MemoryStore } from '../../../lib/index.js';
import { ManualClock } from '../stores/manual-clock.js';
import { SlowStore } from '../stores/slow-store.js';
import { EventLog } from '../tools/events.js';

export const ALICE = { username: 'alice', ip: '203.0.113.9' };
export const wrong = () => false;
export const right = () => 'a session';

export interface LockoutSite {
  clock: ManualClock;
  lockout: Lockout;
  events: EventLog;
  /** Starts again, with other options. */
  start(options?: LockoutOptions): void;
}

const STORES = [
  ['the memory store', (clock: ManualClock) => new MemoryStore({ clock: clock.read })],
  ['an asynchronous store', (clock: ManualClock) => new SlowStore({ clock: clock.read })],
] as const;

export function describeLockout(body: (site: LockoutSite) => void): void {
  for (const [what, createStore] of STORES) {
    describe(`Lockout on ${what}`, () => {
      const site = {
        start(options: LockoutOptions = {}): void {
          site.clock = new ManualClock();
          site.lockout = new Lockout({ store: createStore(site.clock), ...options });
          site.events = new EventLog(site.lockout);
        },
      } as LockoutSite;

      beforeEach(() => site.start());

      body(site);
    });
  }
}
