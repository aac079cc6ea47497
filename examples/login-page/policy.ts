/** The ladders: the lockout enforces them and the login page shows them, so that both always agree. */
import type { Tier } from 'passport-lockout';

export const ladders = {
  username: [
    { failures: 3, cooloff: { minutes: 15 } },
    { failures: 6, cooloff: { hours: 2 } },
    { failures: 10, cooloff: { days: 1 } },
  ],
  ip: [
    { failures: 30, cooloff: { minutes: 15 } },
    { failures: 60, cooloff: { hours: 2 } },
    { failures: 100, cooloff: { days: 1 } },
  ],
} as const satisfies Record<string, readonly Tier[]>;
