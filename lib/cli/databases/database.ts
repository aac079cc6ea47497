/** A database that a command has opened, since no application did. */

import type { LockoutStore } from '../../stores/store.js';
import { maskCredentials } from '../escape.js';
import { CliError, EXIT } from '../exit.js';

export interface Database {
  readonly store: LockoutStore;
  /** What the operator should know of it. */
  readonly note?: string;
  close(): unknown;
}

export const CONNECT_TIMEOUT_MS = 5_000;

/** Says why a database could not be opened, without the credentials in its URI. */
export function unreachable(error: unknown, uri: string): CliError {
  return new CliError(EXIT.unreachable, `cannot reach the store: ${maskCredentials(messageOf(error), uri)}`);
}

export function messageOf(error: unknown): string {
  return (error instanceof Error && error.message) || String(error);
}
