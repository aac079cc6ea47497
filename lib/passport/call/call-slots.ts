/** The slots of one guarded call, a set per guess, and how several lockouts around the same call cooperate. */
import type { AttemptFlow } from '../../attempt/attempt-flow.js';
import type { Ticket } from '../../attempt/ticket.js';
import type { GuardParts } from '../guard-parts.js';
import type { Receiver } from '../strategy-like.js';
import { HeldGuess, JUDGED } from './held-guess.js';
import type { Question, Questions } from './questions.js';

/** Key under which a guarded call finds the enclosing one, of another lockout. */
const AROUND = Symbol('passport-lockout.around');

export class CallSlots {
  readonly questions: Questions = new Map();
  readonly all: HeldGuess[] = [];
  newest: HeldGuess | undefined;
  /** Whether several guesses are made; then the answer of verify to each is its verdict. */
  areShared = false;
  /** Whether more than one user is tried. */
  haveSeveralNames = false;
  /** Whether another lockout has refused this call: further guesses are not verified and would hold their slots in vain. */
  areRefused = false;
  /** The enclosing guard of the same call, of another lockout; slots are taken from the inside out. */
  readonly around: CallSlots | undefined;
  /** The inner guard that has admitted what is verified here. */
  within: CallSlots | undefined;
  readonly #flow: AttemptFlow;
  readonly #countsFailures: boolean;
  /** Of several guesses, those that verify accepted and the strategy has yet to decide on. */
  #accepted: HeldGuess[] | undefined;
  /** Of several guesses, those that verify did not accept and the strategy has yet to decide on. */
  #undecided: HeldGuess[] | undefined;
  /** The last guess that verify has answered. */
  #lastHeard: HeldGuess | undefined;

  constructor({ engine, profile }: Pick<GuardParts, 'engine' | 'profile'>, receiver: Receiver) {
    this.#flow = engine.flow;
    this.#countsFailures = profile.countsFailures;
    // Checked with `in` first, since a wrapper only has a trap for reading.
    this.around = AROUND in receiver ? (receiver[AROUND] as CallSlots) : undefined;
    if (this.around) this.around.within = this;
  }

  /** Makes this visible to inner guards. */
  markOn(self: object): void {
    Object.defineProperty(self, AROUND, { value: this, configurable: true });
  }

  /** Called when another guess is made. */
  share(): void {
    if (this.areShared) return;
    this.areShared = true;
    if (this.newest) this.note(this.newest);
  }

  /** Whether the answer of verify is all that is pending. */
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

  /** Remembers a guess whose answer is not a verdict yet. */
  note(guess: HeldGuess): void {
    if (!this.areShared) return;
    if (guess.answer !== undefined) this.#lastHeard = guess;
    this.#accepted ??= [];
    this.#undecided ??= [];
    if (guess.answer === 'yes') this.#accepted.push(guess);
    if (guess.isUndecided) this.#undecided.push(guess);
  }

  /** The guess that an action without a known cause refers to; hardly one that is still unanswered. */
  get spokenOf(): HeldGuess | undefined {
    return this.#accepted?.at(-1) ?? this.#lastHeard ?? this.newest;
  }

  /** Takes the guesses whose answers the strategy has received and nobody has judged; each is returned once. */
  takeAnswered(): ReadonlySet<HeldGuess> {
    const accepted = (this.#accepted ?? []).filter(({ state, answer }) => state.isOpen && answer === 'yes');
    this.#accepted = undefined;
    return new Set([...this.takeUndecided(), ...accepted]);
  }

  /** Takes the undecided guesses; each is returned once. */
  takeUndecided(): ReadonlySet<HeldGuess> {
    const noted = this.areShared ? (this.#undecided ?? []) : this.all;
    this.#undecided = undefined;
    return new Set(noted.filter(({ isUndecided }) => isUndecided));
  }

  /**
   * Called when the wrapper answers: guesses nobody has judged are given back, here and in inner guards; in outer guards a failure
   * counts as well.
   */
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

  /** @param isFailure - whether the guess referred to is wrong; the others are judged by the answers of verify */
  #end(isFailure: boolean): void {
    const { spokenOf } = this;
    for (const guess of this.all) {
      if (!guess.state.isOpen) continue;
      // With several guesses, a strategy that continues has swallowed the error, or does not accept the yes.
      const wasHeard = guess.isWrong || guess.isUndecided || guess.answer === 'yes';
      const wasWrong = this.areShared && this.#countsFailures && wasHeard;
      const isWrong = wasWrong || (isFailure && guess === spokenOf);
      guess.state = JUDGED;
      void (isWrong ? this.#flow.settle(guess.ticket, 'failure') : this.#flow.giveBack(guess.ticket));
    }
  }
}
