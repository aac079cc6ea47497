/** Express and Connect middleware that refuses every request of a locked or denied address. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  DENIED,
  lockedRefusal,
  type Refusal,
  STORE_UNAVAILABLE,
  toHttpStatus,
  toLockedPage,
} from '../attempt/refusal.js';
import type { Engine } from '../engine.js';
import { LockoutConfigError, LockoutStoreError } from '../errors.js';
import { readAttempt } from '../request/read-attempt.js';
import type { Dimension } from '../subject/dimension.js';
import type { Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain, isThenable } from '../util/awaitable.js';
import { respondRefused } from './respond.js';

export type LockoutMiddleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

export function createMiddleware(engine: Engine): LockoutMiddleware {
  const { options } = engine;
  const dimension = options.dimensions.named('ip');
  if (!dimension) {
    const counted = options.dimensions
      .known()
      .map(({ name }) => name)
      .join(', ');
    const message = `middleware(): expected 'ip' among options.dimensions, got ${counted}`;
    throw new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', message);
  }
  return (req, res, next) => {
    const answer = (refusal: Refusal | null) => {
      if (!refusal) return next();
      const { retryAfterHeader, respondWith, messages } = options;
      const client = { username: undefined, locale: messages.localeFor(req) };
      const locked = toLockedPage(refusal, client, options);
      const status = toHttpStatus(refusal, options);
      respondRefused(req, res, { status, locked, retryAfterHeader, respondWith, messages });
    };
    const judged = judgeAddress(engine, dimension, req);
    if (isThenable(judged)) (judged as Promise<Refusal | null>).then(answer).catch(next);
    else answer(judged as Refusal | null);
  };
}

function judgeAddress(
  { options, locks, store, rotation }: Engine,
  dimension: Dimension,
  req: IncomingMessage,
): Awaitable<Refusal | null> {
  if (!options.enabled || !options.enforces || options.skip?.(req)) return null;
  const attempt = readAttempt(options, { req });
  if (options.isAddressDenied?.(attempt)) return DENIED;
  if (attempt.ip === undefined || options.isAllowed?.(attempt)) return null;
  const policy = options.policyFor(dimension, attempt);
  const judge = (subject: Subject): Awaitable<Refusal | null> => {
    const seen = locks.get(subject.key);
    if (seen) return lockedRefusal({ subject, policy }, seen);
    return chain(
      store.call('read', (port) => port.read(subject.key)),
      (record) => {
        if (record instanceof LockoutStoreError) return options.onStoreError === 'deny' ? STORE_UNAVAILABLE : null;
        if (!record?.lock) return null;
        if (!store.store.isLocal) locks.remember(subject.key, record.lock);
        return lockedRefusal({ subject, policy }, record.lock);
      },
    );
  };
  const variants = rotation.variantsOf(options.keys.toSubject('ip', { ip: attempt.ip }));
  return chain(all(variants.map(judge)), (judged) => judged.find((refusal) => refusal !== null) ?? null);
}
