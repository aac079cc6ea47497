/**
 * A promise of verify's answer, for a strategy that has to wait for its slots. If verify throws then, in a later turn, only a
 * strategy that listens to this promise notices: most pass a callback and ignore the promise.
 */
type OnValue = (value: unknown) => unknown;
type OnError = (error: unknown) => unknown;

export class LaterAnswer extends Promise<unknown> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  isHeard = false;
  /** Whether it was rejected by a throw in a later turn. */
  isLost = false;

  // biome-ignore lint/suspicious/noThenProperty: a promise that notices who listens
  override then<T, E>(
    onValue?: ((value: unknown) => T | PromiseLike<T>) | null,
    onError?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    this.isHeard = true;
    return super.then(onValue, onError);
  }

  /** Listens without counting as the strategy. */
  observe(onValue: OnValue, onError: OnError): Promise<unknown> {
    return super.then(onValue, onError);
  }
}

/** Listens to a promise; a guard's promise does not take this listener for the strategy. */
export function observe(
  promise: PromiseLike<unknown>,
  onValue: OnValue | undefined,
  onError: OnError,
): PromiseLike<unknown> {
  return promise instanceof LaterAnswer
    ? promise.observe(onValue ?? ((value) => value), onError)
    : promise.then(onValue, onError);
}

/**
 * Promises the result of `ask` for a value that comes later. If verify itself returns a promise, that is passed on unchanged: its
 * consumer decides, and unhandled it stays unhandled.
 *
 * @param onLost - called with a throw nobody listens to; the promise then stays unsettled
 */
export function answerLater<T>(
  source: PromiseLike<T>,
  ask: (value: T) => unknown,
  onLost: (error: unknown) => void,
): LaterAnswer {
  let settle: { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };
  const answer = new LaterAnswer((resolve, reject) => {
    settle = { resolve, reject };
  });
  const lose = (error: unknown) => {
    if (!answer.isHeard) return onLost(error);
    answer.isLost = true;
    settle.reject(error);
  };
  const loseFrom = (promise: unknown) => (error: unknown) =>
    promise instanceof LaterAnswer && !promise.isLost ? settle.reject(error) : lose(error);
  source.then((value) => {
    try {
      const result = ask(value);
      if (result instanceof LaterAnswer) result.then(settle.resolve, loseFrom(result));
      else settle.resolve(result);
    } catch (error) {
      lose(error);
    }
  }, loseFrom(source));
  return answer;
}
