/** Prints one line on the console for each event of the lockout. */
import type { AttemptFacts, BlockedEvent, Lockout } from 'passport-lockout';

export function printEvents(lockout: Lockout): void {
  // As JSON, because clients choose the username: a line break in it must not forge another line.
  const print = (event: string, facts: object) => console.log(`[lockout] ${event} ${JSON.stringify(facts)}`);
  lockout.on('ip_blocked', (event) => print('ip_blocked', toBlockedFacts(event)));
  lockout.on('username_blocked', (event) => print('username_blocked', toBlockedFacts(event)));
  lockout.on('unblocked', ({ parts, by }) => print('unblocked', { ...parts, by }));
  lockout.on('attempt_failed', ({ attempt, subjects }) => {
    const failures = Object.fromEntries(subjects.map((subject) => [subject.dimension, subject.failures]));
    print('attempt_failed', { ...who(attempt), failures });
  });
  lockout.on('attempt_succeeded', ({ attempt }) => print('attempt_succeeded', who(attempt)));
  lockout.on('attempt_refused', ({ attempt, reason, refusedBy, retryAfter }) => {
    print('attempt_refused', { ...who(attempt), reason, refusedBy: refusedBy?.dimension, retryAfter });
  });
  lockout.on('store_error', ({ operation, error }) => print('store_error', { operation, message: error.message }));
  lockout.on('warning', ({ code, message }) => print('warning', { code, message }));
}

function toBlockedFacts({ parts, failures, lockedUntil, remaining }: BlockedEvent) {
  return { ...parts, failures, lockedUntil, remaining: remaining?.toISO() };
}

function who({ username, ip }: AttemptFacts) {
  return { username, ip };
}
