/** Serves an application on this machine until SIGINT or SIGTERM. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServeOptions {
  readonly onListening: (url: string) => void;
  /** Called after the last response: releases what the application holds. */
  readonly onStopped: () => void;
}

/** Only this machine, because the passwords are in the source. */
const HOST = '127.0.0.1';
const GRACE_MS = 2_000;

/** `PORT` chooses the port: default 3000, 0 for any that is free. */
export function serve(app: RequestListener, { onListening, onStopped }: ServeOptions): void {
  const server = createServer(app);
  server.once('error', (error: NodeJS.ErrnoException) => {
    const hint = error.code === 'EADDRINUSE' ? ': choose another with the variable PORT, such as PORT=3001' : '';
    console.error(`${error.message}${hint}`);
    process.exitCode = 1;
    onStopped();
  });
  server.listen(Number(process.env['PORT'] || 3000), HOST, () =>
    onListening(`http://${HOST}:${(server.address() as AddressInfo).port}`),
  );

  const stop = () => {
    if (!server.listening) return;
    // Answers pending requests, then ends; a browser that keeps its connection open is cut off.
    server.close(onStopped);
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
