/** Somebody's own strategy with two verify functions, say one for the password and one for a code; guarded. */
import { type Lockout, type StrategyLike, withLockout } from '../../../lib/index.js';
import type { Running, request } from './guarded.js';

export type TwoHooks = Running &
  Readonly<Record<'_verifyUsernameAndPassword' | '_verifyTotpCode', (...args: unknown[]) => unknown>>;

type Verify = (...args: never[]) => unknown;

export function twoSteps(
  lockout: Lockout,
  authenticate: (self: TwoHooks, req: ReturnType<typeof request>) => unknown,
  verify: { readonly password: Verify; readonly code: Verify },
): StrategyLike {
  const inner = {
    name: 'two-steps',
    _usernameField: 'username',
    _passwordField: 'password',
    _verifyUsernameAndPassword: verify.password,
    _verifyTotpCode: verify.code,
    authenticate(this: TwoHooks, req: ReturnType<typeof request>) {
      return authenticate(this, req);
    },
  };
  return withLockout(inner as unknown as StrategyLike, lockout);
}
