/** Starts an example on this machine alone, and ends it in order. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lockout } from 'passport-lockout';
import { printEvents } from '../express/event-lines.js';
import { demoPasswords } from '../express/users.js';

/** Nobody but this machine: the passwords are in the source. */
export const HOST = '127.0.0.1';

/** `PORT` chooses the port: 3000 by default, 0 for any that is free. */
export const PORT = Number(process.env['PORT'] || 3000);

export function serve(server: Server, lockouts: readonly Lockout[], hint: (url: string) => string): void {
  server.listen(PORT, HOST, () => announce(server, lockouts, hint));
}

/** For frameworks that have started the server by themselves. */
export function announce(server: Server, lockouts: readonly Lockout[], hint: (url: string) => string): void {
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  for (const lockout of lockouts) printEvents(lockout);
  console.log(`The example listens on ${url}. Try this more than three times:\n\n  ${hint(url)}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close(() => void Promise.all(lockouts.map((lockout) => lockout.close())));
      server.closeAllConnections();
    });
  }
}

const jsonLogin = (url: string, password: string) =>
  `curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"${password}"}' ${url}/login`;

/** A wrong login as JSON, and then the right one, which is refused as well. */
export const wrongJson = (url: string): string =>
  `${jsonLogin(url, 'wrong')}\n\nThen the right password is refused, too:\n\n  ${jsonLogin(url, demoPasswords['alice'] as string)}`;
