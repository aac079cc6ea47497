/** Names that belong to no user: those of OAuth clients, and those that represent a whole kind of names. */
import { BLANK_USERNAME, MALFORMED_USERNAME } from './username.js';

/** Returns the canonical name; undefined for no name at all. */
export type Fold = (username: unknown) => string | undefined;

/** Canonical names are lower case, so no username can collide with it. */
const CLIENT = 'CLIENT:';

/**
 * Returns the name of an OAuth client (RFC 6749, section 2.3), which is not a user: registering a client under the name of a user
 * must neither lock that user nor, by succeeding, take back guesses at their account.
 */
export function clientName(canonical: string): string {
  return CLIENT + canonical;
}

/** Returns the name of a user. An application's own fold may keep capitals; even then no user is taken for a client. */
export function userName(canonical: string): string {
  return canonical.startsWith(CLIENT) ? CLIENT.toLowerCase() + canonical.slice(CLIENT.length) : canonical;
}

/** Whether a canonical name is that of one user: neither a client's, nor that of all names of a kind. */
export function isOneUser(canonical: string): boolean {
  return !canonical.startsWith(CLIENT) && canonical !== MALFORMED_USERNAME && canonical !== BLANK_USERNAME;
}

/** Folds a name that a person typed, perhaps copied from an event or a list: `CLIENT:app`, `<MALFORMED>`. */
export function foldGiven(fold: Fold, given: unknown): string | undefined {
  if (typeof given !== 'string' || !given.startsWith(CLIENT)) return foldUser(fold, given);
  const canonical = foldUser(fold, given.slice(CLIENT.length));
  return canonical === undefined ? undefined : clientName(canonical);
}

function foldUser(fold: Fold, given: unknown): string | undefined {
  if (given === MALFORMED_USERNAME || given === BLANK_USERNAME) return given;
  // A client may log in with a blank name; a person forgot to type it.
  return typeof given === 'string' && given.trim() === '' ? undefined : fold(given);
}
