/** passport-local with one right password for everybody, and a count of what reached the check. */
import { setTimeout as delay } from 'node:timers/promises';
import { Strategy as LocalStrategy } from 'passport-local';

export const RIGHT_PASSWORD = 'correct horse battery staple';

export class PasswordCheck {
  /** The usernames whose password was really checked, in order. */
  readonly verified: string[] = [];
  readonly #takesMs: number;
  readonly #right: string;

  constructor({ takesMs = 0, right = RIGHT_PASSWORD }: { readonly takesMs?: number; readonly right?: string } = {}) {
    this.#takesMs = takesMs;
    this.#right = right;
  }

  /** A new strategy over this check. */
  strategy(): LocalStrategy {
    return new LocalStrategy((username, password, done) => {
      this.verified.push(username);
      const answer = () => (password === this.#right ? done(null, { username }) : done(null, false));
      if (this.#takesMs === 0) answer();
      else void delay(this.#takesMs).then(answer);
    });
  }
}
