/** Runs one application with a plain strategy and with the wrapped one, and collects what its clients receive. */
import type { Answer, LoginApp } from './login-app.js';
import { RIGHT_PASSWORD } from './password-strategy.js';

type Login = readonly [username: string, password: string | undefined];

/** Right, wrong and incomplete. */
export const LOGINS: readonly Login[] = [
  ['alice', RIGHT_PASSWORD],
  ['alice', 'wrong'],
  ['alice', undefined],
];

/** What a client sees of the answers, one after the other; then the application is closed. */
export async function converse(started: Promise<LoginApp>, logins = LOGINS): Promise<readonly string[]> {
  const app = await started;
  const seen: string[] = [];
  for (const [username, password] of logins) seen.push(describeAnswer(await app.login(username, password)));
  await app.close();
  return seen;
}

function describeAnswer({ status, body, headers }: Answer): string {
  const shown = ['location', 'www-authenticate', 'retry-after'].flatMap((name) => headers.get(name) ?? []);
  return [status, ...shown, body].join(' | ');
}
