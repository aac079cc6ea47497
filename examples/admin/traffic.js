/**
 * Made-up logins: a day of them in the past, and an attack that goes on. They go the way of every login, without a network in
 * between. All addresses are reserved for documentation and tests, so nobody has them.
 */
import { ServerResponse } from 'node:http';
import { Lockout } from 'passport-lockout';

const MINUTES = 24 * 60;
const HOUR = 60;
const STAFF = ['alice', 'bob', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'mallory', 'niaj', 'olivia', 'peggy'];
const CUSTOMERS = Array.from({ length: 300 }, (_, index) => `customer${index}@example.com`);
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0',
];
const SCRIPT = 'python-requests/2.32.4';
const TARGETS = ['admin', 'root', 'erin', 'grace'];
const COMMON = ['123456', 'password', 'Spring2026!', 'letmein'];

/** The same sequence at each start, so that pictures of the pages can be compared. */
let state = 42;
function random(below) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = (items) => items[random(items.length)];

/** The clock of the store: the real time, or a time of the past while that is made up. */
export class PastClock {
  #behindMs = MINUTES * 60_000;
  read = () => Date.now() - this.#behindMs;
  goTo(minutesAgo) {
    this.#behindMs = minutesAgo * 60_000;
  }
}

/** Lives through the last 24 hours. */
export async function makeUpADay(clock, options) {
  for (let minutesAgo = MINUTES; minutesAgo >= 1; minutesAgo -= 1) {
    clock.goTo(minutesAgo);
    // Its own lockout for each minute: closing it logs what it holds back of many refusals, with the time of that minute.
    const lockout = new Lockout(options);
    await liveThroughAMinute(lockout, minutesAgo);
    await lockout.close();
  }
  clock.goTo(0);
}

async function liveThroughAMinute(lockout, minutesAgo) {
  for (let logins = random(minutesAgo < 12 * HOUR ? 5 : 3); logins > 0; logins -= 1) await person(lockout);
  // Eight hours ago somebody tried what leaked elsewhere, for 25 minutes.
  if (minutesAgo > 8 * HOUR && minutesAgo < 8 * HOUR + 25)
    for (let tries = 0; tries < 12; tries += 1) await stuffing(lockout);
  if (minutesAgo <= 9) for (let tries = 0; tries < 20 + random(20); tries += 1) await attack(lockout);
  if (minutesAgo === 7 * HOUR) await operators(lockout);
}

async function operators(lockout) {
  await lockout.block({ ip: '198.51.100.66' }, { for: '7d', by: 'carol', reason: 'tried leaked passwords all night' });
  await lockout.block({ username: 'mallory' }, { for: '30d', by: 'carol', reason: 'left the company' });
  const forgetful = { ip: '192.0.2.7', username: 'customer7@example.com', agent: BROWSERS[0] };
  for (let tries = 0; tries < 3; tries += 1) await guess(lockout, forgetful, `old password ${tries}`);
  await lockout.unblock({ username: forgetful.username }, { by: 'carol', reason: 'called us, ticket 4711' });
}

async function person(lockout) {
  const username = random(4) === 0 ? pick(STAFF) : pick(CUSTOMERS);
  const at = { ip: addressOf(username), username, agent: BROWSERS[username.length % BROWSERS.length] };
  // One login in fifteen begins with typing errors, one in sixty is of somebody who does not know the password any more.
  const errors = random(60) === 0 ? 3 : random(15) === 0 ? 1 : 0;
  for (let error = 0; error < errors; error += 1) await guess(lockout, at, `typing error ${random(1_000_000)}`);
  if (errors < 3) await guess(lockout, at, 'right', true);
}

/** Each has a place of their own; the staff share the office. */
function addressOf(username) {
  if (STAFF.includes(username)) return '203.0.113.10';
  const number = CUSTOMERS.indexOf(username);
  return number % 3 === 0 ? `2001:db8:${(number + 16).toString(16)}::1` : `192.0.2.${number % 250}`;
}

const stuffing = (lockout) =>
  guess(lockout, { ip: '198.51.100.66', username: pick(CUSTOMERS), agent: SCRIPT }, `leaked ${random(1_000_000)}`);

/** A network of 200 addresses guesses, mostly at a few names; one more address tries a common password with each name it knows. */
function attack(lockout) {
  if (random(8) === 0) {
    return guess(
      lockout,
      { ip: '2001:db8:bad::1', username: `${pick(STAFF)}@example.com`, agent: SCRIPT },
      pick(COMMON),
    );
  }
  const ip = `198.18.7.${random(200) + 1}`;
  return guess(
    lockout,
    { ip, username: pick(random(3) === 0 ? CUSTOMERS : TARGETS), agent: SCRIPT },
    `guess ${random(1_000_000)}`,
  );
}

function guess(lockout, { ip, username, agent }, password, isRight = false) {
  const sent = { method: 'POST', url: '/login', headers: { 'user-agent': agent } };
  const req = { ...sent, ip, socket: { encrypted: true }, res: new ServerResponse(sent) };
  return lockout.protect({ req, username }, () => isRight, { guess: password });
}

/** Ten guesses a second, and a login of somebody now and then. @returns a function that ends it */
export function goOn(lockout) {
  const timers = [setInterval(() => void attack(lockout), 100), setInterval(() => void person(lockout), 3_000)];
  return () => timers.forEach(clearInterval);
}
