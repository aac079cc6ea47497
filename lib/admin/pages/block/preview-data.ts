/** Whom a block would hit, as far as the store and the attempt log tell. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { attemptOf } from '../../../operator/find-subject.js';
import type { Page } from '../../../operator/pages.js';
import type { SingleStatus } from '../../../operator/types.js';
import { exactName } from '../../../util/printable.js';
import { logStateOf } from '../../core/log-state.js';
import { unlessStoreFails } from '../../core/store-failure.js';
import { toQueryParts } from '../subject/logged.js';
import type { Order } from './order.js';

/** How many logins are looked at. */
const NEWEST = 500;
/** Of a name under attack, more days have more failures than can be looked through at once. */
export const LOGINS_OF_DAYS = 2;
const DAY_MS = 86_400_000;

interface Logins {
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
  /** Of the last two days. Null if no log is kept; `unanswered` if it failed just now. */
  readonly logins: Logins | null | 'unanswered';
  /** Whether the option `allow` lets it in, whatever is locked. */
  readonly isAllowed: boolean;
}

/** @throws {LockoutStoreError} if the store fails; what only the attempt log fails to answer is left out */
export async function readPreview(lockout: Lockout, order: Order, now: number): Promise<Preview> {
  const { options } = lockout[ENGINE];
  const named = exactParts(order);
  const [status, logins] = await Promise.all([lockout.status(named), readLogins(lockout, order, now)]);
  const isAllowed = options.isAllowed?.(attemptOf(order.parts)) ?? false;
  return { order, key: status.key, status, logins, isAllowed };
}

/** Returns the parts as the methods of a lockout accept them. */
export function exactParts({ parts }: Order): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, exactName(value)]));
}

async function readLogins(lockout: Lockout, { parts }: Order, now: number): Promise<Preview['logins']> {
  const { ip, username } = parts;
  if (logStateOf(lockout) !== 'on') return null;
  if (ip === undefined && username === undefined) return null;
  const query = toQueryParts({ ...(ip !== undefined && { ip }), ...(username !== undefined && { username }) });
  const since = new Date(now - LOGINS_OF_DAYS * DAY_MS);
  const page = await unlessStoreFails(lockout.attempts({ ...query, outcome: 'succeeded', since, limit: NEWEST }));
  return page ? toLogins(page) : 'unanswered';
}

function toLogins({ items, cursor }: Page<AttemptRecord>): Logins {
  const different = (part: 'ip' | 'username') => new Set(items.map((entry: AttemptRecord) => entry[part])).size;
  return {
    count: items.reduce((sum, { count }) => sum + count, 0),
    users: different('username'),
    addresses: different('ip'),
    lastAt: items[0]?.at.getTime() ?? null,
    isAtLeast: cursor !== null,
  };
}
