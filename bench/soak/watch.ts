/** Writes the events of a lockout into the journal. */
import type { AttemptEvent, AttemptFacts, Lockout } from '../../lib/index.js';
import { AGENT } from './client.js';
import type { Journal } from './journal.js';

export class Watch {
  constructor(lockout: Lockout, journal: Journal) {
    const settled = (verdict: 'failure' | 'success') => (event: AttemptEvent) => {
      const subjects = event.subjects.map(({ key, dimension, parts, failures }) => ({
        key,
        dimension,
        parts,
        failures,
      }));
      journal.write({ t: 'settled', id: idOf(event.attempt), verdict, subjects });
    };
    lockout.on('attempt_failed', settled('failure'));
    lockout.on('attempt_succeeded', settled('success'));
    lockout.on('attempt_refused', ({ attempt, reason, refusedBy }) =>
      journal.write({ t: 'refused', id: idOf(attempt), reason, key: refusedBy?.key }),
    );
    lockout.on('blocked', ({ attempt, key, dimension, parts, failures, limit, lockedUntil }) => {
      const id = attempt && idOf(attempt);
      const until = lockedUntil?.getTime() ?? null;
      journal.write({ t: 'blocked', id, key, dimension, parts, failures, limit, until });
    });
    lockout.on('store_error', ({ operation }) => journal.write({ t: 'store_error', operation }));
    // Others are expected, such as that the store is slow, which it is on purpose.
    lockout.on('warning', ({ code }) => {
      if (code === 'WARN_LOCKOUT_LOG_LOST') journal.write({ t: 'log_lost' });
    });
  }
}

function idOf({ userAgent = '' }: AttemptFacts): string {
  return userAgent.slice(AGENT.length);
}
