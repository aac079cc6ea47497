/** Strategies that ask verify several times in one call of authenticate, say for each password of a list. */
import type { Lockout, LockoutOptions } from '../../../lib/index.js';
import { type Course, type Done, guardedCourse, type Running, USER } from './guarded.js';

export type Login = { readonly body: { readonly username: string; readonly passwords: readonly string[] } };
export type Guessing = (self: Running, login: Login) => unknown;

export const login = (passwords: readonly string[]) => ({
  ip: '203.0.113.9',
  headers: {},
  body: { username: 'alice', passwords },
});
export const wrongs = (count: number) => Array.from({ length: count }, (_, index) => `wrong ${index}`);

/** How a verify function reports a wrong password: without a user, or with something truthy that the strategy examines. */
const NO_USER = false;
export const NOT_OK = { ok: false };

/** What a strategy takes for somebody. */
const isUser = (answer: unknown) => Boolean(answer) && answer !== NOT_OK;

/** Ends once, with what all of them have said. */
export const end = (self: Running, answers: readonly unknown[]) => {
  const user = answers.find(isUser);
  if (user) self.success(user);
  else self.fail('bad', 401);
};

export const byCallback = (self: Running, username: string, secret: unknown) =>
  new Promise((resolve) => self._verify(username, secret, (_error: unknown, answer: unknown) => resolve(answer)));

/** Ways in which a strategy asks for each password of a list. */
export const GUESSING: readonly (readonly [how: string, guessing: Guessing])[] = [
  [
    'one after the other, by callbacks',
    (self, { body: { username, passwords } }) => {
      const ask = (index: number) => {
        if (index === passwords.length) return self.fail('bad', 401);
        self._verify(username, passwords[index], (_error: unknown, answer: unknown) => {
          if (isUser(answer)) self.success(answer);
          else ask(index + 1);
        });
      };
      ask(0);
    },
  ],
  [
    'one after the other, awaiting each',
    async (self, { body: { username, passwords } }) => {
      for (const password of passwords) {
        const answer = await self._verify(username, password);
        if (isUser(answer)) return self.success(answer);
      }
      return self.fail('bad', 401);
    },
  ],
  [
    'one after the other, awaiting callbacks',
    async (self, { body: { username, passwords } }) => {
      const answers: unknown[] = [];
      for (const password of passwords) answers.push(await byCallback(self, username, password));
      end(self, answers);
    },
  ],
  [
    'all at once, by callbacks',
    async (self, { body: { username, passwords } }) => {
      end(self, await Promise.all(passwords.map((password) => byCallback(self, username, password))));
    },
  ],
  [
    'all at once, awaiting all',
    async (self, { body: { username, passwords } }) => {
      end(self, await Promise.all(passwords.map((password) => self._verify(username, password))));
    },
  ],
  [
    'by authenticating again',
    (self, req) => {
      const { username, passwords } = req.body;
      self._verify(username, passwords[0], (_error: unknown, answer: unknown) => {
        const rest = { ...req, body: { username, passwords: passwords.slice(1) } };
        if (isUser(answer)) self.success(answer);
        else if (passwords.length === 1) self.fail('bad', 401);
        else self.authenticate(rest);
      });
    },
  ],
];

/** Judges in both ways. */
export function judging(no: unknown = NO_USER) {
  const judged: unknown[] = [];
  const judge = (_username: string, password: string, done?: Done) => {
    judged.push(password);
    const answer = password === 'right' ? USER : no;
    if (!done) return Promise.resolve(answer);
    done(null, answer);
    return undefined;
  };
  return { judged, judge };
}

export const guessing = (course: Guessing, verify: (...args: never[]) => unknown, options: LockoutOptions | Lockout) =>
  guardedCourse(course as unknown as Course, verify, options);
