/** The interface of Passport and its strategies as seen from outside, without depending on either. */
import type { LockoutRequest } from '../subject/attempt.js';

/** Anything Passport can use: an object with a method `authenticate`. */
export interface StrategyLike {
  /** The name under which Passport registers it. */
  readonly name?: string | undefined;
  /** Called by Passport for each request. */
  authenticate(...args: never[]): unknown;
}

export type Action = (...args: unknown[]) => unknown;

/** The ways a strategy can end; Passport puts them on the strategy object for each request. */
export const ACTIONS = ['success', 'fail', 'error', 'pass', 'redirect'] as const;
export type ActionName = (typeof ACTIONS)[number];

/** The strategy object of one request, with whatever members its class gives it. */
export type Receiver = Readonly<Record<PropertyKey, unknown>> & { readonly name?: string };

export type AuthenticateArgs = readonly [req: LockoutRequest, ...rest: unknown[]];
