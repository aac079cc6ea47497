/** One call of a strategy's own `authenticate`, guarded if there is something to guard. */
import type { GuardParts } from '../guard-parts.js';
import type { AuthenticateArgs, Receiver } from '../strategy-like.js';
import { type Authenticate, GuardedCall } from './guarded-call.js';

/**
 * Runs the strategy's own `authenticate` on a child of the object Passport made for the request, which hides the guard from the
 * strategy and from overlapping requests.
 */
export function runGuarded(
  parts: GuardParts,
  receiver: Receiver,
  authenticate: Authenticate,
  args: AuthenticateArgs,
): unknown {
  const call = guardedCall(parts, receiver, args);
  return call ? call.run(authenticate, args) : Reflect.apply(authenticate, receiver, args);
}

/** Returns the call to be run in place of the strategy's own method; undefined if there is nothing to guard. */
export function guardedCall(parts: GuardParts, receiver: Receiver, args: AuthenticateArgs): GuardedCall | undefined {
  const { options } = parts.engine;
  const { hooks, gate } = parts.profile;
  const isJudge = hooks.length > 0 || gate !== undefined;
  return options.enabled && isJudge && !options.skip?.(args[0]) ? new GuardedCall(parts, receiver, args[0]) : undefined;
}
