/**
 * Form, HTTP Basic, password reset, one-time password, unlock links and logout under one lockout. `npm run example:password-reset-and-otp`
 */
import { createServer } from 'node:http';
import express, { type Request, type Response } from 'express';
import session from 'express-session';
import type { ProtectResult } from 'passport-lockout';
import type { User } from '../express/users.js';
import { serve, wrongJson } from '../shared/serve.js';
import { lockout, passport } from './authentication.js';
import { currentCode, isCurrentCode, isResetCode } from './secrets.js';

declare module 'express-session' {
  interface SessionData {
    hasSecondFactor: boolean;
  }
}

const app = express();
app.use(express.json(), session({ secret: 'a secret', resave: false, saveUninitialized: false }), passport.session());

app.post('/login', passport.authenticate('local'), (_req, res) => void res.json({ next: 'POST /code' }));
app.get('/api/me', passport.authenticate('basic', { session: false }), (req, res) => void res.json(req.user));

app.post('/code', async (req, res) => {
  const user = req.user as User | undefined;
  if (!user) return void res.sendStatus(401);
  const attempt = { req, username: user.username, action: 'one-time-password' };
  const result = await lockout.protect(attempt, () => isCurrentCode(user.username, textOf(req, 'code')));
  if (result.outcome === 'succeeded') req.session.hasSecondFactor = true;
  answer(res, result);
});

app.post('/reset', async (req, res) => {
  const username = textOf(req, 'username');
  const attempt = { req, username, action: 'password-reset' };
  answer(res, await lockout.protect(attempt, () => isResetCode(username, textOf(req, 'code'))));
});

// In place of a mail to the owner of the account, to which only he has access.
lockout.on('username_blocked', async ({ username }) => {
  const token = await lockout.createUnlockToken({ username });
  if (token) console.log(`mail to ${JSON.stringify(username)}: POST /unlock?token=${token}`);
});

app.post('/unlock', async (req, res) => {
  const { outcome } = await lockout.redeemUnlockToken(req.query['token'], { by: 'unlock link' });
  res.status(outcome === 'unlocked' ? 200 : 410).json({ outcome });
});

app.post('/logout', async (req, res) => {
  await lockout.recordLogout(req, { username: (req.user as User | undefined)?.username });
  req.session.destroy(() => res.sendStatus(204));
});

function answer(res: Response, result: ProtectResult<boolean>): void {
  if (result.outcome === 'succeeded') return void res.json({ ok: true });
  const { locked } = result;
  if (!locked) return void res.status(401).json({ message: 'Wrong code.' });
  if (locked.retryAfter !== null) res.set('Retry-After', String(locked.retryAfter));
  res.status(429).json(locked);
}

function textOf(req: Request, field: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[field];
  return typeof value === 'string' ? value : '';
}

serve(
  createServer(app),
  [lockout],
  (url) => `${wrongJson(url)}

alice's one-time password is now ${currentCode('alice')}, her reset code is 7F3K-99QX (POST /reset).`,
);
