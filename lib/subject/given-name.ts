/** Names that are no user's: those of OAuth clients, and those that stand for all names of a kind. */
import { BLANK_USERNAME, MALFORMED_USERNAME } from './username.js';

/** @returns undefined for no name at all */
export type Fold = (username: unknown) => string | undefined;

/** Its capitals no canonical name can have. */
const CLIENT = 'CLIENT:';

/**
 * OAuth clients (RFC 6749, section 2.3) are no users: whoever registers a client under the name of a user must neither
 * lock him nor, by succeeding, free himself of the failures at his account.
 */
export function clientName(canonical: string): string {
  return CLIENT + canonical;
}

/** A fold of the application's own may keep capitals; no user is taken for a client even so. */
export function userName(canonical: string): string {
  return canonical.startsWith(CLIENT) ? CLIENT.toLowerCase() + canonical.slice(CLIENT.length) : canonical;
}

/** Folds a name that a person wrote down, who may have it from an event or a list: `CLIENT:app`, `<MALFORMED>`. */
export function foldGiven(fold: Fold, given: unknown): string | undefined {
  if (typeof given !== 'string' || !given.startsWith(CLIENT)) return foldUser(fold, given);
  const canonical = foldUser(fold, given.slice(CLIENT.length));
  return canonical === undefined ? undefined : clientName(canonical);
}

function foldUser(fold: Fold, given: unknown): string | undefined {
  if (given === MALFORMED_USERNAME || given === BLANK_USERNAME) return given;
  // A client may log in so; a person has forgotten to write the name.
  return typeof given === 'string' && given.trim() === '' ? undefined : fold(given);
}
