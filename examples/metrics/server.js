/** Metrics of the lockout for Prometheus beside those of the process, and one line per event in the log, as fail2ban reads it. */
import express from 'express';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, logLockout, withLockout } from 'passport-lockout';
import { collectLockoutMetrics } from 'passport-lockout/prometheus';
import { collectDefaultMetrics, register } from 'prom-client';

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET }); // with it, devices are known

collectDefaultMetrics();
collectLockoutMetrics(lockout, { register });
logLockout(lockout, console); // or your pino, winston, ...

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new LocalStrategy(verify), lockout));

const app = express();
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
  res.json({ welcome: req.user.username });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and look at the metrics:
  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login`);
});

// On a port of its own, which the world does not reach: it shows how attacks fare.
const metrics = express();
metrics.get('/metrics', async (_req, res) => res.type(register.contentType).send(await register.metrics()));
const metricsServer = metrics.listen(Number(process.env.METRICS_PORT ?? 9464), '127.0.0.1', () => {
  console.log(`Metrics: http://127.0.0.1:${metricsServer.address().port}/metrics`);
});
