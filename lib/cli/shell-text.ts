/** Commands that an operator can paste into a shell. */
import type { ConnectOptions } from './connect.js';
import { maskCredentials } from './escape.js';

/** No shell treats these characters specially. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** Quotes a text as one word of a POSIX shell: a name may contain `$(...)`, quotes and spaces. */
export function quoteWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Returns the command that frees a subject, on the same lockout as the command that prints it. Credentials in a URI are
 * masked: better that the pasted command fails than that they are printed.
 *
 * @param key - as `list` prints it: it begins with the name of a part, so no name can be mistaken for an option
 */
export function unblockCommand(key: string, { app, mongo, redis, prefix }: ConnectOptions): string {
  const place = [
    ...(app === undefined ? [] : ['--app', app]),
    ...(mongo === undefined ? [] : ['--mongo', maskCredentials(mongo)]),
    ...(redis === undefined ? [] : ['--redis', maskCredentials(redis)]),
    ...(prefix === undefined ? [] : ['--prefix', prefix]),
  ];
  return ['passport-lockout', 'unblock', key, ...place].map(quoteWord).join(' ');
}
