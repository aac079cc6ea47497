/**
 * Sends a mail when a subject is locked and when an attack is suspected: the first at once, later ones collected, at most one
 * mail a minute, however many accounts are attacked. `blocked` is emitted once per lock, in one of the processes.
 */
import express from 'express';
import nodemailer from 'nodemailer';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout();

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new LocalStrategy(verify), lockout));

// SMTP_URL is a URL such as smtps://user:password@mail.example. Without it, the mail is printed instead of sent.
const mailer = nodemailer.createTransport(process.env.SMTP_URL ?? { jsonTransport: true });
const intervalMs = Number(process.env.ALERT_SECONDS ?? 60) * 1_000;
const MAX_TOLD = 20; // under attack the rest is only counted, so a mail stays short
let told = [];
let count = 0;
let timer;

// Plain text: the client chose the username in `key`. Escape it before it goes into HTML.
lockout.on('blocked', ({ key, failures, places, lockedUntil }) => {
  tell(`${key} after ${failures} failures from ${places} place(s), until ${lockedUntil?.toISOString() ?? 'reset'}`);
});
lockout.on('spray_detected', ({ subject, usernames }) => tell(`${subject.key}: ${usernames} usernames failed there`));
lockout.on('attack_suspected', ({ failures, usual }) => tell(`${failures} failures in an hour, usually ${usual}`));
lockout.on('attack_over', ({ failures }) => tell(`only ${failures} failures in the last hour`));

function tell(text) {
  count += 1;
  if (count <= MAX_TOLD) told.push(text);
  if (timer === undefined) void sendAndWait();
}

async function sendAndWait() {
  timer = setTimeout(() => {
    timer = undefined;
    if (count > 0) void sendAndWait();
  }, intervalMs);
  const mail = {
    from: 'lockout@app.example',
    to: 'operators@app.example',
    subject: count === 1 ? '1 alert' : `${count} alerts`,
    text: [...told, ...(count > MAX_TOLD ? [`and ${count - MAX_TOLD} more`] : [])].join('\n'),
  };
  [told, count] = [[], 0];
  try {
    const { message } = await mailer.sendMail(mail);
    if (message) console.log(`mail: ${message}`);
  } catch (error) {
    console.error('The alert could not be sent:', error); // logins go on
  }
}

const app = express();
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
  res.json({ welcome: req.user.username });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this three times:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login
`);
});
