/** The slots of one guarded call, a set for each guess, and how several lockouts around the same call go by each other. */
import type { AttemptFlow } from '../../attempt/attempt-flow.js';
import type { Guess } from '../../attempt/guess-memory.js';
import { isRefusal, type Settled, type Ticket } from '../../attempt/ticket.js';
import type { Verdict } from '../../policy/state.js';
import type { Attempt } from '../../subject/attempt.js';
import { type Awaitable, chain } from '../../util/awaitable.js';
import type { GuardParts } from '../guard-parts.js';
import type { Receiver } from '../strategy-like.js';
import { type GuessState, HeldGuess } from './held-guess.js';

/** Where a guarded call finds the one around it, that of another lockout. */
const AROUND = Symbol('passport-lockout.around');

/** Stands for the verify function where the strategy as a whole is guarded. */
export const GATE = {};

/** What was asked last of one verify function. */
interface Question {
  readonly verify: object;
  readonly credentials: Guess;
  readonly guess: HeldGuess;
  /** It followed another verify function, whose guess it belongs to: its arguments need not tell who tries. */
  readonly hasJoined: boolean;
}

export class CallSlots {
  readonly #flow: AttemptFlow;
  readonly #countsFailures: boolean;
  /** Guards of the same call by other lockouts; slots are taken from the inside out. */
  readonly #around: CallSlots | undefined;
  #within: CallSlots | undefined;
  /** One for each verify function. */
  readonly #questions: Question[] = [];
  readonly #guesses: HeldGuess[] = [];
  /** Of several, those of which the strategy has yet to say what comes of them: verify has said yes. */
  #accepted: HeldGuess[] | undefined;
  /** The same, where verify has not said so. */
  #undecided: HeldGuess[] | undefined;
  #areShared = false;
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

  get areTaken(): boolean {
    return this.#guesses.length > 0;
  }

  /** Several guesses are made; then what verify says of each is its verdict. */
  get areShared(): boolean {
    return this.#areShared;
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

  /** Another lockout has refused this call. */
  get areRefused(): boolean {
    return this.#areRefused;
  }

  /** Nothing but the answer of verify is waited for. */
  get awaitsVerify(): boolean {
    const open = this.#guesses.filter(({ isOpen }) => isOpen);
    return open.length > 0 && open.every(({ answer }) => answer === undefined);
  }

  /**
   * The guess that a question belongs to; undefined for one of its own. Another verify function (password, then one-time password)
   * belongs to the guess before it, unless that was wrong.
   */
  guessOf(verify: object, credentials: Guess): HeldGuess | undefined {
    const last = this.#lastOf(verify);
    if (last) return isSame(last, credentials) ? last.guess : undefined;
    const before = this.newest;
    if (!before || before.answer === 'no' || !before.isHeld) return undefined;
    this.#questions.push({ verify, credentials, guess: before, hasJoined: true });
    return before;
  }

  /** Who tries, where the arguments of this verify function need not tell. */
  attemptOf(verify: object): Attempt | undefined {
    const last = this.#lastOf(verify);
    return last?.hasJoined ? last.guess.ticket.attempt : undefined;
  }

  take(verify: object, credentials: Guess, ticket: Ticket): HeldGuess {
    const guess = new HeldGuess(ticket);
    const last = this.#lastOf(verify);
    const question = { verify, credentials, guess, hasJoined: last?.hasJoined ?? false };
    if (last) this.#questions[this.#questions.indexOf(last)] = question;
    else this.#questions.push(question);
    this.#guesses.push(guess);
    return guess;
  }

  /** What verify has said is no verdict yet. */
  note(guess: HeldGuess): void {
    if (!this.#areShared) return;
    this.#accepted ??= [];
    this.#undecided ??= [];
    if (guess.answer === 'yes') this.#accepted.push(guess);
    if (guess.isUndecided) this.#undecided.push(guess);
  }

  /** The one that an action speaks of which comes from nowhere in particular. */
  get spokenOf(): HeldGuess | undefined {
    return this.#accepted?.at(-1) ?? this.newest;
  }

  /** Each once. */
  takeAccepted(): ReadonlySet<HeldGuess> {
    const accepted = (this.#accepted ?? []).filter(({ isOpen, answer }) => isOpen && answer === 'yes');
    this.#accepted = undefined;
    return new Set(accepted);
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
    for (let slots = this.#within; slots; slots = slots.#within) slots.#end(false);
    for (let slots = this.#around; slots; slots = slots.#around) {
      slots.#areRefused = true;
      slots.#end(hasFailed);
    }
  }

  #lastOf(verify: object): Question | undefined {
    for (const question of this.#questions) if (question.verify === verify) return question;
    return undefined;
  }

  /** @param isFailure - whether the newest guess is wrong; those before it are what verify has said of them */
  #end(isFailure: boolean): void {
    for (const guess of this.#guesses) {
      if (!guess.isOpen) continue;
      // Of several: a strategy that asks on after an error has swallowed it.
      const wasWrong = this.#areShared && this.#countsFailures && (guess.isWrong || guess.isUndecided);
      const isWrong = wasWrong || (isFailure && guess === this.newest);
      guess.state = 'judged';
      void (isWrong ? this.#flow.settle(guess.ticket, 'failure') : this.#flow.giveBack(guess.ticket));
    }
  }
}

/**
 * An object is never the same as before: what it holds may have changed. Nor are credentials that are not known, but behind a gate,
 * which a strategy may go through again with those of before.
 */
function isSame({ verify, credentials: before }: Question, credentials: Guess): boolean {
  if (before.length !== credentials.length) return false;
  if (before.length === 0) return verify === GATE;
  return before.every((value, index) => value === credentials[index] && typeof value !== 'object');
}
