/** Notices when an instance of a mixed class is used without its guard: a subclass may have an `authenticate` of its own. */

import { define } from './call/strategy-child.js';
import type { GuardParts } from './guard-parts.js';
import type { Action } from './strategy-like.js';

/**
 * Watches for a success until the guard runs for the first time: nothing else would reveal a bypass. Passport sets the action on an
 * object that inherits from the instance, or in direct mode on the instance itself.
 *
 * @returns to be called when the guard runs; removes every trace of the watch from the instance
 */
export function watchForPassing(owner: object, { verdicts, profile, engine }: GuardParts): () => void {
  const isGuarded = profile.hooks.length > 0 || profile.gate !== undefined;
  if (!engine.options.enabled || !isGuarded || profile.mayBypass) return () => {};
  let hasRun = false;
  let onOwner: unknown;
  const watched = (given: Action): Action =>
    function success(this: unknown, ...args: unknown[]): unknown {
      if (!hasRun) verdicts.seePassing();
      return Reflect.apply(given, this, args);
    };
  const get = () => onOwner ?? Reflect.get(Object.getPrototypeOf(owner) as object, 'success', owner);
  function set(this: object, given: unknown): void {
    const action = typeof given === 'function' ? watched(given as Action) : given;
    if (this === owner) onOwner = action;
    else define(this as Record<PropertyKey, unknown>, 'success', action);
  }
  Object.defineProperty(owner, 'success', { configurable: true, get, set });
  return () => {
    if (hasRun) return;
    hasRun = true;
    // An outer lockout may be watching too.
    if (Object.getOwnPropertyDescriptor(owner, 'success')?.set !== set) return;
    Reflect.deleteProperty(owner, 'success');
    if (onOwner !== undefined) Reflect.set(owner, 'success', onOwner);
  };
}
