/** A module as an application has it: `passport-lockout --app` takes its policy and its names from here. */
import mongoose from 'mongoose';
import { Lockout } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { SECRET } from '../fixtures/secret.js';

/** E-mail and login of one account are one name. */
const LOGINS = new Map([['alice@example.com', 'alice']]);

export const lockout = new Lockout({
  store: new MongoStore(mongoose.createConnection(process.env['APP_MONGODB_URI'] as string)),
  secret: SECRET,
  pseudonymize: 'a secret of more than thirty-two characters',
  tiers: { username: [{ failures: 5, cooloff: 'forever' }], ip: [{ failures: 50, cooloff: 'forever' }] },
  attemptLog: 'await',
  canonicalUsername: (name) => LOGINS.get(String(name)) ?? String(name),
});
