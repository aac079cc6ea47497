/** The command of docs/stores.md that makes a user `lockout`, with the password `secret`, and the rights of a lockout only. */
import { readPage } from '../tools/documentation.js';

export const SET_USER: readonly string[] = (
  /^ACL SETUSER lockout .+$/m.exec(readPage('docs/stores.md').text)?.[0] ?? ''
).split(' ');
