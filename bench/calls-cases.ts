/** The logins whose calls are counted. */
import { withLockout } from '../lib/index.js';
import { createLogin, createStrategy, RIGHT_PASSWORD } from './login.js';

export interface Case {
  readonly name: string;
  /** Makes one login; throws if the answer is not the expected one. */
  readonly login: () => void;
}

const USERNAME = 'alice';
const WRONG_PASSWORD = 'wrong';
/** High enough that the failures of a whole run reach no tier. */
const UNREACHABLE = [{ failures: 1_000_000, cooloff: { minutes: 15 } }];
const AT_ONCE = [{ failures: 1, cooloff: 'forever' }] as const;

export function createCases(): readonly Case[] {
  const good = createLogin(withLockout(createStrategy()));
  const failed = createLogin(withLockout(createStrategy(), { tiers: { username: UNREACHABLE, ip: UNREACHABLE } }));
  const refused = createLogin(withLockout(createStrategy(), { tiers: { username: AT_ONCE, ip: AT_ONCE } }));
  refused(USERNAME, WRONG_PASSWORD);

  return [
    {
      name: 'good login',
      login: expectStatus(200, () => good(USERNAME, RIGHT_PASSWORD)),
    },
    {
      name: 'failed login',
      login: expectStatus(401, () => failed(USERNAME, WRONG_PASSWORD)),
    },
    {
      name: 'refused login',
      login: expectStatus(429, () => refused(USERNAME, WRONG_PASSWORD)),
    },
  ];
}

function expectStatus(expected: number, call: () => number): () => void {
  return () => {
    const status = call();
    if (status !== expected) throw new Error(`expected the answer ${expected}, got ${status}`);
  };
}
