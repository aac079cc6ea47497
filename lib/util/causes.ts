/** The causes of an error, safe to log: short strings of one line, without the credentials of a URL. */
import { asked } from './asked.js';
import { toExcerpt } from './printable.js';
import { maskCredentialsOf } from './url-credentials.js';

/** Causes may form a cycle. */
const MAX_CAUSES = 5;
const MAX_MESSAGE_CHARS = 512;
const MAX_NAME_CHARS = 64;

export interface ToldCause {
  readonly name: string;
  /** Such as `ECONNREFUSED`, if there is one. */
  readonly code?: string | number;
  /** The code if there is no message; a thrown string is its own message. */
  readonly message: string;
  readonly cause?: ToldCause;
}

/** Returns the cause of an error and those below it; undefined if there is none. */
export function toldCauseOf(error: Error, depth = 1): ToldCause | undefined {
  const cause: unknown = asked(() => error.cause);
  if (cause === undefined || cause === null || depth > MAX_CAUSES) return undefined;
  const { name, code, message } = toldError(cause);
  const below = toldCauseOf(cause as Error, depth + 1);
  return { name, ...(code !== undefined && { code }), message, ...(below && { cause: below }) };
}

/** Returns the message of the innermost cause that has one. */
export function rootCauseOf(error: Error): string | undefined {
  let root: string | undefined;
  for (let cause = toldCauseOf(error); cause; cause = cause.cause) root = cause.message || root;
  return root;
}

function toldError(error: unknown): Omit<ToldCause, 'cause'> {
  if (typeof error !== 'object' || error === null) return { name: typeof error, message: textOf(String(error)) };
  const members = error as Readonly<Record<string, unknown>>;
  const [name, code, message] = ['name', 'code', 'message'].map((member) => asked(() => members[member]));
  const known = typeof code === 'string' ? textOf(code, MAX_NAME_CHARS) : code;
  return {
    name: typeof name === 'string' ? textOf(name, MAX_NAME_CHARS) : 'object',
    ...((typeof known === 'string' || typeof known === 'number') && { code: known }),
    // After trying several addresses, node:net throws one error without a message.
    message: textOf(String((typeof message === 'string' && message) || (known ?? ''))),
  };
}

function textOf(text: string, maxChars = MAX_MESSAGE_CHARS): string {
  return toExcerpt(maskCredentialsOf(text), maxChars);
}
