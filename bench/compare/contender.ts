/** What is compared: one login route, with one thing or another that guards it. */
import type { Credentials } from '../exchange.js';
import type { AsyncLogin } from '../login.js';

export interface Contender {
  readonly name: keyof typeof LEGEND;
  readonly login: AsyncLogin;
  /** For those that are of interest in some cases only; all if it is missing. */
  readonly cases?: readonly string[];
  /** Whether it answers 503 where parallel requests get into each other's way. */
  readonly mayFail?: boolean;
  /** Called before attempts whose time is taken, with those: for what must know the users. */
  prepare?(attempts: readonly Credentials[]): Promise<void>;
  close?(): Promise<void>;
}

/**
 * How many wrong passwords of one name are let through; of an address it is always `UNREACHABLE`. What is counted is
 * forgotten after a day.
 */
export type NameLimit = number;

/** High enough that the failures of a whole run do not reach it. */
export const UNREACHABLE = 1_000_000;
/** A limit as sites have it. */
export const STRICT = 3;
export const WINDOW_SECONDS = 86_400;

/** Contenders by the heads of their columns, and what they are. */
export const LEGEND = {
  plain: 'passport-local through Passport, unguarded',
  ours: 'passport-lockout with its defaults',
  rlf: 'rate-limiter-flexible, a point consumed first and given back after a success',
  'rlf recipe': 'rate-limiter-flexible, the login recipe of its wiki: looked up first, consumed after a failure',
  'rlf block': 'rlf with inMemoryBlockOnConsumed',
  erl: 'express-rate-limit by address and name, skipSuccessfulRequests, in memory',
  plm: 'passport-local-mongoose with limitAttempts: by name, of users that it keeps itself',
  brute: 'express-brute by name and by address, reset after a success',
} as const;

/** The floor: Passport and the strategy, unguarded. */
export const PLAIN = 'plain';
export const OURS = 'ours';
/** The one against which ratios are given. */
export const RIVAL = 'rlf';
