/**
 * A login page that locks: Express 5, passport-local and passport-lockout, in one process and with no database.
 *
 * `npm start` builds and runs it; `PORT` chooses the port (default 3000, 0 for any that is free).
 */
import { Lockout } from 'passport-lockout';
import { createApp } from './app.js';
import { Botnet } from './attack/botnet.js';
import { History } from './attack/history.js';
import { createPassport } from './authentication.js';
import { printEvents } from './event-lines.js';
import { languageOf } from './pages/texts.js';
import { ladders } from './policy.js';
import { secret } from './secret.js';
import { serve } from './serve.js';
import { printWhatToTry } from './welcome-lines.js';

const lockout = new Lockout({ secret, tiers: ladders, locale: languageOf });
const botnet = new Botnet(lockout);

printEvents(lockout);
serve(createApp(createPassport(lockout), { lockout, botnet, history: new History(lockout) }), {
  onListening: printWhatToTry,
  onStopped: () => {
    botnet.stop();
    void lockout.close();
  },
});
