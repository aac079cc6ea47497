/** The button that starts the attack, and the page that shows how it goes. */
import { fileURLToPath } from 'node:url';
import express, { type Request, type Response, Router } from 'express';
import type { Lockout } from 'passport-lockout';
import { attackPage } from '../pages/attack-page.js';
import { languageOf } from '../pages/texts.js';
import { demoPasswords } from '../users.js';
import type { Botnet } from './botnet.js';
import type { History } from './history.js';

export interface AttackParts {
  readonly lockout: Lockout;
  readonly botnet: Botnet;
  readonly history: History;
}

const SCRIPT = fileURLToPath(new URL('../../public/live.js', import.meta.url));

export function attackRoutes(parts: AttackParts): Router {
  const router = Router();
  router.get('/live.js', (_req, res) => res.sendFile(SCRIPT));
  router.get('/attack', (req, res) => showAttack(parts, req, res));
  router.post('/attack', express.urlencoded({ limit: '10kb' }), (req, res) => {
    const username = userIn(req.body);
    // The answer does not wait for ten thousand guesses.
    parts.botnet.attack(username).catch((error: unknown) => console.error('The attack has failed:', error));
    res.redirect(303, `/attack?username=${username}`);
  });
  return router;
}

async function showAttack({ lockout, botnet, history }: AttackParts, req: Request, res: Response): Promise<void> {
  const username = userIn(req.query);
  const { lockedUntil } = await lockout.status({ username });
  const progress = botnet.progressOf(username);
  res.send(attackPage(languageOf(req), { username, lockedUntil, progress, history }));
}

/** One of the users of the example, so that nothing else is counted or shown. */
function userIn(fields: unknown): string {
  const { username } = (fields ?? {}) as { readonly username?: unknown };
  return typeof username === 'string' && Object.hasOwn(demoPasswords, username) ? username : 'alice';
}
