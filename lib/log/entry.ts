/** Makes the log entry of an attempt: bounded, cleaned, never with a secret. */

import { createHash } from 'node:crypto';
import type { NewAttemptEntry } from '../stores/attempt-log.js';
import type { Attempt } from '../subject/attempt.js';
import type { KeyMaker } from '../subject/key.js';
import { toPart } from '../subject/part.js';
import { MAX_NAME_CHARS, MAX_PATH_CHARS, PLAIN, toExcerpt } from '../util/printable.js';

/** What happened to an attempt, and the lock that refused it or that it set. */
export type AttemptFate = Pick<NewAttemptEntry, 'outcome' | 'reason' | 'dimension' | 'cause' | 'tier'>;

export function toLogEntry(attempt: Attempt, fate: AttemptFate, keys: KeyMaker): NewAttemptEntry {
  const { username, ip, userAgent, method, path, action } = textsOf(attempt, keys);
  return {
    outcome: fate.outcome,
    count: 1,
    username,
    ip,
    userAgent,
    method,
    path,
    action,
    sessionHash: hashOfSession(attempt.req),
    reason: fate.reason,
    dimension: fate.dimension,
    cause: fate.cause,
    tier: fate.tier,
  };
}

type Texts = Pick<NewAttemptEntry, 'username' | 'ip' | 'userAgent' | 'method' | 'path' | 'action'>;

function textsOf(attempt: Attempt, keys: KeyMaker): Texts {
  const { username = null, ip = null, userAgent = null, method = null, path = null, action = null } = attempt;
  // Nearly all are short and plain, and stay as they are; looked at as one string, since that is faster.
  const together = `${username ?? ''}${ip ?? ''}${userAgent ?? ''}${method ?? ''}${path ?? ''}${action ?? ''}`;
  if (!keys.hasSecret && together.length <= MAX_NAME_CHARS && PLAIN.test(together)) {
    return { username, ip, userAgent, method, path, action };
  }
  return {
    // As records have them, so that both are found by the same name; a store keeps none that is long.
    username: username === null ? null : keys.toStored(toPart(username)),
    ip: ip === null ? null : keys.toStored(toPart(ip)),
    userAgent: userAgent && toExcerpt(userAgent, MAX_NAME_CHARS),
    method: method && toExcerpt(method, MAX_NAME_CHARS),
    path: path && toExcerpt(path, MAX_PATH_CHARS),
    action: action && toExcerpt(action, MAX_NAME_CHARS),
  };
}

/** Hashes the session id, with which a reader of the log could take over the session. */
export function hashOfSession(req: object | undefined): string | null {
  try {
    const { sessionID } = (req ?? {}) as { readonly sessionID?: unknown };
    return typeof sessionID === 'string' ? createHash('sha256').update(sessionID).digest('hex') : null;
  } catch {
    // A framework's getter, on a request of a test.
    return null;
  }
}
