/** What is compared: something that lets a login in, or does not. */
import type { Settings } from './settings.js';

/** Time that the simulation moves, in epoch milliseconds. */
export interface Clock {
  now: number;
}

/** Cookies of one browser, by their names. */
export type Jar = Map<string, string>;

/** Of what never logs in, and so is never given a cookie. */
export const NO_JAR: Jar = new Map();

/** What a person types who knows the password. */
export const RIGHT = { password: 'right', origin: 'right', verify: () => true } as const;

/** Where a password comes from. The lockout must not know; StopGuessing guesses it, and its model is told. */
export type Origin =
  | 'right'
  /** Mistyped. */
  | 'slip'
  /** Of somebody who has forgotten theirs. */
  | 'forgotten'
  /** That of last month, which a program still has. */
  | 'former'
  /** From a list of popular ones. */
  | 'popular'
  /** Leaked elsewhere, with the name. */
  | 'leaked';

export interface Login {
  readonly username: string;
  readonly ip: string;
  readonly password: string;
  readonly origin: Origin;
  /** What the browser sends; what a success sets is put into it. */
  readonly jar: Jar;
  /** Judges the password, and counts that it was judged: it is called only for who is let that far. */
  readonly verify: () => boolean;
}

/** A wrong password that locks at once may be answered as refused. */
export type Answer = 'in' | 'wrong' | 'refused';

export interface Policy {
  /** A promise if a login takes several steps; the next one waits for it. */
  readonly login: (login: Login) => Answer | Promise<Answer>;
}

/** How an attacker spreads guesses at one account: so many as soon as they are let, then silence. */
export interface Plan {
  readonly guesses: number;
  readonly silenceMs: number;
}

/** One row of the tables. */
export interface Contender {
  readonly name: string;
  readonly create: (clock: Clock) => Policy;
  /** Those that could pay against it. */
  readonly plans: readonly Plan[];
  /** What is different in its world. */
  readonly settings?: Partial<Settings>;
  /** Ids of the scenarios that say something about it; all by default. */
  readonly scenarios?: readonly string[];
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
