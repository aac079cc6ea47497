/** Reads the arguments of a verify function. */
import type { LockoutRequest } from '../subject/attempt.js';
import type { UsernameRule } from './profile.js';

/**
 * How deep a parsed body is searched; strategies read nested fields such as `user[email]`. In breadth there is no limit
 * but the body parser's, or a client could hide its username behind enough other fields.
 */
const MAX_DEPTH = 6;

/** The arguments without the request, recognised by identity, and without the callback, the last function. */
export function credentialArgs(args: readonly unknown[], req: LockoutRequest): readonly unknown[] {
  let done = args.length - 1;
  while (done >= 0 && typeof args[done] !== 'function') done -= 1;
  return args.filter((arg, index) => index !== done && arg !== req);
}

/** What tells one guess from another: the values the client sent. */
export function guessOf(credentials: readonly unknown[]): readonly unknown[] {
  return credentials.filter((value) => value !== null && typeof value !== 'object' && typeof value !== 'function');
}

export function usernameIn(credentials: readonly unknown[], rule: UsernameRule, req: LockoutRequest): unknown {
  if (rule === 'first') return credentials[0];
  // The count alone is not enough: other strategies pass two values of their provider, e.g. an issuer and a subject.
  if (credentials.length !== 2 || !credentials.every((value) => wasSent(value, req))) return undefined;
  return credentials[0];
}

function wasSent(value: unknown, req: LockoutRequest): boolean {
  if (value === undefined || value === null) return false;
  const { body, query } = req as { readonly body?: unknown; readonly query?: unknown };
  return contains(body, value, MAX_DEPTH) || contains(query, value, MAX_DEPTH);
}

function contains(container: unknown, wanted: unknown, depth: number): boolean {
  if (typeof container !== 'object' || container === null || ArrayBuffer.isView(container)) return false;
  return Object.values(container).some(
    (value) => value === wanted || (depth > 1 && contains(value, wanted, depth - 1)),
  );
}
