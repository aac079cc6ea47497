/** Values that may be promises, without leaving the turn for those that are not. */
import { isThenable } from '../events/emitter.js';
import type { Awaitable } from '../stores/store.js';

/** Calls `next` in the same turn when `value` is there already. */
export function chain<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return isThenable(value) ? Promise.resolve(value as PromiseLike<T>).then(next) : next(value as T);
}

/** All values, in the same turn when none of them is a promise. */
export function all<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return values.some(isThenable) ? Promise.all(values) : (values as readonly T[]);
}
