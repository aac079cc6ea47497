/**
 * What the object that Passport makes for a request inherits from, in place of the wrapper. Passport sets five actions on that object;
 * on one that inherits from a proxy each of them is a call into the proxy, and all of them took a quarter of what the lockout adds to
 * a login.
 */
import { define, type Members } from './call/strategy-child.js';
import type { GuardedMethod } from './guarded-method.js';

/** The action that Passport sets first. */
const FIRST_ACTION = 'success';

export interface StandInParts {
  readonly strategy: object;
  /** Returns the wrapper made of the strategy, which does not exist yet. */
  readonly wrapper: () => object;
  /** What the wrapper has in addition to the strategy's members. */
  readonly added: Readonly<Record<PropertyKey, unknown>>;
  /** Undefined if the wrapper does not guard. */
  readonly front: GuardedMethod | undefined;
}

export interface Wrappers extends Pick<StandInParts, 'front'> {
  readonly wrapped: object;
  readonly standIn: object;
}

/** Returns an object that inherits from the strategy and has what the wrapper adds. */
export function createStandIn({ strategy, wrapper, added, front }: StandInParts): object {
  const standIn = Object.create(strategy) as Members;
  for (const key of Reflect.ownKeys(added)) {
    Object.defineProperty(standIn, key, { value: added[key], writable: true, configurable: true });
  }
  if (!front) return standIn;
  function set(this: Members, value: unknown): void {
    if (this === standIn) Reflect.set(wrapper(), 'authenticate', value);
    else define(this, 'authenticate', value);
  }
  return Object.defineProperty(standIn, 'authenticate', { get: () => front.current, set, configurable: true });
}

/**
 * Returns the wrapper's trap for setting a member. With the first action, an object that Passport has just made of the wrapper is moved
 * to inherit from the stand-in.
 */
export function setTrap<T extends object>({ wrapped, standIn, front }: Wrappers): NonNullable<ProxyHandler<T>['set']> {
  return (target, key, value, receiver: unknown) => {
    if (receiver === wrapped) {
      return (key === 'authenticate' && front?.replace(value)) || Reflect.set(target, key, value, target);
    }
    const mayMove = key === FIRST_ACTION && typeof receiver === 'object' && receiver !== null;
    // A setter or a read-only member of the strategy is met by way of the wrapper.
    const moves = mayMove && Object.getPrototypeOf(receiver) === wrapped && !(FIRST_ACTION in standIn);
    if (!moves || !Reflect.setPrototypeOf(receiver, standIn)) return Reflect.set(target, key, value, receiver);
    // By its name, which V8 remembers: `Reflect.set` takes as long as all five actions.
    (receiver as { [FIRST_ACTION]?: unknown }).success = value;
    return true;
  };
}
