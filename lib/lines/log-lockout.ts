import type { LockoutEvents } from '../events/types.js';
import { assertLockout, type Lockout } from '../lockout.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import {
  attackLine,
  blockedLine,
  failedLine,
  refusedLine,
  sprayLine,
  storeErrorLine,
  succeededLine,
  unblockedLine,
  warningLine,
} from './line-of.js';

/** Anything that writes lines: `console`, pino, winston, bunyan, log4js, the logger of Fastify. */
export interface LineLogger {
  /** Writes a line about something expected. */
  info(line: string): unknown;
  /** Writes a line about something that an operator may have to look at. */
  warn(line: string): unknown;
}

/**
 * Writes one line for each event to a logger: `info` for attempts and what frees a subject, `warn` for locks, signals, errors of the
 * store and warnings. A lock is one line, `ip_blocked`, `username_blocked` or, for other dimensions, `blocked`.
 *
 * No client can forge a line, a field or an address, whatever its username is, so fail2ban may act on these lines: see
 * docs/observability.md. What `sensitive` names is masked.
 *
 * @example
 * ```ts
 * const stop = logLockout(lockout, console);
 * // passport-lockout: attempt_failed ip=203.0.113.9 device=- repeated=false failures="username 2 of 3, ip 2 of 30" username="alice"
 * ```
 * @returns a function that ends it
 * @throws {LockoutConfigError} for anything but a lockout and a logger
 */
export function logLockout(lockout: Lockout, logger: LineLogger): () => void {
  assertLockout(lockout);
  assertLogger(logger);
  const ends: (() => void)[] = [];
  const log = <K extends keyof LockoutEvents>(
    event: K,
    level: keyof LineLogger,
    lineOf: (payload: LockoutEvents[K][0]) => string,
  ): void => {
    const listener = (payload: LockoutEvents[K][0]) => logger[level](lineOf(payload));
    lockout.on(event, listener as never);
    ends.push(() => lockout.off(event, listener as never));
  };

  log('attempt_failed', 'info', failedLine);
  log('attempt_succeeded', 'info', succeededLine);
  log('attempt_refused', 'info', refusedLine);
  log('blocked', 'warn', blockedLine);
  log('unblocked', 'info', unblockedLine);
  log('spray_detected', 'warn', sprayLine);
  log('attack_suspected', 'warn', (attack) => attackLine('attack_suspected', attack));
  log('attack_over', 'info', (attack) => attackLine('attack_over', attack));
  log('store_error', 'warn', storeErrorLine);
  log('warning', 'warn', warningLine);
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

function assertLogger(given: unknown): asserts given is LineLogger {
  const { info, warn } = (given ?? {}) as Partial<LineLogger>;
  if (typeof info === 'function' && typeof warn === 'function') return;
  throw invalidOption('logger', 'an object with the functions info and warn', describeValue(given));
}
