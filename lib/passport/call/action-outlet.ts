/** The actions that Passport gave a strategy for one request, passed on in the order in which they came. */
import { ACTIONS, type Action, type ActionName, type Receiver } from '../strategy-like.js';

export class ActionOutlet {
  readonly #receiver: Receiver;
  readonly #actions = new Map<ActionName, Action>();
  /** Actions that came while an earlier one waits for its record, in order. */
  #held: (() => void)[] | undefined;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
    for (const name of ACTIONS) {
      const action = receiver[name];
      // The action as it is now: on a shared instance another request overwrites it.
      if (typeof action === 'function') this.#actions.set(name, action as Action);
    }
  }

  get names(): Iterable<ActionName> {
    return this.#actions.keys();
  }

  forward(name: ActionName, args: readonly unknown[]): void {
    Reflect.apply(this.#actions.get(name) as Action, this.#receiver, args);
  }

  /** @returns whether an earlier action waits, so that this one is kept until it has been passed on */
  defer(act: () => void): boolean {
    this.#held?.push(act);
    return this.#held !== undefined;
  }

  /** Keeps what comes until an action that waits for its record is delivered. */
  async holdUntil(deliver: () => Promise<void>): Promise<void> {
    this.#held = [];
    await this.#orError(deliver);
    await this.#orError(() => this.#deliverHeld());
  }

  /** What an action throws in a later turn nobody would catch; a throw of `error()` itself is left to the process. */
  async #orError(act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.forward('error', [error]);
    }
  }

  #deliverHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const act of held) act();
  }
}
