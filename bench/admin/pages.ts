/** Which pages are opened, as an operator opens them. */
import { ADMIN, ATTACKER, SOMEBODY } from './data.js';

export interface Opened {
  readonly name: string;
  readonly path: string;
  /** Fields of a form that is sent; without them the page is opened. */
  readonly form?: Readonly<Record<string, string>>;
  /** Whether to go to the second page, and open that. */
  readonly isNext?: boolean;
  /** Kept for a second by the process: opened when that is over. */
  readonly isKept?: boolean;
}

const keyOf = (dimension: string, value: string) => encodeURIComponent(`${dimension}=${value}`);
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

export const pages = (): readonly Opened[] => [
  { name: 'Now, 1 hour', path: '/', isKept: true },
  { name: 'Now, 24 hours', path: '/?span=day', isKept: true },
  { name: 'Now, 7 days', path: '/?span=week', isKept: true },
  { name: 'Blocked', path: '/blocked' },
  { name: 'Blocked, second page', path: '/blocked', isNext: true },
  { name: 'Blocked, addresses', path: '/blocked?dimension=ip' },
  { name: 'Blocked, by name', path: '/blocked?order=key' },
  { name: 'Blocked, one name', path: `/blocked?username=${SOMEBODY}` },
  { name: 'Blocked, one address', path: '/blocked?ip=10.0.0.9' },
  { name: 'Unblock?', path: `/unblock?key=${keyOf('username', SOMEBODY)}` },
  { name: 'Block', path: '/block' },
  { name: 'Block, preview of a name', path: '/block/preview', form: { username: ADMIN, for: '1h', reason: 'bench' } },
  { name: 'Block, preview of an address', path: '/block/preview', form: { ip: ATTACKER, for: '1h', reason: 'bench' } },
  { name: 'Attempts', path: '/attempts' },
  { name: 'Attempts, second page', path: '/attempts', isNext: true },
  { name: 'Attempts, succeeded', path: '/attempts?outcome=succeeded' },
  { name: 'Attempts, one name', path: `/attempts?username=${SOMEBODY}` },
  { name: 'Attempts, a name of many', path: `/attempts?username=${ADMIN}` },
  { name: 'Attempts, unknown name', path: '/attempts?username=nobody' },
  { name: 'Attempts, one address', path: `/attempts?ip=${ATTACKER}` },
  { name: 'Attempts, an old hour', path: `/attempts?since=${hoursAgo(100)}&until=${hoursAgo(99)}` },
  { name: 'Attempts, part of the path, not found', path: '/attempts?text=nowhere' },
  { name: 'Attempts, by address', path: '/attempts?group=ip' },
  { name: 'Subject, a locked name', path: `/subject?key=${keyOf('username', SOMEBODY)}` },
  { name: 'Subject, a name of many attempts', path: `/subject?key=${keyOf('username', ADMIN)}` },
  { name: 'Subject, an address of many', path: `/subject?key=${keyOf('ip', ATTACKER)}` },
  { name: 'Subject, unknown', path: `/subject?key=${keyOf('username', 'nobody')}` },
  { name: 'Activity', path: '/activity' },
  { name: 'Settings', path: '/settings' },
];
