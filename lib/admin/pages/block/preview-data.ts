/** Whom a block would hit, as far as the store and the attempt log tell. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { attemptOf } from '../../../operator/find-subject.js';
import type { SingleStatus } from '../../../operator/types.js';
import { exactName } from '../../../util/printable.js';
import { toQueryParts } from '../subject/logged.js';
import type { Order } from './order.js';

/** How many logins are looked at. */
const NEWEST = 500;

export interface Logins {
  readonly count: number;
  /** Who logged in from the address, or from how many addresses the user did. */
  readonly users: number;
  readonly addresses: number;
  /** Epoch milliseconds; null for none. */
  readonly lastAt: number | null;
  /** Whether older ones were not looked at. */
  readonly isAtLeast: boolean;
}

export interface Preview {
  readonly order: Order;
  readonly key: string;
  readonly status: SingleStatus;
  /** Null if no log tells. */
  readonly logins: Logins | null;
  /** Whether the option `allow` lets it in, whatever is locked. */
  readonly isAllowed: boolean;
}

/** @throws {LockoutStoreError} if the store fails */
export async function readPreview(lockout: Lockout, order: Order): Promise<Preview> {
  const { options } = lockout[ENGINE];
  const named = exactParts(order);
  const [status, logins] = await Promise.all([lockout.status(named), readLogins(lockout, order)]);
  const isAllowed = options.isAllowed?.(attemptOf(order.parts)) ?? false;
  return { order, key: status.key, status, logins, isAllowed };
}

/** Returns the parts as the methods of a lockout accept them. */
export function exactParts({ parts }: Order): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, exactName(value)]));
}

async function readLogins(lockout: Lockout, { parts }: Order): Promise<Logins | null> {
  const { options } = lockout[ENGINE];
  const { ip, username } = parts;
  if (!options.store.attemptLog || options.attemptLog === 'off') return null;
  if (ip === undefined && username === undefined) return null;
  const query = toQueryParts({ ...(ip !== undefined && { ip }), ...(username !== undefined && { username }) });
  const { items, cursor } = await lockout.attempts({ ...query, outcome: 'succeeded', limit: NEWEST });
  const different = (part: 'ip' | 'username') => new Set(items.map((entry: AttemptRecord) => entry[part])).size;
  return {
    count: items.reduce((sum, { count }) => sum + count, 0),
    users: different('username'),
    addresses: different('ip'),
    lastAt: items[0]?.at.getTime() ?? null,
    isAtLeast: cursor !== null,
  };
}
