/**
 * Ten typical uses, as a reader of the README would first write them. They compile, from ES modules and from CommonJS
 * (`uses.cts` has the same functions), and spec/package/uses.spec.ts runs them.
 */
import { Strategy as LocalStrategy } from 'passport-local';
import { isLockedInfo, Lockout, MemoryStore, withLockout } from 'passport-lockout';
import { createTestClock } from 'passport-lockout/testing';

const USERS = new Map([['alice', 'correct horse']]);

/** 1. Five wrong passwords, fifteen minutes. */
export function fiveWrong(): Lockout {
  return new Lockout({ tiers: [{ failures: 5, cooloff: '15m' }] });
}

/** 2. A mail when somebody is locked. */
export function mailOnBlock(lockout: Lockout, send: (to: string, text: string) => void): void {
  lockout.on('username_blocked', ({ username, lockedUntil }) => {
    send(username, `locked until ${lockedUntil?.toISOString() ?? 'an operator unlocks it'}`);
  });
}

/** 3. A custom callback. */
export function answer(error: Error | null, user: object | false, info: unknown): { status: number; text: string } {
  if (error) return { status: 500, text: 'Something went wrong.' };
  if (user) return { status: 200, text: 'Welcome.' };
  if (isLockedInfo(info)) return { status: 429, text: `Wait ${info.retryAfter ?? 'for an operator'}` };
  return { status: 401, text: 'Wrong username or password.' };
}

/** 4. Everybody who is locked. */
export async function everybodyLocked(lockout: Lockout): Promise<string[]> {
  const locked: string[] = [];
  for await (const { key } of lockout.list()) locked.push(key);
  return locked;
}

/** 5. How long it still takes. */
export async function minutesLeft(lockout: Lockout, username: string): Promise<number | undefined> {
  const { remaining } = await lockout.status({ username });
  return remaining?.as('minutes');
}

/** 6. A one-time password. */
export async function checkOtp(lockout: Lockout, username: string, isRight: () => boolean): Promise<string> {
  const result = await lockout.protect({ username, action: 'one-time-password' }, isRight);
  switch (result.outcome) {
    case 'succeeded':
      return 'welcome';
    case 'failed':
      return result.locked ? result.locked.message : 'wrong';
    case 'refused':
      return result.locked.message;
  }
}

/** 7. Support lets somebody in again. */
export function letIn(lockout: Lockout, username: string): Promise<boolean> {
  return lockout.unblock({ username }, { by: 'support' });
}

/** 8. Durations, one of them from the environment. */
export function durations(minutes: number): Lockout {
  return new Lockout({ forgetAfter: '1w', tiers: [{ failures: 3, cooloff: `${minutes}m` }] });
}

/** 9. A test that does not wait. */
export async function lockEnds(): Promise<readonly boolean[]> {
  const clock = createTestClock();
  const lockout = new Lockout({ store: new MemoryStore({ clock }) });
  await lockout.block({ username: 'alice' }, { for: '15m' });
  const before = (await lockout.status({ username: 'alice' })).locked;
  clock.advance('15m');
  return [before, (await lockout.status({ username: 'alice' })).locked];
}

/** 10. The strategy itself. */
export function strategy(lockout: Lockout) {
  return withLockout(
    new LocalStrategy((username, password, done) => {
      done(null, USERS.get(username) === password ? { username } : false);
    }),
    lockout,
  );
}
