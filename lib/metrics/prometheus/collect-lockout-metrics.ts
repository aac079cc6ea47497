import type { Registry } from 'prom-client';
import * as z from 'zod/mini';
import { assertLockout, type Lockout } from '../../lockout.js';
import { describeValue } from '../../validation/describe-value.js';
import { anObject } from '../../validation/fields.js';
import { invalidOption } from '../../validation/invalid-option.js';
import { validateOptions } from '../../validation/validate.js';
import { observeLockout } from '../observe-lockout.js';
import { commonFields, DEFAULT_NAME, type MetricsOptions, withMethods } from '../options.js';
import { Instruments } from './instruments.js';

/** Options of `collectLockoutMetrics`. */
export interface CollectOptions extends MetricsOptions {
  /** The registry that the application serves: `register` of prom-client, or one of its own. */
  readonly register: Registry;
}

const schema = z.strictObject(
  {
    register: withMethods<Registry>('a Registry of prom-client', 'registerMetric', 'removeSingleMetric'),
    ...commonFields,
  },
  anObject,
);

/** Several lockouts share the metrics of a registry, which accepts each name once. */
const instrumentsOf = new WeakMap<Registry, Instruments>();

/**
 * Measures a lockout with prom-client: attempts, locks, unlocks, signals, calls to the store, and the queue of the attempt log. No
 * label is a username, an address, or anything else that a client chooses. The metrics are listed in docs/observability.md.
 *
 * @returns a function that ends it, and removes the metrics from the registry once no lockout uses them
 * @throws {LockoutConfigError} for anything but a lockout and a registry, and if another lockout of the registry has this name
 */
export function collectLockoutMetrics(lockout: Lockout, options: CollectOptions): () => void {
  assertLockout(lockout);
  const { register, name = DEFAULT_NAME, countLocked = false } = validateOptions(schema, options, 'options');
  const instruments = instrumentsOf.get(register) ?? new Instruments(register);
  if (instruments.has(name)) {
    throw invalidOption('options.name', 'a name that no other lockout of this registry has', describeValue(name));
  }
  instrumentsOf.set(register, instruments);
  instruments.addLockout(name, lockout, countLocked);
  const stop = observeLockout(lockout, instruments.sinkFor(name));
  return () => {
    stop();
    if (!instruments.removeLockout(name, lockout)) return;
    instruments.unregister();
    instrumentsOf.delete(register);
  };
}
