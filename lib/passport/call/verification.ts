/** The guesses of one call: verify is called for each once it has slots of its own, and its answer is observed. */
import { Apart } from '../../attempt/guess-memory.js';
import { LATE, type Refusal } from '../../attempt/refusal.js';
import { type Admission, isRefusal } from '../../attempt/ticket.js';
import { readAttempt } from '../../request/read-attempt.js';
import type { Attempt, LockoutRequest } from '../../subject/attempt.js';
import { type Awaitable, chain, isThenable, neverSettled } from '../../util/awaitable.js';
import { factorOf, readArguments, usernameOf, type VerifyArguments } from '../credentials.js';
import type { GuardParts } from '../guard-parts.js';
import { sentName } from '../profile/who-tries.js';
import type { End } from '../verdict.js';
import type { CallSlots } from './call-slots.js';
import { askVerify, type Ending, type Hearer } from './hearing.js';
import { type Answer, GIVEN_BACK, type HeldGuess } from './held-guess.js';
import type { Verify } from './hooks.js';
import { type Judgement, judge, settle } from './judgement.js';
import { answerLater } from './later-answer.js';
import { GATE, guessOfQuestion, type Question } from './questions.js';

interface CallEnding extends Ending {
  refuse(refusal: Refusal, end?: End): void;
  /** Called if isFailure has thrown. */
  breakOff(end: End): void;
}

interface Call {
  readonly parts: GuardParts;
  readonly req: LockoutRequest;
  /** The strategy's name during this call. */
  readonly strategy: string | undefined;
  readonly slots: CallSlots;
  readonly judgement: Judgement;
  readonly ending: CallEnding;
}

type Given = Pick<VerifyArguments, 'credentials' | 'values'>;
type Asking = Question & Given;

/** Also the handler of the proxies that replace verify functions. */
export class Verification implements Hearer, ProxyHandler<Verify> {
  readonly ending: CallEnding;
  /** Canonical name of the user tried last; undefined if unknown. */
  username: string | undefined;
  asking: HeldGuess | undefined;
  answering: HeldGuess | undefined;
  readonly #call: Call;
  /** The last guess that is waiting for its slots. */
  #pending: Promise<unknown> | undefined;
  #isRunning = true;
  #hasThrown = false;
  #isAbandoned = false;

  constructor(call: Call) {
    this.ending = call.ending;
    this.#call = call;
  }

  /** Whether slots are being taken. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Called in place of verify: reserves first. */
  apply(verify: Verify, self: unknown, args: unknown[]): unknown {
    const { ending, req } = this.#call;
    if (ending.isOver) return neverSettled();
    const given = readArguments(args, req);
    const asked = { verify, self, args, at: given.at };
    const guess = this.#admit(verify, given);
    if (isThenable(guess)) return this.#answerLater(guess, (admitted) => askVerify(asked, admitted, this));
    return askVerify(asked, guess as HeldGuess | undefined, this);
  }

  /** Like `apply`, but for the strategy as a whole, whose answers cannot be observed. */
  enterGate(credentials: readonly unknown[], go: () => unknown): unknown {
    const enter = (guess: HeldGuess | undefined) => {
      if (!guess) return neverSettled();
      guess.answer ??= 'silence';
      this.#call.slots.note(guess);
      return go();
    };
    const guess = this.#admit(GATE, { credentials, values: credentials });
    return isThenable(guess) ? this.#answerLater(guess, enter) : enter(guess as HeldGuess | undefined);
  }

  #answerLater(guess: PromiseLike<unknown>, ask: (guess: HeldGuess | undefined) => unknown): unknown {
    return answerLater(guess as PromiseLike<HeldGuess | undefined>, ask, (error) => this.ending.onLost(error));
  }

  /** Called when the strategy has returned, or what it returned has settled. */
  onReturned(): void {
    this.#isRunning = false;
    if (this.#hasThrown) this.#settleLater();
  }

  /** Called when nobody waits for verify any longer, because another request runs on the strategy. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  /** Admits guesses one after the other: whether a question is a guess of its own depends on the previous one. */
  #admit(verify: object, { credentials, values }: Given): Awaitable<HeldGuess | undefined> {
    const within = this.asking?.isAsked ? this.asking : undefined;
    const asking = { verify, credentials, values, within };
    const guess = this.#pending ? this.#pending.then(() => this.#guessFor(asking)) : this.#guessFor(asking);
    if (!isThenable(guess)) return guess;
    // Runs before the caller, who may ask the next question, is notified; a failure does not block the next one.
    const onDone = () => {
      if (this.#pending === pending) this.#pending = undefined;
    };
    const pending: Promise<unknown> = Promise.resolve(guess).then(onDone, onDone);
    this.#pending = pending;
    return guess;
  }

  /** Returns the guess for which verify may be called; undefined if it may not. */
  #guessFor(asking: Asking): Awaitable<HeldGuess | undefined> {
    const { slots, judgement, ending } = this.#call;
    if (ending.isOver || slots.areRefused) return undefined;
    const { newest } = slots;
    if (!newest) return this.#reserve(asking, this.#read(asking), undefined);
    const namesAnother = (before: HeldGuess) => this.#namesAnother(asking, before);
    const known = guessOfQuestion(slots.questions, asking, newest, namesAnother);
    if (known?.state.isHeld) return known;
    if (!known) this.#goOn(newest, asking);
    return chain(judgement.settled, (settled) => {
      if (ending.isOver) return undefined;
      if (!settled?.refusal)
        return this.#reserve(asking, this.#attemptBefore(asking, newest) ?? this.#read(asking), known);
      ending.refuse(settled.refusal, ending.actions > 0 ? undefined : judgement.lastFailure);
      return undefined;
    });
  }

  /** @param known - asked before; its slots have been returned since */
  #reserve(asking: Asking, attempt: Attempt, known: HeldGuess | undefined): Awaitable<HeldGuess | undefined> {
    const { parts, req, slots, ending } = this.#call;
    const { values } = asking;
    parts.verdicts.requests.guardingOf(req).isGuarded = true;
    this.username = attempt.username;
    const { actions } = ending;
    const { flow } = parts.engine;
    // Consecutive guesses of one strategy are not what the next one tries; and an object may have changed by now.
    const guess = slots.areShared ? [...values, new Apart()] : values;
    return chain(flow.begin(attempt, guess), (admission: Admission) => {
      // Once a strategy has ended, nothing more is verified for it. An inner guard has noticed the end, and holds slots for the
      // guess.
      const hasEnded = ending.actions !== actions && !slots.within;
      const mayVerify = !ending.isOver && !slots.areRefused && !hasEnded;
      if (isRefusal(admission)) {
        if (mayVerify) ending.refuse(admission);
        return undefined;
      }
      if (mayVerify) return known?.reopen(admission) ?? slots.take(asking, admission);
      void flow.giveBack(admission);
      return undefined;
    });
  }

  /** Returns the previous attempt if the arguments need not identify the user: a code belongs to the name before it. */
  #attemptBefore(asking: Asking, newest: HeldGuess): Attempt | undefined {
    const hasJoined = this.#call.slots.questions.get(asking.verify)?.hasJoined;
    return hasJoined && !this.#namesAnother(asking, newest) ? newest.ticket.attempt : undefined;
  }

  #namesAnother({ credentials }: Asking, before: HeldGuess): boolean {
    const { parts, req } = this.#call;
    const name = sentName(credentials, { req, fold: parts.engine.options.canonicalUsername });
    return name !== undefined && name !== before.ticket.attempt.username;
  }

  #read({ credentials }: Asking): Attempt {
    const { parts, req, strategy } = this.#call;
    const username = usernameOf(parts, credentials, req);
    const isClient = parts.rules.clients ?? parts.profile.areClients;
    const factor = parts.mayBeSecond ? factorOf(parts, credentials, username) : undefined;
    return readAttempt(parts.engine.options, { req, username, isClient, action: strategy, factor });
  }

  /** With several guesses, and after the end, the answer is the verdict; for a single guess the strategy's action is. */
  hear(guess: HeldGuess, answer: Answer, said?: unknown): void {
    if (!guess.state.isPending) return;
    const { slots, ending } = this.#call;
    guess.hear(answer, said);
    if (this.#isAbandoned) this.#tellTooLate(guess);
    if (ending.isOver) return;
    if (slots.areShared) slots.note(guess);
    const hasEnded = ending.actions > 0;
    if (guess.isWrong && (hasEnded || slots.areShared)) this.#judgeByAnswer(guess);
    if (hasEnded && guess.state.isOpen) this.#giveBackLater(guess);
  }

  /** Called when the strategy makes another guess: earlier ones were wrong unless accepted or still being verified. */
  #goOn(newest: HeldGuess, { verify }: Asking): void {
    const { slots, judgement } = this.#call;
    slots.share();
    if (newest.answer === 'no') this.#judge(newest.asNo, newest);
    // Another user after a yes, verified elsewhere: a client and then its user. A wrong user is not a failure of the client.
    else if (newest.answer === 'yes' && newest.state.isOpen && !slots.questions.has(verify))
      settle(judgement, newest, 'release');
    for (const guess of slots.takeUndecided()) this.#judge(guess.asNo, guess);
  }

  /** Called when verify throws; the strategy may catch the error and end as it likes. */
  hearThrow(guess: HeldGuess, error: unknown): void {
    if (!guess.isAsked) return;
    this.hear(guess, 'error', error);
    if (!guess.state.isOpen) return;
    if (this.#isRunning) this.#hasThrown = true;
    else this.#settleLater();
  }

  #judgeByAnswer(guess: HeldGuess): void {
    if (guess.end) this.#judge(guess.end, guess);
  }

  #judge(end: End, guess: HeldGuess): void {
    const told = judge(this.#call.judgement, end, guess);
    if (told !== end) this.#call.ending.breakOff(told);
  }

  /**
   * Waits for what the strategy does in this turn; after that it has swallowed the error. Later actions are judged with new slots.
   */
  #settleLater(): void {
    setImmediate(() => {
      if (this.ending.isOver) return;
      const { slots } = this.#call;
      for (const guess of slots.takeUndecided()) {
        if (guess.state.isOpen) this.#judgeByAnswer(guess);
        slots.note(guess);
      }
    });
  }

  /** Gives back a guess after the strategy has ended, as it may never report on it. */
  #giveBackLater(guess: HeldGuess): void {
    setImmediate(() => {
      if (guess.state.isOpen && !this.ending.isOver) settle(this.#call.judgement, guess, 'release', GIVEN_BACK);
    });
  }

  #tellTooLate(guess: HeldGuess): void {
    const { judgement, ending } = this.#call;
    this.#isAbandoned = false;
    const { end } = guess;
    const told = end && judge(judgement, end, guess);
    if (!end) settle(judgement, guess, 'release');
    const { settled } = judgement;
    if (told === end) {
      judgement.settled = undefined;
      void chain(settled, (one) => ending.refuse(one?.refusal ?? LATE));
    } else if (told) ending.breakOff(told);
  }
}
