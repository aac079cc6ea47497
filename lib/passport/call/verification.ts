/** What one call asks of verify: each guess once it has slots of its own, and what verify says of it. */
import { LATE, type Refusal } from '../../attempt/refusal.js';
import { type Admission, isRefusal } from '../../attempt/ticket.js';
import { readAttempt } from '../../request/read-attempt.js';
import type { Attempt, LockoutRequest } from '../../subject/attempt.js';
import { type Awaitable, chain, isThenable, neverSettled } from '../../util/awaitable.js';
import { credentialArgs, guessOf, usernameOf } from '../credentials.js';
import type { GuardParts } from '../guard-parts.js';
import { sentName } from '../profile/who-tries.js';
import type { End } from '../verdict.js';
import type { CallSlots } from './call-slots.js';
import { askVerify, type Hearer } from './hearing.js';
import type { Answer, HeldGuess } from './held-guess.js';
import type { Verify } from './hooks.js';
import type { Judgement } from './judgement.js';
import { answerLater } from './later-answer.js';
import { Line } from './line.js';
import { GATE, type Question } from './questions.js';

/** The call, as far as it ends. */
export interface Ending {
  /** The wrapper has answered instead of the strategy. */
  readonly isOver: boolean;
  /** How often the strategy has ended. */
  readonly actions: number;
  /** Something was thrown in a later turn, where nobody listens. */
  onLost(error: unknown): void;
  refuse(refusal: Refusal, end?: End): void;
  /** isFailure has thrown. */
  breakOff(end: End): void;
}

interface Call {
  readonly parts: GuardParts;
  readonly req: LockoutRequest;
  /** The strategy's name in this call. */
  readonly strategy: string | undefined;
  readonly slots: CallSlots;
  readonly judgement: Judgement;
  readonly ending: Ending;
}

interface Asking extends Question {
  readonly credentials: readonly unknown[];
}

export class Verification implements Hearer {
  readonly #call: Call;
  /** Guesses are admitted one after the other: whether a question is a guess of its own is told by the one before. */
  readonly #line = new Line();
  #username: string | undefined;
  #answering: HeldGuess | undefined;
  /** The guess whose verify function is running. */
  #asking: HeldGuess | undefined;
  #isRunning = true;
  #hasThrown = false;
  #isAbandoned = false;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Canonical, of who was tried last; undefined when none is known. */
  get username(): string | undefined {
    return this.#username;
  }

  /** The guess of whose answer the strategy hears just now; what it does then, it does because of it. */
  get answering(): HeldGuess | undefined {
    return this.#answering;
  }

  /** Slots are being asked for. */
  get isPending(): boolean {
    return this.#line.isBusy;
  }

  /** The verify function is called: reserve first. */
  enter(verify: Verify, self: unknown, args: unknown[]): unknown {
    if (this.#call.ending.isOver) return neverSettled();
    const credentials = credentialArgs(args, this.#call.req);
    return this.#admit(verify, credentials, (guess) => {
      guess.isAsked = true;
      const before = this.#asking;
      this.#asking = guess;
      try {
        return askVerify({ verify, self, args }, guess, this);
      } finally {
        this.#asking = before;
      }
    });
  }

  /** The same for the strategy as a whole, of whose answers nothing is heard. */
  enterGate(credentials: readonly unknown[], go: () => unknown): unknown {
    return this.#admit(GATE, credentials, (guess) => {
      guess.answer ??= 'silence';
      this.#call.slots.note(guess);
      return go();
    });
  }

  /** The strategy has returned, or what it returned has settled. */
  onReturned(): void {
    this.#isRunning = false;
    if (this.#hasThrown) this.#settleLater();
  }

  /** Nobody waits for verify any longer: another request runs on the strategy. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  #admit(verify: object, credentials: readonly unknown[], go: (guess: HeldGuess) => unknown): unknown {
    const ask = (guess: HeldGuess | undefined) => (guess ? go(guess) : neverSettled());
    const within = this.#asking?.isAsked ? this.#asking : undefined;
    const asking = { verify, credentials, values: guessOf(credentials), within };
    const guess = this.#line.run(() => this.#guessFor(asking));
    return isThenable(guess)
      ? answerLater(guess as PromiseLike<HeldGuess | undefined>, ask, (error) => this.#call.ending.onLost(error))
      : ask(guess as HeldGuess | undefined);
  }

  /** The guess under which verify may be asked; undefined where it may not. */
  #guessFor(asking: Asking): Awaitable<HeldGuess | undefined> {
    const { slots, judgement, ending } = this.#call;
    if (ending.isOver || slots.areRefused) return undefined;
    const { newest } = slots;
    if (!newest) return this.#reserve(asking, undefined);
    const known = slots.questions.guessOf(asking, newest, (before) => this.#namesAnother(asking, before));
    if (known?.isHeld) return known;
    if (!known) this.#goOn(newest, asking);
    return chain(judgement.settled, (settled) => {
      if (ending.isOver) return undefined;
      if (!settled?.refusal) return this.#reserve(asking, known);
      ending.refuse(settled.refusal, ending.actions > 0 ? undefined : judgement.lastFailure);
      return undefined;
    });
  }

  /** @param known - asked before, and its slots have come back since */
  #reserve(asking: Asking, known: HeldGuess | undefined): Awaitable<HeldGuess | undefined> {
    const { parts, req, slots, ending } = this.#call;
    const { values, credentials } = asking;
    parts.verdicts.requests.of(req).isGuarded = true;
    const attempt = this.#attemptBefore(asking) ?? this.#read(credentials);
    this.#username = attempt.username;
    const { actions } = ending;
    const { flow } = parts.engine;
    // What one strategy guesses after another is not what the next one tries; and an object may hold something else by now.
    const guess = slots.areShared ? [...values, {}] : values;
    return chain(flow.begin(attempt, guess), (admission: Admission) => {
      // A strategy that has ended meanwhile has nothing verified any more. A guard within has seen that, and holds slots for it.
      const hasEnded = ending.actions !== actions && !slots.areAround;
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

  /** Who was tried just before, where the arguments need not tell who is: a code goes with the name before it. */
  #attemptBefore(asking: Asking): Attempt | undefined {
    const { newest, questions } = this.#call.slots;
    if (!newest || !questions.lastOf(asking.verify)?.hasJoined || this.#namesAnother(asking, newest)) return undefined;
    return newest.ticket.attempt;
  }

  #namesAnother({ credentials }: Asking, before: HeldGuess): boolean {
    const { parts, req } = this.#call;
    const name = sentName(credentials, { req, fold: parts.engine.options.canonicalUsername });
    return name !== undefined && name !== before.ticket.attempt.username;
  }

  #read(credentials: readonly unknown[]): Attempt {
    const { parts, req, strategy } = this.#call;
    const username = usernameOf(parts, credentials, req);
    const isClient = parts.rules.clients ?? parts.profile.areClients;
    return readAttempt(parts.engine.options, { req, username, isClient, action: strategy });
  }

  get hasEnded(): boolean {
    return this.#call.ending.actions > 0;
  }

  get isOver(): boolean {
    return this.#call.ending.isOver;
  }

  onLost(error: unknown): void {
    this.#call.ending.onLost(error);
  }

  tell(guess: HeldGuess, done: Verify, self: unknown, given: readonly unknown[]): unknown {
    if (this.isOver) return undefined;
    const before = this.#answering;
    this.#answering = guess;
    try {
      return Reflect.apply(done, self, given);
    } finally {
      this.#answering = before;
    }
  }

  /** Of several guesses, and of those after the end, the answer is the verdict; of a single one the strategy's action is. */
  hear(guess: HeldGuess, answer: Answer, said?: unknown): void {
    if (!guess.isPending) return;
    const { slots } = this.#call;
    guess.isAsked = false;
    guess.answer = answer;
    guess.said = said;
    if (this.#isAbandoned) this.#tellTooLate(guess);
    if (this.isOver) return;
    slots.note(guess);
    if (guess.isWrong && (this.hasEnded || slots.areShared)) this.#judgeByAnswer(guess);
    if (guess.isOpen && this.hasEnded) this.#giveBackLater(guess);
  }

  /** The strategy makes another guess: those before were wrong, were they not accepted or still under way. */
  #goOn(newest: HeldGuess, { verify }: Asking): void {
    const { slots, judgement } = this.#call;
    slots.share();
    if (newest.answer === 'no') this.#judge(newest.asNo, newest);
    // Somebody else after a yes, and asked elsewhere: a client and then its user. A wrong user is no failure of the client.
    else if (newest.answer === 'yes' && newest.isOpen && !slots.questions.lastOf(verify))
      judgement.settle(newest, 'release');
    for (const guess of slots.takeUndecided()) this.#judge(guess.asNo, guess);
  }

  /** The strategy may catch it and end as it likes. */
  hearThrow(guess: HeldGuess, error: unknown): void {
    if (!guess.isAsked) return;
    this.hear(guess, 'error', error);
    if (!guess.isOpen) return;
    if (this.#isRunning) this.#hasThrown = true;
    else this.#settleLater();
  }

  #judgeByAnswer(guess: HeldGuess): void {
    if (guess.end) this.#judge(guess.end, guess);
  }

  #judge(end: End, guess: HeldGuess): void {
    const told = this.#call.judgement.judge(end, guess);
    if (told !== end) this.#call.ending.breakOff(told);
  }

  /** After what the strategy does about it in this turn: then it has swallowed it. What it still says is judged by slots taken anew. */
  #settleLater(): void {
    setImmediate(() => {
      if (this.isOver) return;
      const { slots } = this.#call;
      for (const guess of slots.takeUndecided()) {
        if (guess.isOpen) this.#judgeByAnswer(guess);
        slots.note(guess);
      }
    });
  }

  /** The strategy has ended already, and may not say a word of this one. */
  #giveBackLater(guess: HeldGuess): void {
    setImmediate(() => {
      if (guess.isOpen && !this.isOver) this.#call.judgement.settle(guess, 'release', 'givenBack');
    });
  }

  #tellTooLate(guess: HeldGuess): void {
    const { judgement, ending } = this.#call;
    this.#isAbandoned = false;
    const { end } = guess;
    const told = end && judgement.judge(end, guess);
    if (!end) judgement.settle(guess, 'release');
    if (told === end) void chain(judgement.takeSettled(), (settled) => ending.refuse(settled?.refusal ?? LATE));
    else if (told) ending.breakOff(told);
  }
}
