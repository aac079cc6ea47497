/** Express and Connect middleware that refuses every request of a locked or denied address. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalOf } from '../attempt/obstacle.js';
import { DENIED, type Refusal, toHttpStatus, toLockedPage } from '../attempt/refusal.js';
import type { Engine } from '../engine.js';
import { checkRequest, wrong } from '../request/attempt-input.js';
import { readAttempt } from '../request/read-attempt.js';
import type { Dimension } from '../subject/dimension.js';
import type { Awaitable } from '../util/awaitable.js';
import { chain, isThenable } from '../util/awaitable.js';
import { invalidOption } from '../validation/invalid-option.js';
import { respondRefused } from './respond.js';

/**
 * Middleware for Express and Connect: answers the request of a locked or denied address, and calls `next` for any other.
 */
export type LockoutMiddleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

export function createMiddleware(engine: Engine): LockoutMiddleware {
  const { options } = engine;
  const dimension = options.dimensions.named('ip');
  if (!dimension) {
    const counted = options.dimensions
      .known()
      .map(({ name }) => name)
      .join(', ');
    throw invalidOption('middleware()', "'ip' among options.dimensions", counted);
  }
  return (req, res, next) => {
    if (typeof next !== 'function') throw wrong('next', 'a function', next);
    const refuse = (refusal: Refusal) => {
      if (typeof res?.setHeader !== 'function' || typeof res.end !== 'function') throw wrong('res', 'a response', res);
      const { retryAfterHeader, respondWith, messages } = options;
      const client = { username: undefined, locale: messages.localeFor(req) };
      const locked = toLockedPage(refusal, client, options);
      const status = toHttpStatus(refusal, options);
      respondRefused(req, res, { status, locked, retryAfterHeader, respondWith, messages });
    };
    const judged = attempt(() => judgeAddress(engine, dimension, req));
    if (judged instanceof Failed) return next(judged.error);
    if (isThenable(judged)) {
      (judged as Promise<Refusal | null>).then((refusal) => pass(refusal, refuse, next)).catch(next);
    } else pass(judged as Refusal | null, refuse, next);
  };
}

/** @throws {LockoutConfigError} if `lockout.middleware` itself is used as a middleware */
export function assertNone(args: readonly unknown[]): void {
  if (args.length === 0) return;
  const got = `${args.length}. It makes a middleware: app.use(lockout.middleware())`;
  throw invalidOption('middleware()', 'no argument', got);
}

class Failed {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Catches what functions in the options throw: without a framework nobody else would. */
function attempt<T>(act: () => T): T | Failed {
  try {
    return act();
  } catch (error) {
    return new Failed(error);
  }
}

function pass(judged: Refusal | null, refuse: (refusal: Refusal) => void, next: (error?: unknown) => void): void {
  if (!judged) {
    next();
    return;
  }
  const refused = attempt(() => refuse(judged));
  if (refused instanceof Failed) next(refused.error);
}

function judgeAddress(
  { options, devices, slots, rotation }: Engine,
  dimension: Dimension,
  req: IncomingMessage,
): Awaitable<Refusal | null> {
  checkRequest(req, 'req');
  if (!options.enabled || !options.enforces || options.skip?.(req)) return null;
  const attempt = readAttempt(options, { req });
  if (options.isAddressDenied?.(attempt)) return DENIED;
  if (attempt.ip === undefined || options.isAllowed?.(attempt)) return null;
  // The strategy judges whether the device is known; a lock by strangers must not keep it from being asked.
  const rowOnly = devices?.areShownBy(req) ?? false;
  const policy = { ...options.policyFor(dimension, attempt), rowOnly };
  const candidates = rotation.candidatesOf(options.keys.toSubject('ip', { ip: attempt.ip }), policy);
  // Refuse as a login would be refused.
  return chain(slots.peek(candidates), (obstacle) => (obstacle ? refusalOf(obstacle) : null));
}
