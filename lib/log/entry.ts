/** What the attempt log keeps of an attempt: bounded, cleaned, never a secret. */

import { createHash } from 'node:crypto';
import type { NewAttemptEntry } from '../stores/attempt-log.js';
import type { Attempt } from '../subject/attempt.js';
import type { KeyMaker } from '../subject/key.js';
import { asked } from '../util/asked.js';
import { clean, MAX_NAME_CHARS, MAX_PATH_CHARS } from '../util/printable.js';

/** What happened to it, and the lock that refused it or that it set. */
export type AttemptFate = Pick<NewAttemptEntry, 'outcome' | 'reason' | 'dimension' | 'tier'>;

export function toLogEntry(attempt: Attempt, fate: AttemptFate, keys: KeyMaker): NewAttemptEntry {
  return {
    outcome: fate.outcome,
    count: 1,
    username: toField(attempt.username && keys.toStored(attempt.username), MAX_NAME_CHARS),
    ip: toField(attempt.ip && keys.toStored(attempt.ip), MAX_NAME_CHARS),
    userAgent: toField(attempt.userAgent, MAX_NAME_CHARS),
    method: toField(attempt.method, MAX_NAME_CHARS),
    path: toField(attempt.path, MAX_PATH_CHARS),
    action: toField(attempt.action, MAX_NAME_CHARS),
    sessionHash: hashOfSession(attempt.req),
    reason: fate.reason,
    dimension: fate.dimension,
    tier: fate.tier,
  };
}

function toField(text: string | undefined, maxChars: number): string | null {
  return text === undefined ? null : clean(text, maxChars);
}

/** A name as the log has it, to look it up. */
export function toLoggedName(stored: string): string {
  return clean(stored, MAX_NAME_CHARS);
}

/** The id itself would let a reader of the log take over the session. */
export function hashOfSession(req: object | undefined): string | null {
  const sessionID = asked(() => (req as { readonly sessionID?: unknown } | undefined)?.sessionID);
  return typeof sessionID === 'string' ? createHash('sha256').update(sessionID).digest('hex') : null;
}
