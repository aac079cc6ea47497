/** What the access log keeps of an attempt: bounded, cleaned, never a secret. */
import { createHash } from 'node:crypto';
import type { NewAttemptEntry } from '../stores/attempt-log.js';
import type { Attempt } from '../subject/attempt.js';
import type { KeyMaker } from '../subject/key.js';

/** What happened to it, and the lock that refused it or that it set. */
export type AttemptFate = Pick<NewAttemptEntry, 'outcome' | 'reason' | 'dimension' | 'tier'>;

const MAX_NAME_CHARS = 256;
const MAX_PATH_CHARS = 512;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would let a client write into terminals and log files
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
const PLAIN = /^[\u0020-\u007e]*$/;

export function toAuditEntry(attempt: Attempt, fate: AttemptFate, keys: KeyMaker): NewAttemptEntry {
  return {
    outcome: fate.outcome,
    username: clean(attempt.username && keys.toStored(attempt.username), MAX_NAME_CHARS),
    ip: clean(attempt.ip && keys.toStored(attempt.ip), MAX_NAME_CHARS),
    userAgent: clean(attempt.userAgent, MAX_NAME_CHARS),
    method: clean(attempt.method, MAX_NAME_CHARS),
    path: clean(attempt.path, MAX_PATH_CHARS),
    strategy: clean(attempt.strategy, MAX_NAME_CHARS),
    sessionHash: hashOfSession(attempt.req),
    reason: fate.reason,
    dimension: fate.dimension,
    tier: fate.tier,
  };
}

function clean(text: string | undefined, maxChars: number): string | null {
  if (text === undefined) return null;
  if (text.length <= maxChars && PLAIN.test(text)) return text;
  return text.slice(0, maxChars).replace(CONTROL, '\ufffd').toWellFormed();
}

/** A name as the log has it, to look it up. */
export function toLoggedName(stored: string): string {
  return clean(stored, MAX_NAME_CHARS) as string;
}

/** The id itself would let a reader of the log take over the session. */
function hashOfSession(req: object | undefined): string | null {
  const { sessionID } = (req ?? {}) as { readonly sessionID?: unknown };
  return typeof sessionID === 'string' ? createHash('sha256').update(sessionID).digest('hex') : null;
}
