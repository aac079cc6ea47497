/** Commands that an operator may paste into a shell. */
import type { ConnectOptions } from './connect.js';
import { maskCredentials } from './escape.js';

/** To every shell these stand for themselves. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** One word to a POSIX shell, whatever is in it: a name may hold `$(...)`, quotes and blanks. */
export function quoteWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The command that frees a subject, on the same lockout as the command that tells of it. Credentials of a URI are masked: then
 * the pasted command is refused rather than that they are printed.
 *
 * @param key - as `list` prints it: it begins with the name of a part, so that no name can be taken for an option
 */
export function unblockCommand(key: string, { app, mongo, prefix }: ConnectOptions): string {
  const place = [
    ...(app === undefined ? [] : ['--app', app]),
    ...(mongo === undefined ? [] : ['--mongo', maskCredentials(mongo)]),
    ...(prefix === undefined ? [] : ['--prefix', prefix]),
  ];
  return ['passport-lockout', 'unblock', key, ...place].map(quoteWord).join(' ');
}
