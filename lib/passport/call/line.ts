/** What has to be done one after the other: at once while nothing is under way, else when its turn comes. */
import { type Awaitable, isThenable } from '../../util/awaitable.js';

export class Line {
  #last: Promise<unknown> | undefined;

  get isBusy(): boolean {
    return this.#last !== undefined;
  }

  /** What a task throws or rejects with is told to who gave it, and does not keep the next one. */
  run<T>(task: () => Awaitable<T>): Awaitable<T> {
    const result = this.#last ? this.#last.then(task) : task();
    if (!isThenable(result)) return result;
    // Before whoever gave the task hears of it, who may give the next one.
    const onDone = () => {
      if (this.#last === last) this.#last = undefined;
    };
    const last: Promise<unknown> = Promise.resolve(result as PromiseLike<T>).then(onDone, onDone);
    this.#last = last;
    return result;
  }
}
