/** What the page of the attack shows: the last events, and which browsers have become known. */
import type { AttemptFacts, Lockout } from 'passport-lockout';
import { isBotnet } from './botnet.js';

export type Entry = { readonly at: Date } & (
  | { readonly event: 'attempt_succeeded' | 'attempt_failed' | 'attempt_refused'; readonly attempt: AttemptFacts }
  | { readonly event: 'blocked'; readonly subject: string; readonly failures: number; readonly places: number }
  | { readonly event: 'spray_detected'; readonly address: string; readonly usernames: number }
  | { readonly event: 'attack_suspected' | 'attack_over'; readonly failures: number }
);

export interface KnownBrowser {
  readonly since: Date;
  readonly username: string;
  readonly userAgent: string | undefined;
}

const MAX_ENTRIES = 12;
const MAX_BROWSERS = 20;

export class History {
  /** The newest first. */
  readonly entries: Entry[] = [];
  /** All but those that lost their cookie since. */
  readonly browsers: KnownBrowser[] = [];

  constructor(lockout: Lockout) {
    lockout.on('attempt_succeeded', ({ attempt }) => {
      this.#add({ at: new Date(), event: 'attempt_succeeded', attempt });
      if (attempt.device === 'unknown') this.#addBrowser(attempt);
    });
    for (const event of ['attempt_failed', 'attempt_refused'] as const) {
      lockout.on(event, ({ attempt }: { readonly attempt: AttemptFacts }) => {
        // Ten thousand lines would say less than the counters do.
        if (!isBotnet(attempt.ip)) this.#add({ at: new Date(), event, attempt });
      });
    }
    lockout.on('blocked', ({ parts, failures, places }) => {
      this.#add({ at: new Date(), event: 'blocked', subject: Object.values(parts).join(', '), failures, places });
    });
    lockout.on('spray_detected', ({ subject, usernames }) => {
      this.#add({ at: new Date(), event: 'spray_detected', address: subject.parts['ip'] ?? subject.key, usernames });
    });
    for (const event of ['attack_suspected', 'attack_over'] as const) {
      lockout.on(event, ({ failures }) => this.#add({ at: new Date(), event, failures }));
    }
  }

  #add(entry: Entry): void {
    this.entries.unshift(entry);
    this.entries.splice(MAX_ENTRIES);
  }

  #addBrowser({ username = '', userAgent }: AttemptFacts): void {
    this.browsers.unshift({ since: new Date(), username, userAgent });
    this.browsers.splice(MAX_BROWSERS);
  }
}
