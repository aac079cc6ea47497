/** Everything a lockout says, in order. */
import type { Lockout, LockoutEvents } from '../../../lib/index.js';

const EVENT_NAMES = Object.keys({
  ip_blocked: true,
  username_blocked: true,
  blocked: true,
  unblocked: true,
  attempt_failed: true,
  attempt_succeeded: true,
  attempt_refused: true,
  store_error: true,
  warning: true,
} satisfies Record<keyof LockoutEvents, true>) as readonly (keyof LockoutEvents)[];

export interface Heard {
  readonly name: keyof LockoutEvents;
  readonly payload: LockoutEvents[keyof LockoutEvents][0];
}

export class EventLog {
  readonly all: Heard[] = [];

  constructor(lockout: Lockout) {
    for (const name of EVENT_NAMES) {
      lockout.on(name, (payload: LockoutEvents[typeof name][0]) => this.all.push({ name, payload }));
    }
  }

  of<K extends keyof LockoutEvents>(name: K): readonly LockoutEvents[K][0][] {
    return this.all.filter((heard) => heard.name === name).map(({ payload }) => payload as LockoutEvents[K][0]);
  }

  count(name: keyof LockoutEvents): number {
    return this.of(name).length;
  }
}
