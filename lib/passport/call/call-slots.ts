/** The slots of one guarded call, a set for each guess, and how several lockouts around the same call go by each other. */
import type { AttemptFlow } from '../../attempt/attempt-flow.js';
import { isRefusal, type Settled, type Ticket } from '../../attempt/ticket.js';
import type { Verdict } from '../../policy/state.js';
import { type Awaitable, chain } from '../../util/awaitable.js';
import type { GuardParts } from '../guard-parts.js';
import type { Receiver } from '../strategy-like.js';
import { type GuessState, HeldGuess } from './held-guess.js';
import { type Question, Questions } from './questions.js';

/** Where a guarded call finds the one around it, that of another lockout. */
const AROUND = Symbol('passport-lockout.around');

export class CallSlots {
  readonly questions = new Questions();
  readonly #flow: AttemptFlow;
  readonly #countsFailures: boolean;
  /** Guards of the same call by other lockouts; slots are taken from the inside out. */
  readonly #around: CallSlots | undefined;
  #within: CallSlots | undefined;
  readonly #guesses: HeldGuess[] = [];
  /** Of several, those of which the strategy has yet to say what comes of them: verify has said something truthy. */
  #accepted: HeldGuess[] | undefined;
  /** The same, where verify has not said so. */
  #undecided: HeldGuess[] | undefined;
  /** The last of which verify has said anything. */
  #lastHeard: HeldGuess | undefined;
  #areShared = false;
  #haveSeveralNames = false;
  #areRefused = false;

  constructor({ engine, profile }: Pick<GuardParts, 'engine' | 'profile'>, receiver: Receiver) {
    this.#flow = engine.flow;
    this.#countsFailures = profile.countsFailures;
    this.#around = receiver[AROUND] as CallSlots | undefined;
    if (this.#around) this.#around.#within = this;
  }

  /** Shows itself to guards within. */
  markOn(self: object): void {
    Object.defineProperty(self, AROUND, { value: this, configurable: true });
  }

  get isWithin(): boolean {
    return this.#around !== undefined;
  }

  /** What is asked here has been admitted by a guard of another lockout. */
  get areAround(): boolean {
    return this.#within !== undefined;
  }

  get areTaken(): boolean {
    return this.#guesses.length > 0;
  }

  /** Several guesses are made; then what verify says of each is its verdict. */
  get areShared(): boolean {
    return this.#areShared;
  }

  get all(): readonly HeldGuess[] {
    return this.#guesses;
  }

  /** More than one person is tried. */
  get haveSeveralNames(): boolean {
    return this.#haveSeveralNames;
  }

  /** Another guess is on its way. */
  share(): void {
    if (this.#areShared) return;
    this.#areShared = true;
    if (this.newest) this.note(this.newest);
  }

  get newest(): HeldGuess | undefined {
    return this.#guesses.at(-1);
  }

  /** Another lockout has refused this call: what is asked on is not verified, and would keep its slots for nothing. */
  get areRefused(): boolean {
    return this.#areRefused;
  }

  /** Nothing but the answer of verify is waited for. */
  get awaitsVerify(): boolean {
    const open = this.#guesses.filter(({ isOpen }) => isOpen);
    return open.length > 0 && open.every(({ isAsked }) => isAsked);
  }

  take(question: Question, ticket: Ticket): HeldGuess {
    const guess = new HeldGuess(ticket);
    const { newest } = this;
    if (newest && newest.ticket.attempt.username !== ticket.attempt.username) this.#haveSeveralNames = true;
    this.questions.note(question, guess, false);
    this.#guesses.push(guess);
    return guess;
  }

  /** What verify has said is no verdict yet. */
  note(guess: HeldGuess): void {
    if (!this.#areShared) return;
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
    const accepted = (this.#accepted ?? []).filter(({ isOpen, answer }) => isOpen && answer === 'yes');
    this.#accepted = undefined;
    return new Set([...this.takeUndecided(), ...accepted]);
  }

  /** Each once. */
  takeUndecided(): ReadonlySet<HeldGuess> {
    const noted = this.#areShared ? (this.#undecided ?? []) : this.#guesses;
    this.#undecided = undefined;
    return new Set(noted.filter(({ isUndecided }) => isUndecided));
  }

  /**
   * Once; slots that were given back are taken anew.
   *
   * @param released - the state after a verdict that is none
   */
  settle(
    guess: HeldGuess,
    { verdict, forgives, released }: { verdict: Verdict; forgives: boolean | undefined; released: GuessState },
  ): Awaitable<Settled> {
    const { isOpen, ticket } = guess;
    guess.state = verdict === 'release' ? released : 'judged';
    if (isOpen) return this.#flow.settle(ticket, verdict, forgives);
    return chain(this.#flow.begin(ticket.attempt, ticket.memory.guess), (admission) =>
      isRefusal(admission)
        ? { refusal: admission, attemptsLeft: null }
        : this.#flow.settle(admission, verdict, forgives),
    );
  }

  /** The wrapper answers: what nobody has judged is given back, here and within; around it a failure counts as well. */
  end(hasFailed: boolean): void {
    this.#end(false);
    for (let slots = this.#within; slots; slots = slots.#within) {
      slots.#areRefused = true;
      slots.#end(false);
    }
    for (let slots = this.#around; slots; slots = slots.#around) {
      slots.#areRefused = true;
      slots.#end(hasFailed);
    }
  }

  /** @param isFailure - whether the newest guess is wrong; those before it are what verify has said of them */
  #end(isFailure: boolean): void {
    for (const guess of this.#guesses) {
      if (!guess.isOpen) continue;
      // Of several: a strategy that asks on has swallowed the error, or does not take the yes for one.
      const wasHeard = guess.isWrong || guess.isUndecided || guess.answer === 'yes';
      const wasWrong = this.#areShared && this.#countsFailures && wasHeard;
      const isWrong = wasWrong || (isFailure && guess === this.newest);
      guess.state = 'judged';
      void (isWrong ? this.#flow.settle(guess.ticket, 'failure') : this.#flow.giveBack(guess.ticket));
    }
  }
}
