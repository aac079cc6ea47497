/** Alerts to a webhook, as chats and pagers have them; and one on this machine, for who tries the example. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Send } from './alerts.js';

const TIMEOUT_MS = 5_000;

export function toWebhook(url: string): Send {
  return async (alert) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alert),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
  };
}

/** Prints what it is sent. */
export async function startReceiver(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (req, res) => {
    console.log(`webhook: ${await text(req)}`);
    res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
