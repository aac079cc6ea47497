/**
 * The metrics of a lockout for OpenTelemetry, on a meter of the application. Needs only the API, no SDK.
 *
 * @module
 * @example
 * ```ts
 * import { metrics } from '@opentelemetry/api';
 * import { Lockout } from 'passport-lockout';
 * import { instrumentLockout } from 'passport-lockout/otel';
 *
 * const lockout = new Lockout();
 * const stop = instrumentLockout(lockout, { meter: metrics.getMeter('logins') });
 * ```
 */
export type { MetricsOptions } from '../options.js';
export { type InstrumentOptions, instrumentLockout } from './instrument-lockout.js';
