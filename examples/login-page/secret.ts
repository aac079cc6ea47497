/** The secret that signs which browsers are known: from the configuration, the same in all processes. */
import { randomBytes } from 'node:crypto';

const given = process.env['LOCKOUT_SECRET'];
if (given === undefined) {
  console.log('LOCKOUT_SECRET is not set: using a random secret, so no browser is known any more after a restart.');
}

export const secret = given ?? randomBytes(32).toString('base64url');
