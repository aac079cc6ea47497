/** Values that may be promises; those that are not are handled in the same turn. */

/** A value now, or a promise of it. A store that answers in the same turn makes wrapping invisible. */
export type Awaitable<T> = T | PromiseLike<T>;

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

/** Calls `next`, in the same turn if `value` is not a promise. */
export function chain<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  // As `isThenable`, without a call of its own at each step of a login.
  if (typeof (value as { readonly then?: unknown } | null | undefined)?.then !== 'function') return next(value as T);
  return Promise.resolve(value as PromiseLike<T>).then(next);
}

/** Returns all values, in the same turn if none of them is a promise. */
export function all<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return values.some(isThenable) ? Promise.all(values) : (values as readonly T[]);
}

/** Returns a promise for callers that await a verify function which will not be called. A shared one would keep all of them alive. */
export function neverSettled(): Promise<never> {
  return new Promise(() => {});
}
