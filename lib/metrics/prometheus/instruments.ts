/** The metrics of all lockouts on one registry. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Lockout } from '../../lockout.js';
import { countLocked } from '../count-locked.js';
import {
  COUNTERS,
  type CounterName,
  DURATION_BUCKETS,
  LOCKED,
  LOG_BACKLOG,
  LOG_DROPPED,
  METRICS,
  STORE_DURATION,
  WAITING,
} from '../definitions.js';
import { type MeasurementSink, readingsOf } from '../observe-lockout.js';

interface Collected {
  readonly lockout: Lockout;
  readonly countsLocked: boolean;
  /** How many lost entries the counter has already. */
  dropped: number;
}

export class Instruments {
  readonly #register: Registry;
  readonly #lockouts = new Map<string, Collected>();
  readonly #counters: Readonly<Record<CounterName, Counter>>;
  readonly #duration: Histogram;

  constructor(register: Registry) {
    this.#register = register;
    const create = (counter: CounterName) => new Counter(this.#settingsOf(COUNTERS[counter]));
    this.#counters = {
      attempts: create('attempts'),
      locks: create('locks'),
      unlocks: create('unlocks'),
      signals: create('signals'),
    };
    this.#duration = new Histogram({ ...this.#settingsOf(STORE_DURATION), buckets: DURATION_BUCKETS });
    this.#createReadings();
  }

  has(name: string): boolean {
    return this.#lockouts.has(name);
  }

  addLockout(name: string, lockout: Lockout, countsLocked: boolean): void {
    this.#lockouts.set(name, { lockout, countsLocked, dropped: 0 });
  }

  /** @returns whether it was the last one */
  removeLockout(name: string, lockout: Lockout): boolean {
    if (this.#lockouts.get(name)?.lockout !== lockout) return false;
    this.#lockouts.delete(name);
    return this.#lockouts.size === 0;
  }

  unregister(): void {
    for (const { prometheusName } of METRICS) this.#register.removeSingleMetric(prometheusName);
  }

  sinkFor(name: string): MeasurementSink {
    return {
      add: (counter, labels, count) => this.#counters[counter].inc({ lockout: name, ...labels }, count),
      recordStoreCall: (seconds, { operation, 'error.type': error_type }) =>
        this.#duration.observe({ lockout: name, operation, ...(error_type && { error_type }) }, seconds),
    };
  }

  /** Creates the metrics that are read when the registry is. */
  #createReadings(): void {
    const lockouts = this.#lockouts;
    new Gauge({
      ...this.#settingsOf(WAITING),
      collect() {
        this.reset();
        for (const [name, { lockout }] of lockouts) this.set({ lockout: name }, readingsOf(lockout).waiting);
      },
    });
    new Gauge({
      ...this.#settingsOf(LOG_BACKLOG),
      collect() {
        this.reset();
        for (const [name, { lockout }] of lockouts) this.set({ lockout: name }, readingsOf(lockout).logBacklog);
      },
    });
    new Gauge({
      ...this.#settingsOf(LOCKED),
      async collect() {
        const counting = [...lockouts].filter(([, { countsLocked }]) => countsLocked);
        const counted = await Promise.all(
          counting.map(async ([name, { lockout }]) => [name, await countLocked(lockout)] as const),
        );
        // Only now, or two readings at once would see each other's half.
        this.reset();
        for (const [name, counts] of counted)
          for (const [dimension, count] of counts) this.set({ lockout: name, dimension }, count);
      },
    });
    new Counter({
      ...this.#settingsOf(LOG_DROPPED),
      collect() {
        for (const [name, collected] of lockouts) {
          const { logDropped } = readingsOf(collected.lockout);
          this.inc({ lockout: name }, logDropped - collected.dropped);
          collected.dropped = logDropped;
        }
      },
    });
  }

  #settingsOf(metric: {
    readonly prometheusName: string;
    readonly description: string;
    readonly labels: readonly string[];
  }) {
    return {
      name: metric.prometheusName,
      help: metric.description,
      labelNames: ['lockout', ...metric.labels.map((label) => label.replace('.', '_'))],
      registers: [this.#register],
    };
  }
}
