/** Prints one line on the console for each event of the lockout. */
import type { AttemptFacts, BlockedEvent, Lockout } from 'passport-lockout';
import { isBotnet } from './attack/botnet.js';

export function printEvents(lockout: Lockout): void {
  // As JSON, because clients choose the username: a line break in it must not forge another line.
  const print = (event: string, facts: object) => console.log(`[lockout] ${event} ${JSON.stringify(facts)}`);
  lockout.on('ip_blocked', (event) => print('ip_blocked', toBlockedFacts(event)));
  lockout.on('username_blocked', (event) => print('username_blocked', toBlockedFacts(event)));
  lockout.on('unblocked', ({ parts, by }) => print('unblocked', { ...parts, by }));
  lockout.on('spray_detected', ({ subject, usernames }) => print('spray_detected', { ...subject.parts, usernames }));
  lockout.on('attack_suspected', (attack) => print('attack_suspected', attack));
  lockout.on('attack_over', (attack) => print('attack_over', attack));
  lockout.on('attempt_failed', ({ attempt, subjects, repeated }) => {
    const failures = Object.fromEntries(subjects.map((subject) => [subject.dimension, subject.failures]));
    print('attempt_failed', { ...who(attempt), failures, repeated });
  });
  lockout.on('attempt_succeeded', ({ attempt }) => print('attempt_succeeded', who(attempt)));
  lockout.on('attempt_refused', ({ attempt, reason, refusedBy, retryAfter }) => {
    if (isBotnet(attempt.ip)) return; // ten thousand lines
    print('attempt_refused', { ...who(attempt), reason, refusedBy: refusedBy?.dimension, retryAfter });
  });
  lockout.on('store_error', ({ operation, error }) => print('store_error', { operation, message: error.message }));
  lockout.on('warning', ({ code, message }) => print('warning', { code, message }));
}

function toBlockedFacts({ parts, failures, places, lockedUntil, remaining }: BlockedEvent) {
  return { ...parts, failures, places, lockedUntil, remaining: remaining?.toISO() };
}

function who({ username, ip, device }: AttemptFacts) {
  return { username, ip, device };
}
