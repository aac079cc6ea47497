/** The slots of one guarded call, given back once, and how several lockouts around the same call go by each other. */
import type { AttemptFlow } from '../../attempt/attempt-flow.js';
import type { Settled, Ticket } from '../../attempt/ticket.js';
import type { Verdict } from '../../policy/state.js';
import type { Awaitable } from '../../util/awaitable.js';
import type { Receiver } from '../strategy-like.js';

/** Where a guarded call finds the one around it, that of another lockout. */
const AROUND = Symbol('passport-lockout.around');

export class CallSlots {
  readonly #flow: AttemptFlow;
  /** Guards of the same call by other lockouts; slots are taken from the inside out. */
  readonly #around: CallSlots | undefined;
  #within: CallSlots | undefined;
  #ticket: Ticket | undefined;
  #isSettled = false;
  #areRefused = false;
  #verdict: Verdict = 'release';

  constructor(flow: AttemptFlow, receiver: Receiver) {
    this.#flow = flow;
    this.#around = receiver[AROUND] as CallSlots | undefined;
    if (this.#around) this.#around.#within = this;
  }

  /** Shows itself to guards within. */
  markOn(self: object): void {
    Object.defineProperty(self, AROUND, { value: this, configurable: true });
  }

  take(ticket: Ticket): void {
    this.#ticket = ticket;
  }

  get areTaken(): boolean {
    return this.#ticket !== undefined;
  }

  /** Taken, and without a verdict yet. */
  get areOpen(): boolean {
    return this.#ticket !== undefined && !this.#isSettled;
  }

  /** Another lockout has refused this call. */
  get areRefused(): boolean {
    return this.#areRefused;
  }

  get hasFailed(): boolean {
    return this.#verdict === 'failure';
  }

  /** Only while they are open. */
  settle(verdict: Verdict, forgives: boolean | undefined): Awaitable<Settled> {
    this.#isSettled = true;
    this.#verdict = verdict;
    return this.#flow.settle(this.#ticket as Ticket, verdict, forgives);
  }

  /** For a refusal: those within have taken slots already; those around count a failure as well, and a success that is not told is none. */
  settleOthers(): void {
    for (let slots = this.#around; slots; slots = slots.#around) slots.#areRefused = true;
    for (let slots = this.#within; slots; slots = slots.#within) slots.#end(false);
    if (!this.#ticket) return;
    for (let slots = this.#around; slots; slots = slots.#around) slots.#end(this.hasFailed);
  }

  #end(isFailure: boolean): void {
    if (!this.#ticket || this.#isSettled) return;
    this.#isSettled = true;
    void (isFailure ? this.#flow.settle(this.#ticket, 'failure') : this.#flow.giveBack(this.#ticket));
  }
}
