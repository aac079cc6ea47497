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
  return {
    outcome: fate.outcome,
    count: 1,
    username: toName(attempt.username, keys),
    ip: toName(attempt.ip, keys),
    userAgent: toField(attempt.userAgent, MAX_NAME_CHARS),
    method: toField(attempt.method, MAX_NAME_CHARS),
    path: toField(attempt.path, MAX_PATH_CHARS),
    action: toField(attempt.action, MAX_NAME_CHARS),
    sessionHash: hashOfSession(attempt.req),
    reason: fate.reason,
    dimension: fate.dimension,
    cause: fate.cause,
    tier: fate.tier,
  };
}

function toField(text: string | undefined, maxChars: number): string | null {
  return text === undefined ? null : toExcerpt(text, maxChars);
}

/** Returns the name as records have it, so that one search finds both; stores keep no long names. */
function toName(name: string | undefined, keys: KeyMaker): string | null {
  return name === undefined ? null : keys.toStored(toPart(name));
}

/** Hashes the session id, with which a reader of the log could take over the session. */
export function hashOfSession(req: object | undefined): string | null {
  const sessionID = asked(() => (req as { readonly sessionID?: unknown } | undefined)?.sessionID);
  return typeof sessionID === 'string' ? createHash('sha256').update(sessionID).digest('hex') : null;
}
