/** From what one lockout publishes to measurements. */
import { type Channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LockoutWarningCode } from '../errors.js';
import type { PublishedEvent } from '../events/types.js';
import { ENGINE, type Lockout } from '../lockout.js';
import { ATTEMPTS, BLOCKS, SIGNALS, STORE_CALLS, type StoreCall, UNBLOCKS } from '../telemetry/channels.js';
import { type AttemptMessage, attemptLabels } from './attempt-labels.js';
import type { CounterName, LabelsOf } from './definitions.js';
import { FewNames } from './few-names.js';

const code: LockoutWarningCode = 'WARN_LOCKOUT_LISTENER_FAILED';

/** Where measurements go. */
export interface MeasurementSink {
  /** @param count - 0 to make the series known, so that its first increase is seen */
  add<K extends CounterName>(counter: K, labels: LabelsOf[K], count: number): void;
  recordStoreCall(seconds: number, labels: LabelsOf['storeCalls']): void;
}

/** Values that are read when metrics are collected. */
export interface Readings {
  readonly waiting: number;
  readonly logBacklog: number;
  /** Since the lockout was created. */
  readonly logDropped: number;
}

export function readingsOf(lockout: Lockout): Readings {
  const { waiting, attemptLog } = lockout[ENGINE];
  return { waiting, logBacklog: attemptLog?.backlog ?? 0, logDropped: attemptLog?.dropped ?? 0 };
}

/** Subscribes to what one lockout publishes. Returns a function that ends it. */
export function observeLockout(lockout: Lockout, sink: MeasurementSink): () => void {
  const strategies = new FewNames();
  const dimensions = new FewNames();
  const ends: (() => void)[] = [];
  const runGuarded = createGuard();
  /** Messages of other lockouts are not for this one. */
  const observe = <T extends { readonly lockout: object }>({ name }: Channel, measure: (message: T) => void): void => {
    const listener = (message: unknown): void => {
      if ((message as T).lockout === lockout) runGuarded(() => measure(message as T));
    };
    subscribe(name, listener);
    ends.push(() => unsubscribe(name, listener));
  };

  observe(ATTEMPTS, (message: AttemptMessage) => sink.add('attempts', attemptLabels(message, strategies), 1));
  observe(BLOCKS, ({ payload: { dimension, cause, tier } }: PublishedEvent<'blocked'>) =>
    sink.add(
      'locks',
      {
        dimension: dimensions.bound(dimension),
        ...(cause !== null && { cause }),
        ...(tier !== null && { tier: String(tier) }),
      },
      1,
    ),
  );
  // The name of the operator is not a label.
  observe(UNBLOCKS, ({ payload: { dimension } }: PublishedEvent<'unblocked'>) =>
    sink.add('unlocks', { dimension: dimensions.bound(dimension) }, 1),
  );
  observe(SIGNALS, ({ event }: PublishedEvent) => {
    if (event === 'spray_detected') sink.add('signals', { signal: 'spray' }, 1);
    if (event === 'attack_suspected') sink.add('signals', { signal: 'attack' }, 1);
  });
  // They are rare, and each is an alert.
  runGuarded(() => {
    for (const signal of ['spray', 'attack'] as const) sink.add('signals', { signal }, 0);
  });
  const onCallEnd = (call: StoreCall): void => {
    if (call.isPending) return;
    const { operation, startedAt, error } = call;
    const labels = error ? { operation, 'error.type': error.code } : { operation };
    sink.recordStoreCall((performance.now() - startedAt) / 1_000, labels);
  };
  observe(STORE_CALLS.end, onCallEnd);
  observe(STORE_CALLS.asyncEnd, onCallEnd);
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

/** A subscriber that throws would end the process, since Node makes its error an uncaught exception. Warns once. */
function createGuard(): (measure: () => void) => void {
  let hasWarned = false;
  return (measure) => {
    try {
      measure();
    } catch (error) {
      if (hasWarned) return;
      hasWarned = true;
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.emitWarning('measuring a lockout failed; logins are not affected', {
        type: 'LockoutWarning',
        code,
        detail,
      });
    }
  };
}
