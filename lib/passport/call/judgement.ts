/** What the ends of one call come to: each guess is judged once, and nothing is told before that is written. */
import type { Settled } from '../../attempt/ticket.js';
import type { Verdict } from '../../policy/state.js';
import type { LockoutRequest } from '../../subject/attempt.js';
import { type Awaitable, chain } from '../../util/awaitable.js';
import type { GuardParts } from '../guard-parts.js';
import { noticeVerdict } from '../notices.js';
import { type End, verdictOf } from '../verdict.js';
import type { CallSlots } from './call-slots.js';
import type { GuessState, HeldGuess } from './held-guess.js';

export class Judgement {
  readonly #parts: GuardParts;
  readonly #req: LockoutRequest;
  readonly #slots: CallSlots;
  /** What the verdicts came to, until it is told. */
  #settled: Awaitable<Settled> | undefined;
  #lastFailure: End | undefined;

  constructor(parts: GuardParts, req: LockoutRequest, slots: CallSlots) {
    this.#parts = parts;
    this.#req = req;
    this.#slots = slots;
  }

  /** How it was last told that a guess is wrong. */
  get lastFailure(): End | undefined {
    return this.#lastFailure;
  }

  get settled(): Awaitable<Settled> | undefined {
    return this.#settled;
  }

  takeSettled(): Awaitable<Settled> | undefined {
    const settled = this.#settled;
    this.#settled = undefined;
    return settled;
  }

  /**
   * @param released - the state of the guess where that judges nothing
   * @returns what is to be told: the end itself, or what isFailure has thrown
   */
  judge(end: End, guess: HeldGuess | undefined, released?: GuessState): End {
    if (!guess?.isPending) return end;
    let told = end;
    let verdict: Verdict = 'release';
    try {
      verdict = verdictOf(this.#parts, end, this.#req, guess.isWrong);
    } catch (error) {
      told = { name: 'error', args: [error] };
    }
    // Nothing more is said of what was given back.
    if (verdict === 'release' && guess.state === 'givenBack') return told;
    // A no of verify is no error, even where the strategy makes one of it.
    const seen = (guess.answer === 'no' && verdict === 'failure' && guess.end) || told;
    noticeVerdict(this.#parts, seen, verdict, guess.ticket.attempt);
    if (verdict === 'failure') this.#lastFailure = seen;
    this.settle(guess, verdict, released);
    return told;
  }

  settle(guess: HeldGuess, verdict: Verdict, released: GuessState = guess.isAnswered ? 'released' : 'givenBack'): void {
    const forgives = this.#parts.rules.resetOnSuccess;
    const settled = this.#slots.settle(guess, { verdict, forgives, released });
    const before = this.#settled;
    this.#settled =
      before === undefined ? settled : chain(before, (one) => chain(settled, (other) => join(one, other)));
  }
}

function join(before: Settled, last: Settled): Settled {
  return { refusal: before.refusal ?? last.refusal, attemptsLeft: last.attemptsLeft ?? before.attemptsLeft };
}
