/**
 * Mails operators what they should know, the first at once, later ones collected: at most one mail a minute, however many
 * accounts are attacked. And mails owners when their account is used on a device that is not known yet.
 */
import express from 'express';
import nodemailer from 'nodemailer';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET }); // with it, devices are known

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
lockout.on('blocked', ({ key, failures, places, lockedUntil, firstToday }) => {
  if (firstToday) report(`${key}: ${failures} failures, ${places} places, until ${lockedUntil?.toJSON() ?? 'reset'}`);
});
lockout.on('spray_detected', ({ subject, usernames }) => report(`${subject.key}: ${usernames} usernames failed there`));
lockout.on('attack_suspected', ({ failures, usual }) => report(`attack: ${failures} failures an hour, not ${usual}`));
lockout.on('attack_over', ({ failures }) => report(`attack over: ${failures} failures an hour`));

lockout.on('attempt_succeeded', ({ attempt: { username, address, device } }) => {
  const text = `Your account was used on a new device, from ${address}. If that was not you, change your password.`;
  if (device === 'unknown') void send({ to: `${username}@app.example`, subject: 'New device', text }); // look the address up
});

function report(line) {
  count += 1;
  if (count <= MAX_TOLD) told.push(line);
  if (timer === undefined) sendAndWait();
}

function sendAndWait() {
  timer = setTimeout(() => {
    timer = undefined;
    if (count > 0) sendAndWait();
  }, intervalMs);
  if (count > MAX_TOLD) told.push(`and ${count - MAX_TOLD} more`);
  void send({ to: 'operators@app.example', subject: `Alerts about logins: ${count}`, text: told.join('\n') });
  [told, count] = [[], 0];
}

async function send(mail) {
  try {
    const { message } = await mailer.sendMail({ from: 'lockout@app.example', ...mail });
    if (message) console.log(`mail: ${message}`);
  } catch (error) {
    console.error('The mail could not be sent:', error); // logins go on
  }
}

const app = express();
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
  res.json({ welcome: req.user.username });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords:
  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login`);
});
