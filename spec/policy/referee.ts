/** Keeps its own count of a subject's guesses, from what can be seen from outside, to catch the policy cheating. */
import type { Policy, Verdict } from '../../lib/policy/state.js';
import type { Reached } from './guessing.js';

export class Referee {
  readonly #policy: Policy;
  /** Wrong guesses since the last reset. */
  wrong = 0;
  #locks = 0;
  #more = 0;
  #firstAt = 0;
  #quietFrom = 0;
  #lockedUntil = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** How many guesses may have been spent by now: up to the next tier, or none more while a lock holds. */
  allowedAt(now: number): number {
    if (this.#lockedUntil > now) return this.wrong;
    const { tiers } = this.#policy;
    const next = tiers[this.#locks];
    if (next) return next.failures + this.#more;
    return (tiers.at(-1)?.failures ?? 0) + this.#locks - tiers.length + 1 + this.#more;
  }

  judge(verdict: Verdict, reached: Reached, now: number): void {
    if (verdict === 'success' && this.#policy.resetOnSuccess && this.#lockedUntil <= now) this.reset();
    if (verdict !== 'failure') return;
    this.wrong += 1;
    if (this.wrong === 1) this.#firstAt = now;
    this.#quietFrom = now;
    if (reached === null) return;
    this.#locks += 1;
    const cooloffMs = reached === 'hardStop' ? Number.POSITIVE_INFINITY : (this.#policy.tiers[reached]?.cooloffMs ?? 0);
    this.#lockedUntil = now + cooloffMs;
    this.#quietFrom = this.#lockedUntil;
  }

  /** An operator's lock takes the place of any other. A tier reached under it is reached by one guess more. */
  block(lockedUntil: number): void {
    this.#lockedUntil = lockedUntil;
    this.#more += 1;
  }

  /** Failures are forgotten in time, but never under a lock. */
  passTime(now: number): void {
    const from = this.#policy.forgetFrom === 'first' ? this.#firstAt : this.#quietFrom;
    if (from + this.#policy.forgetAfterMs <= now && this.#lockedUntil <= now) this.reset();
  }

  reset(): void {
    this.wrong = 0;
    this.#locks = 0;
    this.#more = 0;
    this.#lockedUntil = 0;
  }
}
