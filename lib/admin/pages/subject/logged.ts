/** Which of a subject's parts the attempt log records, and can be asked for. */
import type { SubjectParts } from '../../../subject/key.js';
import { exactName } from '../../../util/printable.js';

export interface LoggedParts {
  readonly ip?: string;
  readonly username?: string;
}

const LOGGED: readonly string[] = ['ip', 'username'];

export function isLogged(part: string): boolean {
  return LOGGED.includes(part);
}

/** @returns empty if none is logged, as for a subject of a header alone */
export function loggedParts({ ip, username }: SubjectParts): LoggedParts {
  return { ...(ip !== undefined && { ip }), ...(username !== undefined && { username }) };
}

/** Returns the parts as queries of the lockout accept them: names without escapes. */
export function toQueryParts({ username, ...others }: LoggedParts): LoggedParts {
  return { ...others, ...(username !== undefined && { username: exactName(username) }) };
}
