/** Logins by strategies that judge where no verify function is guarded. */
import type { StrategyLike, StrategyOptions } from '../../../lib/index.js';
import type { Done, Verify } from '../fixtures/judging-first.js';
import { until } from '../tools/until.js';
import { drive } from './drive.js';

export const username: StrategyOptions['username'] = ({ req }) =>
  (req as { readonly body: { readonly username?: string } }).body.username;
export const accept: Verify = (...args) => (args.at(-1) as Done)(null, { id: 1 });

/** The passwords that were asked for, and whether they are right. */
export function judging() {
  const judged: string[] = [];
  const judge = (_username: string, password: string) => {
    judged.push(password);
    return password === 'right';
  };
  const verify: Verify = (...args) => {
    const [, password] = args as [string, string];
    (args.at(-1) as Done)(null, judge('', password) && { id: 1 });
  };
  return { judged, judge, verify };
}

export const login = (password: string, user = 'alice') => ({
  ip: '203.0.113.9',
  headers: {},
  body: { username: user, password },
});

export async function end(strategy: StrategyLike, password: string, user?: string): Promise<string> {
  const credentials = { username: user ?? 'alice', password };
  const { actions } = drive(strategy, login(password, user), { options: credentials });
  await until(() => actions.length > 0);
  const [[name, , status] = []] = actions;
  return status === undefined ? String(name) : `${name} ${status}`;
}
