/** Makes the log entry of an attempt: bounded, cleaned, never with a secret. */

import { createHash } from 'node:crypto';
import type { NewAttemptEntry } from '../stores/attempt-log.js';
import type { Attempt } from '../subject/attempt.js';
import type { KeyMaker } from '../subject/key.js';
import { toPart } from '../subject/part.js';
import { asked } from '../util/asked.js';
import { MAX_NAME_CHARS, MAX_PATH_CHARS, toExcerpt } from '../util/printable.js';

/** What happened to an attempt, and the lock that refused it or that it set. */
export type AttemptFate = Pick<NewAttemptEntry, 'outcome' | 'reason' | 'dimension' | 'cause' | 'tier'>;

export function toLogEntry(attempt: Attempt, fate: AttemptFate, keys: KeyMaker): NewAttemptEntry {
  const { username, ip, userAgent, method, path, action } = attempt;
  return {
    outcome: fate.outcome,
    count: 1,
    // As records have them, so that both are found by the same name; a store keeps none that is long.
    username: username === undefined ? null : keys.toStored(toPart(username)),
    ip: ip === undefined ? null : keys.toStored(toPart(ip)),
    userAgent: userAgent === undefined ? null : toExcerpt(userAgent, MAX_NAME_CHARS),
    method: method === undefined ? null : toExcerpt(method, MAX_NAME_CHARS),
    path: path === undefined ? null : toExcerpt(path, MAX_PATH_CHARS),
    action: action === undefined ? null : toExcerpt(action, MAX_NAME_CHARS),
    sessionHash: hashOfSession(attempt.req),
    reason: fate.reason,
    dimension: fate.dimension,
    cause: fate.cause,
    tier: fate.tier,
  };
}

/** Hashes the session id, with which a reader of the log could take over the session. */
export function hashOfSession(req: object | undefined): string | null {
  const sessionID = asked(() => (req as { readonly sessionID?: unknown } | undefined)?.sessionID);
  return typeof sessionID === 'string' ? createHash('sha256').update(sessionID).digest('hex') : null;
}
