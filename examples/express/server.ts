/**
 * A login page that locks: Express 5, passport-local and passport-lockout, in one process and with no database.
 *
 * `npm start` builds and runs it; `PORT` chooses the port (default 3000, 0 for any that is free).
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.js';
import { lockout } from './authentication.js';
import { printEvents } from './event-lines.js';
import { printWhatToTry } from './welcome-lines.js';

/** Nobody but this machine: the passwords are in the source. */
const HOST = '127.0.0.1';
const GRACE_MS = 2_000;

const port = Number(process.env['PORT'] || 3000);
const server = createServer(createApp());

printEvents(lockout);
server.once('error', (error: NodeJS.ErrnoException) => {
  const hint = error.code === 'EADDRINUSE' ? ': choose another with PORT=3001 npm start' : '';
  console.error(`${error.message}${hint}`);
  process.exitCode = 1;
});
server.listen(port, HOST, () => printWhatToTry(`http://${HOST}:${(server.address() as AddressInfo).port}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // Answers what has been asked, then ends; a browser that keeps its connection open is cut off.
    server.close(() => void lockout.close());
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  });
}
