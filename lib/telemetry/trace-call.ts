import { LockoutStoreError } from '../errors.js';
import { type Awaitable, isThenable } from '../util/awaitable.js';
import { STORE_CALLS, type StoreCall } from './channels.js';

/**
 * Publishes one call to a store, in the order of Node's `tracePromise`. That function itself does not fit: a call here never
 * rejects but returns its error, and an answer in the same turn must stay one.
 *
 * @param run - runs with the stores of async contexts that subscribers of `start` have bound, such as the current span
 */
export function traceCall<T>(operation: string, lockout: object, run: () => Awaitable<T>): Awaitable<T> {
  const { start, end, asyncStart, asyncEnd } = STORE_CALLS;
  const call: StoreCall = { operation, lockout, startedAt: performance.now(), isPending: false };
  return start.runStores(call, () => {
    const answer = run();
    if (!isThenable(answer)) {
      publishError(call, answer);
      end.publish(call);
      return answer;
    }
    call.isPending = true;
    end.publish(call);
    return (answer as PromiseLike<T>).then((value) => {
      call.isPending = false;
      publishError(call, value);
      asyncStart.publish(call);
      asyncEnd.publish(call);
      return value;
    });
  });
}

function publishError(call: StoreCall, answer: unknown): void {
  if (!(answer instanceof LockoutStoreError)) return;
  call.error = answer;
  STORE_CALLS.error.publish(call);
}
