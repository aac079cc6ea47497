/** Everything a lockout emits, in order. */
import { EVENT_NAMES } from '../../../lib/events/emitter.js';
import type { Lockout, LockoutEvents } from '../../../lib/index.js';

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
