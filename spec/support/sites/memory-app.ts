/** A module as an application has it, without a database: `passport-lockout --app` works on its memory. */
import { Lockout } from '../../../lib/index.js';

/** Secrets that must not be printed. */
export const APP_SECRET = 'hunter2 hunter2 hunter2 hunter2 hunter2';

export const lockout = new Lockout({
  dimensions: ['username', 'ip', ['ip', 'username']],
  attemptLog: 'await',
  secret: APP_SECRET,
});
