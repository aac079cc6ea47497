/**
 * The metrics of a lockout for Prometheus, on the registry of the application: it has an endpoint already.
 *
 * @module
 * @example
 * ```ts
 * import { Lockout } from 'passport-lockout';
 * import { collectLockoutMetrics } from 'passport-lockout/prometheus';
 * import { register } from 'prom-client';
 *
 * const lockout = new Lockout();
 * const stop = collectLockoutMetrics(lockout, { register });
 * ```
 */
export type { MetricsOptions } from '../options.js';
export { type CollectOptions, collectLockoutMetrics } from './collect-lockout-metrics.js';
