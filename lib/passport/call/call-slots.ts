/** The slots of one guarded call, a set for each guess, and how several lockouts around the same call go by each other. */
import type { AttemptFlow } from '../../attempt/attempt-flow.js';
import type { Ticket } from '../../attempt/ticket.js';
import type { GuardParts } from '../guard-parts.js';
import type { Receiver } from '../strategy-like.js';
import { HeldGuess, JUDGED } from './held-guess.js';
import type { Question, Questions } from './questions.js';

/** Where a guarded call finds the one around it, that of another lockout. */
const AROUND = Symbol('passport-lockout.around');

export class CallSlots {
  readonly questions: Questions = new Map();
  readonly all: HeldGuess[] = [];
  newest: HeldGuess | undefined;
  /** Several guesses are made; then what verify says of each is its verdict. */
  areShared = false;
  /** More than one person is tried. */
  haveSeveralNames = false;
  /** Another lockout has refused this call: what is asked on is not verified, and would keep its slots for nothing. */
  areRefused = false;
  /** Guards of the same call by other lockouts; slots are taken from the inside out. */
  readonly around: CallSlots | undefined;
  /** What is asked here has been admitted by this one. */
  within: CallSlots | undefined;
  readonly #flow: AttemptFlow;
  readonly #countsFailures: boolean;
  /** Of several, those of which the strategy has yet to say what comes of them: verify has said something truthy. */
  #accepted: HeldGuess[] | undefined;
  /** The same, where verify has not said so. */
  #undecided: HeldGuess[] | undefined;
  /** The last of which verify has said anything. */
  #lastHeard: HeldGuess | undefined;

  constructor({ engine, profile }: Pick<GuardParts, 'engine' | 'profile'>, receiver: Receiver) {
    this.#flow = engine.flow;
    this.#countsFailures = profile.countsFailures;
    // Asked first, since a wrapper has a trap only for reading.
    this.around = AROUND in receiver ? (receiver[AROUND] as CallSlots) : undefined;
    if (this.around) this.around.within = this;
  }

  /** Shows itself to guards within. */
  markOn(self: object): void {
    Object.defineProperty(self, AROUND, { value: this, configurable: true });
  }

  /** Another guess is on its way. */
  share(): void {
    if (this.areShared) return;
    this.areShared = true;
    if (this.newest) this.note(this.newest);
  }

  /** Nothing but the answer of verify is waited for. */
  get awaitsVerify(): boolean {
    const open = this.all.filter(({ state }) => state.isOpen);
    return open.length > 0 && open.every(({ isAsked }) => isAsked);
  }

  take({ verify, values }: Question, ticket: Ticket): HeldGuess {
    const guess = new HeldGuess(ticket);
    const { newest, questions } = this;
    if (newest && newest.ticket.attempt.username !== ticket.attempt.username) this.haveSeveralNames = true;
    questions.set(verify, { verify, values, guess, hasJoined: questions.get(verify)?.hasJoined ?? false });
    this.all.push(guess);
    this.newest = guess;
    return guess;
  }

  /** What verify has said is no verdict yet. */
  note(guess: HeldGuess): void {
    if (!this.areShared) return;
    if (guess.answer !== undefined) this.#lastHeard = guess;
    this.#accepted ??= [];
    this.#undecided ??= [];
    if (guess.answer === 'yes') this.#accepted.push(guess);
    if (guess.isUndecided) this.#undecided.push(guess);
  }

  /** The one that an action speaks of which comes from nowhere in particular: hardly one of which nothing has been heard. */
  get spokenOf(): HeldGuess | undefined {
    return this.#accepted?.at(-1) ?? this.#lastHeard ?? this.newest;
  }

  /** Those of which the strategy has heard and which nobody has judged; each once. */
  takeAnswered(): ReadonlySet<HeldGuess> {
    const accepted = (this.#accepted ?? []).filter(({ state, answer }) => state.isOpen && answer === 'yes');
    this.#accepted = undefined;
    return new Set([...this.takeUndecided(), ...accepted]);
  }

  /** Each once. */
  takeUndecided(): ReadonlySet<HeldGuess> {
    const noted = this.areShared ? (this.#undecided ?? []) : this.all;
    this.#undecided = undefined;
    return new Set(noted.filter(({ isUndecided }) => isUndecided));
  }

  /** The wrapper answers: what nobody has judged is given back, here and within; around it a failure counts as well. */
  end(hasFailed: boolean): void {
    this.#end(false);
    for (let slots = this.within; slots; slots = slots.within) {
      slots.areRefused = true;
      slots.#end(false);
    }
    for (let slots = this.around; slots; slots = slots.around) {
      slots.areRefused = true;
      slots.#end(hasFailed);
    }
  }

  /** @param isFailure - whether the guess is wrong that is spoken of; others are what verify has said of them */
  #end(isFailure: boolean): void {
    const { spokenOf } = this;
    for (const guess of this.all) {
      if (!guess.state.isOpen) continue;
      // Of several: a strategy that asks on has swallowed the error, or does not take the yes for one.
      const wasHeard = guess.isWrong || guess.isUndecided || guess.answer === 'yes';
      const wasWrong = this.areShared && this.#countsFailures && wasHeard;
      const isWrong = wasWrong || (isFailure && guess === spokenOf);
      guess.state = JUDGED;
      void (isWrong ? this.#flow.settle(guess.ticket, 'failure') : this.#flow.giveBack(guess.ticket));
    }
  }
}
