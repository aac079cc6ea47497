/** One snapshot of a lockout for everybody who looks at it: at most one a second is taken, and only while somebody looks. */
import type { Lockout } from '../../lockout.js';
import { NowReader, type NowReading } from '../pages/now/data.js';
import type { NowChart, NowSnapshot } from '../pages/now/snapshot.js';
import { Seats } from './seats.js';

const EVERY_MS = 1_000;
/** A store that fails is not asked as often. */
const AFTER_FAILURE_MS = 5_000;

/** One instant, for all viewers of all spans. */
export class Moment {
  readonly reading: NowReading;
  readonly #reader: NowReader;
  readonly #snapshots = new Map<NowChart['span'], Promise<NowSnapshot>>();
  readonly #rendered = new Map<string, unknown>();

  constructor(reader: NowReader, reading: NowReading) {
    this.#reader = reader;
    this.reading = reading;
  }

  snapshot(span: NowChart['span']): Promise<NowSnapshot> {
    const known = this.#snapshots.get(span);
    if (known) return known;
    const snapshot = this.#reader.show(this.reading, span);
    this.#snapshots.set(span, snapshot);
    return snapshot;
  }

  /** Returns what `make` makes, once for each key: viewers of the same view share it. */
  once<T>(key: string, make: () => T): T {
    if (!this.#rendered.has(key)) this.#rendered.set(key, make());
    return this.#rendered.get(key) as T;
  }
}

export class NowFeed {
  readonly seats = new Seats();
  readonly #reader: NowReader;
  #last: Moment | undefined;
  #pending: Promise<Moment> | undefined;
  /** Monotonic time from which on the next snapshot may be taken. */
  #dueAt = 0;

  constructor(lockout: Lockout) {
    this.#reader = new NowReader(lockout);
  }

  /** Milliseconds until there can be something new. */
  get dueInMs(): number {
    return Math.max(0, this.#dueAt - performance.now());
  }

  /** Returns the latest moment, which is less than a second old, unless the store fails. */
  async current(): Promise<Moment> {
    if (this.#last && this.dueInMs > 0) return this.#last;
    return this.#take();
  }

  /** Returns a moment that begins now, for somebody who has just changed something. */
  async fresh(): Promise<Moment> {
    await this.#pending?.catch(() => undefined);
    return this.#take();
  }

  #take(): Promise<Moment> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #read(): Promise<Moment> {
    const startedAt = performance.now();
    const reading = await this.#reader.read();
    this.#last = new Moment(this.#reader, reading);
    this.#dueAt = reading.gaps.some(({ hasFailed }) => hasFailed)
      ? performance.now() + AFTER_FAILURE_MS
      : startedAt + EVERY_MS;
    return this.#last;
  }
}

/** By the lockout, so that several mounts of the pages share it. */
const feeds = new WeakMap<Lockout, NowFeed>();

export function feedOf(lockout: Lockout): NowFeed {
  const known = feeds.get(lockout);
  if (known) return known;
  const feed = new NowFeed(lockout);
  feeds.set(lockout, feed);
  return feed;
}
