/** One call of a strategy's own `authenticate`, guarded where there is something to guard. */
import type { GuardParts } from '../guard-parts.js';
import type { AuthenticateArgs, Receiver } from '../strategy-like.js';
import { type Authenticate, GuardedCall } from './guarded-call.js';

/**
 * Runs the strategy's own `authenticate` on a child of the object Passport made for the request, so that neither the
 * strategy nor an overlapping request sees anything of it.
 */
export function runGuarded(
  parts: GuardParts,
  receiver: Receiver,
  authenticate: Authenticate,
  args: AuthenticateArgs,
): unknown {
  const { options } = parts.engine;
  const { hooks, gate } = parts.profile;
  const isJudge = hooks.length > 0 || gate !== undefined;
  if (!options.enabled || !isJudge || options.skip?.(args[0])) return Reflect.apply(authenticate, receiver, args);
  return new GuardedCall(parts, receiver, args[0]).run(authenticate, args);
}
