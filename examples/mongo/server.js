/** Express with its lockout on MongoDB: locks outlive the process, and all processes with this store count together. */
import express from 'express';
import mongoose from 'mongoose';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';
import { MongoStore } from 'passport-lockout/mongo';

const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017/app';
await mongoose.connect(uri, { serverSelectionTimeoutMS: 5_000 });
// Not the URI from the environment: it may hold a password.
const database = process.env.MONGODB_URI === undefined ? `MONGODB_URI=${uri} ` : '';

const lockout = new Lockout({ store: new MongoStore(mongoose.connection), secret: process.env.LOCKOUT_SECRET });
// While the store fails, nobody can log in, and only this line says why.
lockout.on('store_error', ({ operation, error }) => console.error(operation, error.message, error.cause));

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
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login

Stop and start it, and alice is still locked, until: ${database}npx passport-lockout unblock alice
`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(async () => {
      await lockout.close(); // first, because it writes what is left of the attempt log
      await mongoose.disconnect();
    });
    server.closeIdleConnections();
  });
}
