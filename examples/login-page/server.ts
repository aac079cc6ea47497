/**
 * A login page that locks: Express 5, passport-local and passport-lockout, in one process and with no database.
 *
 * `npm start` builds and runs it; `PORT` chooses the port (default 3000, 0 for any that is free).
 */
import { Lockout } from 'passport-lockout';
import { createApp } from './app.js';
import { createPassport } from './authentication.js';
import { printEvents } from './event-lines.js';
import { languageOf } from './pages/texts.js';
import { ladders } from './policy.js';
import { serve } from './serve.js';
import { printWhatToTry } from './welcome-lines.js';

const lockout = new Lockout({ tiers: ladders, locale: languageOf });

printEvents(lockout);
serve(createApp(createPassport(lockout)), {
  onListening: printWhatToTry,
  onStopped: () => void lockout.close(),
});
