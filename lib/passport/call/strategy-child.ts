/** The object on which a strategy runs for one request: it inherits everything and absorbs the strategy's own writes. */
import { isThenable } from '../../util/awaitable.js';
import { ACTIONS, type Receiver } from '../strategy-like.js';
import { observe } from './later-answer.js';

export type Members = Record<PropertyKey, unknown>;
type SetMembers = (self: Members, members: Members) => void;

export interface Self {
  readonly self: Members;
  /** Sets members on the object itself. */
  readonly set: SetMembers;
  /**
   * The strategy itself, if it was given to Passport directly. A class with `#private` members works only on its own instance, and
   * only this way, with or without a wrapper.
   */
  readonly bare: Members | undefined;
  /** Has the final actions of this request. */
  readonly actions: Readonly<Members>;
}

export type CreateSelf = (receiver: Receiver) => Self;

/**
 * Returns the factory of these objects. In the usual case, `passport.use(wrapped)`, they inherit from the strategy itself:
 * Passport's own child holds nothing but the actions, and the wrapper in between would cost a trap for each member the strategy
 * reads.
 *
 * @param wrappers - returns the wrapper made of `strategy`, and what stands in for it; they do not exist yet
 * @param members - names set in addition to the actions
 */
export function selfFactory(
  strategy: object,
  wrappers: () => readonly object[],
  members: readonly string[],
): CreateSelf {
  // Much faster, but not possible over an accessor or a read-only member.
  const set: SetMembers = members.every((name) => isAssignable(strategy, name)) ? Object.assign : defineAll;
  let wrapped: object | undefined;
  let standIn: object | undefined;
  return (receiver) => {
    if (!wrapped) [wrapped, standIn] = wrappers();
    const prototype: unknown = Object.getPrototypeOf(receiver);
    if (prototype !== standIn && prototype !== wrapped) {
      const bare = receiver === wrapped ? (strategy as Members) : undefined;
      return { self: Object.create(receiver) as Members, set: defineAll, bare, actions: actionsOf(receiver) };
    }
    // Passport has made the receiver for this request, so its actions stay the same.
    const self = Object.assign(Object.create(strategy) as Members, receiver);
    return { self, set, bare: undefined, actions: receiver };
  };
}

/** Copies the actions: on a shared instance another request overwrites them. */
function actionsOf(receiver: Receiver): Members {
  return Object.fromEntries(ACTIONS.map((name) => [name, receiver[name]]));
}

export function defineAll(self: Members, members: Members): void {
  for (const name of Object.keys(members)) define(self, name, members[name]);
}

/** Also used on a bare strategy, see `Self.bare`. */
export function define(self: Members, name: string, value: unknown): void {
  Object.defineProperty(self, name, { value, writable: true, enumerable: true, configurable: true });
}

function isAssignable(strategy: object, name: string): boolean {
  for (let holder: object | null = strategy; holder; holder = Object.getPrototypeOf(holder) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (descriptor) return descriptor.writable === true;
  }
  return true;
}

/**
 * Retries on the instance itself. A class with `#private` members rejects every other object; nothing has happened by then.
 *
 * @param again - the run on the instance itself; undefined once something has happened
 */
export function retryOnPrivate(run: () => unknown, again: () => (() => unknown) | undefined): unknown {
  const retry = (error: unknown) => {
    const runAgain = isPrivateAccess(error) ? again() : undefined;
    if (!runAgain) throw error;
    return runAgain();
  };
  try {
    const result = run();
    return isThenable(result) ? observe(result, undefined, retry) : result;
  } catch (error) {
    return retry(error);
  }
}

/** V8's messages for a field, and for a method or an accessor. */
const PRIVATE_ACCESS = /private|^Receiver must be an instance of class /;

export function isPrivateAccess(error: unknown): boolean {
  return error instanceof TypeError && PRIVATE_ACCESS.test(error.message);
}
