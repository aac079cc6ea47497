/** Koa with koa-passport. A refused login is answered by the lockout, as a page or as JSON: `onLocked: 'respond'`. */
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import passport from 'koa-passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET, onLocked: 'respond' });

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new LocalStrategy(verify), lockout));

const app = new Koa(); // behind a proxy: new Koa({ proxy: true, maxIpsCount: 1 })
app.use(bodyParser()).use(passport.initialize());
app.use((ctx, next) => {
  if (ctx.method !== 'POST' || ctx.path !== '/login') return next();
  return passport.authenticate('local', { session: false })(ctx, next);
});
app.use((ctx) => {
  if (ctx.state.user) ctx.body = { welcome: ctx.state.user.username };
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login
`);
});
