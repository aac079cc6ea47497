/** The web application: a login form and its results. */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { LockedInfo } from 'passport-lockout';
import { type AttackParts, attackRoutes } from './attack/routes.js';
import type { GuardedPassport } from './authentication.js';
import { loginPage } from './pages/login-page.js';
import { refusedPage } from './pages/refused-page.js';
import { languageOf, textsIn } from './pages/texts.js';
import { welcomePage } from './pages/welcome-page.js';
import { securityHeaders } from './security-headers.js';
import type { User } from './users.js';

export function createApp(passport: GuardedPassport, attack: AttackParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.get('/', (req, res) => void res.send(loginPage(languageOf(req))));
  app.post('/login', express.urlencoded({ limit: '10kb' }), (req, res, next) => logIn(passport, req, res, next));
  app.use(attackRoutes(attack));
  return app;
}

/** Passport calls back with the user; or with false, a status and, if the lockout refused, its `LockedInfo`. */
function logIn(passport: GuardedPassport, req: Request, res: Response, next: NextFunction): void {
  const authenticate = passport.authenticate(
    'local',
    { session: false },
    (error: unknown, user: User | false, info: Partial<LockedInfo> | undefined, status = 401) => {
      if (error) return next(error);
      if (user) return res.send(welcomePage(languageOf(req), user.username));
      return res.status(status as number).send(failurePage(req, info, status as number));
    },
  );
  authenticate(req, res, next);
}

function failurePage(req: Request, info: Partial<LockedInfo> | undefined, status: number): string {
  const language = languageOf(req);
  const { loginRefused, incomplete, wrong } = textsIn(language);
  if (status !== 400 && status !== 401) return refusedPage(language, info?.message ?? loginRefused);

  const problem = status === 400 ? incomplete : wrong;
  const { username } = req.body as { username?: unknown };
  return loginPage(language, { problem, ...(typeof username === 'string' && { username }) });
}
