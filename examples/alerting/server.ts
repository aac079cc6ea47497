/**
 * A message for each lock, throttled, to a webhook: that of `WEBHOOK_URL`, or one that this process opens and prints.
 * `ALERT_SECONDS` is the time between two messages. `npm run example:alerting`
 */
import { createServer } from 'node:http';
import express from 'express';
import passport from 'passport';
import { Lockout, withLockout } from 'passport-lockout';
import { localStrategy } from '../shared/local-strategy.js';
import { serve, wrongJson } from '../shared/serve.js';
import { Alerts } from './alerts.js';
import { startReceiver, toWebhook } from './webhook.js';

const lockout = new Lockout();
passport.use(withLockout(localStrategy(), lockout));

const app = express();
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (_req, res) => {
  res.json({ ok: true });
});

const receiver = process.env['WEBHOOK_URL'] ? undefined : await startReceiver();
const url = receiver?.url ?? String(process.env['WEBHOOK_URL']);
const alerts = new Alerts(toWebhook(url), Number(process.env['ALERT_SECONDS'] || 60) * 1_000);
alerts.watch(lockout);

serve(createServer(app), [lockout], (address) => `${wrongJson(address)}\n\nAlerts go to ${url}.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await alerts.close();
    receiver?.server.close();
    receiver?.server.closeAllConnections();
  });
}
