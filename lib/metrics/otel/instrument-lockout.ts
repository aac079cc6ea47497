import type { Counter, Meter } from '@opentelemetry/api';
import * as z from 'zod/mini';
import { assertLockout, type Lockout } from '../../lockout.js';
import { anObject } from '../../validation/fields.js';
import { validateOptions } from '../../validation/validate.js';
import { countLocked } from '../count-locked.js';
import {
  COUNTERS,
  type CounterName,
  DURATION_BUCKETS,
  LOCKED,
  LOG_BACKLOG,
  LOG_DROPPED,
  STORE_DURATION,
  WAITING,
} from '../definitions.js';
import { observeLockout, readingsOf } from '../observe-lockout.js';
import { commonFields, DEFAULT_NAME, type MetricsOptions, withMethods } from '../options.js';

/** Options of `instrumentLockout`. */
export interface InstrumentOptions extends MetricsOptions {
  /** The meter that makes the instruments. */
  readonly meter: Meter;
}

const schema = z.strictObject(
  {
    meter: withMethods<Meter>('a Meter of OpenTelemetry', 'createCounter', 'addBatchObservableCallback'),
    ...commonFields,
  },
  anObject,
);

/**
 * Measures a lockout with OpenTelemetry: attempts, locks, unlocks, signals, calls to the store, and the queue of the attempt log.
 * No attribute is a username, an address, or anything else that a client chooses. The metrics are listed in docs/observability.md.
 *
 * @returns a function that ends it
 * @throws {LockoutConfigError} for anything but a lockout and a meter
 */
export function instrumentLockout(lockout: Lockout, options: InstrumentOptions): () => void {
  assertLockout(lockout);
  const { meter, name = DEFAULT_NAME, countLocked: isCounting = false } = validateOptions(schema, options, 'options');
  const own = { lockout: name };
  const counters = createCounters(meter);
  const duration = meter.createHistogram(STORE_DURATION.name, {
    ...settingsOf(STORE_DURATION),
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  const waiting = meter.createObservableGauge(WAITING.name, settingsOf(WAITING));
  const backlog = meter.createObservableGauge(LOG_BACKLOG.name, settingsOf(LOG_BACKLOG));
  const dropped = meter.createObservableCounter(LOG_DROPPED.name, settingsOf(LOG_DROPPED));
  const locked = isCounting ? meter.createObservableGauge(LOCKED.name, settingsOf(LOCKED)) : undefined;
  const observables = [waiting, backlog, dropped, ...(locked ? [locked] : [])];
  const read: Parameters<Meter['addBatchObservableCallback']>[0] = async (result) => {
    const readings = readingsOf(lockout);
    result.observe(waiting, readings.waiting, own);
    result.observe(backlog, readings.logBacklog, own);
    result.observe(dropped, readings.logDropped, own);
    if (!locked) return;
    for (const [dimension, count] of await countLocked(lockout)) result.observe(locked, count, { ...own, dimension });
  };

  meter.addBatchObservableCallback(read, observables);
  const stop = observeLockout(lockout, {
    add: (counter, labels, count) => counters[counter].add(count, { ...own, ...labels }),
    recordStoreCall: (seconds, labels) => duration.record(seconds, { ...own, ...labels }),
  });
  return () => {
    stop();
    meter.removeBatchObservableCallback(read, observables);
  };
}

function createCounters(meter: Meter): Readonly<Record<CounterName, Counter>> {
  const create = (counter: CounterName) => meter.createCounter(COUNTERS[counter].name, settingsOf(COUNTERS[counter]));
  return {
    attempts: create('attempts'),
    locks: create('locks'),
    unlocks: create('unlocks'),
    signals: create('signals'),
  };
}

function settingsOf({ description, unit }: { readonly description: string; readonly unit: string }) {
  return { description, unit };
}
