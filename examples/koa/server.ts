/** Koa with koa-passport. `npm run example:koa` */
import { createServer } from 'node:http';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import passport from 'koa-passport';
import { Lockout, withLockout } from 'passport-lockout';
import type { User } from '../express/users.js';
import { localStrategy } from '../shared/local-strategy.js';
import { serve, wrongJson } from '../shared/serve.js';

const lockout = new Lockout({ onLocked: 'respond' });
passport.use(withLockout(localStrategy(), lockout));

const app = new Koa(); // behind a proxy: app.proxy = true, with maxIpsCount
app.use(bodyParser()).use(passport.initialize());
app.use((ctx, next) => {
  if (ctx.method !== 'POST' || ctx.path !== '/login') return next();
  return passport.authenticate('local', { session: false })(ctx, next);
});
app.use((ctx) => {
  const user = ctx.state['user'] as User | undefined;
  if (user) ctx.body = { welcome: user.username };
});

serve(createServer(app.callback()), [lockout], wrongJson);
