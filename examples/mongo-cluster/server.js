/** Two processes behind one port that count together on MongoDB: no worker is a side door. */
import cluster from 'node:cluster';
import express from 'express';
import mongoose from 'mongoose';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';
import { MongoStore } from 'passport-lockout/mongo';

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

async function runWorker(name) {
  await mongoose.connect(process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/app', {
    serverSelectionTimeoutMS: 5_000,
  });
  const lockout = new Lockout({ store: new MongoStore(mongoose.connection), secret: process.env.LOCKOUT_SECRET });
  // Emitted once per lock, in the worker that counted the last failure.
  lockout.on('username_blocked', ({ username }) => console.log(`[${name}] locked: ${JSON.stringify(username)}`));
  lockout.on('store_error', ({ operation, error }) => console.error(operation, error.message, error.cause));

  passport.use(withLockout(new LocalStrategy(verify), lockout));

  const app = express();
  app.use((_req, res, next) => {
    res.set('X-Answered-By', name);
    next();
  });
  app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
    res.json({ welcome: req.user.username });
  });

  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
  const stop = () => {
    server.close(async () => {
      await lockout.close(); // first, because it writes what is left of the attempt log
      await mongoose.disconnect();
      cluster.worker.disconnect();
    });
    server.closeIdleConnections();
  };
  process.once('SIGTERM', stop);
  // Ctrl+C reaches every process; the primary passes it on as SIGTERM.
  process.on('SIGINT', () => {});
}

function runPrimary() {
  cluster.schedulingPolicy = cluster.SCHED_RR; // in turns
  const workers = [cluster.fork(), cluster.fork()];
  const endAll = () => workers.filter((worker) => !worker.isDead()).map((worker) => worker.process.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, endAll);
  // A worker that fails ends the example; your application would start another.
  cluster.on('exit', (_worker, code) => {
    process.exitCode ||= code;
    endAll();
  });

  let listening = 0;
  cluster.on('listening', (_worker, { address, port }) => {
    listening += 1;
    if (listening < workers.length) return;
    console.log(`The example listens on http://${address}:${port}, in ${workers.length} processes. Do this with three different wrong passwords:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' http://${address}:${port}/login
`);
  });
}

if (cluster.isPrimary) runPrimary();
else await runWorker(`worker ${cluster.worker.id}`);
