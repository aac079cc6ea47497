/** One call of `authenticate`: verify waits until slots are taken, and the final action settles them. */

import type { Refusal } from '../../attempt/refusal.js';
import type { Settled } from '../../attempt/ticket.js';
import type { LockoutRequest } from '../../subject/attempt.js';
import { isThenable, neverSettled } from '../../util/awaitable.js';
import { answerRefusal } from '../answer.js';
import type { GuardParts } from '../guard-parts.js';
import { noticeRefusal, noticeUnguarded } from '../notices.js';
import { ACTIONS, type Action, type ActionName, type AuthenticateArgs, type Receiver } from '../strategy-like.js';
import { type End, withAttemptsLeft } from '../verdict.js';
import { BareRun, privateMembers, sharedInstance } from './bare-run.js';
import { CallSlots } from './call-slots.js';
import { runBehindGate } from './gate.js';
import { HeldActions } from './held-actions.js';
import type { HeldGuess } from './held-guess.js';
import { guardHook, type Verify } from './hooks.js';
import { decide, type Judgement, judge, settle } from './judgement.js';
import { observe } from './later-answer.js';
import { judgeSeveral } from './several-guesses.js';
import { defineAll, isPrivateAccess, type Members, retryOnPrivate, type Self } from './strategy-child.js';
import { Verification } from './verification.js';

/** A strategy's own method. */
export type Authenticate = (...args: unknown[]) => unknown;

type Target = Pick<Self, 'self' | 'set'>;

export class GuardedCall {
  readonly #parts: GuardParts;
  readonly #receiver: Receiver;
  readonly #req: LockoutRequest;
  readonly #self: Self;
  readonly #slots: CallSlots;
  readonly #judgement: Judgement;
  readonly #verification: Verification;
  /** Set while an action waits for its record. */
  #held: HeldActions | undefined;
  /** Set if the call runs on the strategy itself. */
  #bareRun: BareRun | undefined;
  /** How many final actions the strategy has called. */
  actions = 0;
  /** Whether further actions of the strategy are dropped. */
  isOver = false;

  constructor(parts: GuardParts, receiver: Receiver, req: LockoutRequest) {
    this.#parts = parts;
    this.#receiver = receiver;
    this.#req = req;
    this.#self = parts.createSelf(receiver);
    const slots = new CallSlots(parts, receiver);
    const judgement = { parts, req, settled: undefined, lastFailure: undefined };
    const strategy = this.#self.self['name'] as string | undefined;
    this.#slots = slots;
    this.#judgement = judgement;
    this.#verification = new Verification({ parts, req, strategy, slots, judgement, ending: this });
  }

  run(given: Authenticate, args: AuthenticateArgs): unknown {
    const authenticate = this.#parts.guarded.get(given) ?? given;
    const { self, set, bare } = this.#self;
    if (bare) {
      // An `authenticate` bound to the instance ends there, bypassing the child on which it runs.
      if (Object.hasOwn(bare, 'authenticate')) defineAll(bare, this.#interceptors());
      BareRun.restore(bare);
    }
    this.#equip({ self, set }, authenticate);
    try {
      const isUsual = !bare && this.#parts.profile.gate === undefined;
      const result = isUsual ? Reflect.apply(authenticate, self, args) : this.#runUnusual(authenticate, args);
      if (isThenable(result)) return this.#watch(result);
      this.#verification.onReturned();
      return result;
    } catch (error) {
      return this.#onThrown(error, false);
    }
  }

  #watch(result: PromiseLike<unknown>): unknown {
    const onReturned = (value: unknown) => {
      this.#verification.onReturned();
      return value;
    };
    return observe(result, onReturned, (error) => this.#onThrown(error, true));
  }

  /** Runs behind a gate, or if the strategy itself was given to Passport. */
  #runUnusual(authenticate: Authenticate, args: AuthenticateArgs): unknown {
    const { self, set, bare } = this.#self;
    const run = () => Reflect.apply(authenticate, self, args);
    if (!bare) return this.#gated({ self, set }, args, run)();
    const retrying = () => {
      const before = this.#slots.newest;
      const hasHappened = () => this.#slots.newest !== before || this.actions > 0 || this.#verification.isPending;
      return retryOnPrivate(run, () => (hasHappened() ? undefined : () => this.#runBare(bare, authenticate, args)));
    };
    return this.#gated({ self, set }, args, retrying)();
  }

  /** Returns the same run, behind the gate if there is one. */
  #gated(target: Target, args: AuthenticateArgs, go: () => unknown): () => unknown {
    const { gate } = this.#parts.profile;
    if (gate === undefined) return go;
    const admit = (credentials: readonly unknown[], admitted: () => unknown) =>
      this.#verification.enterGate(credentials, admitted);
    return () => runBehindGate(gate, { ...target, receiver: this.#receiver, args }, { admit, go });
  }

  #runBare(bare: Self['self'], authenticate: Authenticate, args: AuthenticateArgs): unknown {
    this.#bareRun = BareRun.begin(bare, {
      leaseMs: this.#parts.engine.options.leaseTimeoutMs,
      awaitsVerify: () => this.#slots.awaitsVerify,
      abandon: () => {
        this.isOver = true;
        this.#verification.abandon();
      },
    });
    if (!this.#bareRun) return this.breakOff({ name: 'error', args: [sharedInstance(this.#parts.label)] });
    const target = { self: bare, set: this.#bareRun.set };
    this.#equip(target, authenticate);
    const go = () => Reflect.apply(authenticate, bare, args);
    return this.#slots.newest ? go() : this.#gated(target, args, go)();
  }

  #equip(target: Target, authenticate: Authenticate): void {
    const { self, set } = target;
    const { gate } = this.#parts.profile;
    if (this.#parts.isAround) this.#slots.markOn(self);
    // A strategy that calls its own authenticate again is still in this guarded call. The object that Passport itself holds must
    // not have a member in front of the guard, or the next request would bypass it. What runs bare within another lockout is that
    // lockout's wrapper, which this call guards already: installed on the strategy below, the guard would call itself forever.
    const members = this.#interceptors();
    if (self !== this.#receiver && !(this.#bareRun && this.#parts.isAround))
      members['authenticate'] = gate ? this.#again(target, authenticate) : authenticate;
    // A proxy keeps the function's length, name and own properties, which some strategies read.
    const guard = (verify: Verify) => {
      const original = this.#parts.guarded.get(verify) ?? verify;
      const guarded = new Proxy(original, this.#verification);
      if (this.#bareRun) this.#parts.guarded.set(guarded, original);
      return guarded;
    };
    for (const hook of this.#parts.hooks) guardHook(self, members, hook, guard);
    set(self, members);
  }

  /** The final actions, each intercepted before it reaches Passport. */
  #interceptors(): Members {
    const members: Members = {};
    for (const name of ACTIONS) {
      // Bound, not wrapped: one stack frame less in what Passport does next.
      if (typeof this.#self.actions[name] === 'function') members[name] = this.#act.bind(this, name);
    }
    return members;
  }

  #forward(name: ActionName, args: readonly unknown[]): void {
    Reflect.apply(this.#self.actions[name] as Action, this.#receiver, args);
  }

  /**
   * Queues further actions until one that waits for its record is delivered; what `error()` itself throws is left to the process.
   */
  #deliverLater(settled: PromiseLike<Settled>, end: End): void {
    this.#held = new HeldActions();
    void this.#held.deliver(
      async () => this.#deliver(await settled, end),
      (error) => this.#forward('error', [error]),
    );
  }

  /** Passes the gate once more: there may be other credentials behind it. */
  #again(target: Target, authenticate: Authenticate): Authenticate {
    const again = (...args: unknown[]) =>
      this.#gated(target, args as unknown as AuthenticateArgs, () => Reflect.apply(authenticate, target.self, args))();
    if (this.#bareRun) this.#parts.guarded.set(again, authenticate);
    return again;
  }

  /** Passes on what the strategy throws, unless it must not be revealed. */
  #onThrown(error: unknown, isLater: boolean): unknown {
    this.#bareRun?.end();
    // An outer guard may know the instance itself, and retry on that.
    if (this.#isClash(error) && !this.#slots.around) {
      this.onLost(error);
      return neverSettled();
    }
    this.actions += 1;
    const slots = this.#slots;
    const thrown: End = { name: 'error', args: [error] };
    const end = slots.areShared
      ? judgeSeveral(this.#judgement, thrown, slots)
      : judge(this.#judgement, thrown, slots.newest);
    const { settled } = this.#judgement;
    this.#judgement.settled = undefined;
    const goOn = ({ refusal }: Settled) => {
      if (!refusal) throw end.args[0];
      this.refuse(refusal, end);
      return neverSettled();
    };
    if (settled === undefined || !this.#judgement.lastFailure) throw end.args[0];
    if (!isThenable(settled)) return goOn(settled as Settled);
    if (isLater) return settled.then(goOn);
    // A throw would no longer be caught.
    this.#deliverLater(settled as PromiseLike<Settled>, end);
    return neverSettled();
  }

  onLost(error: unknown): void {
    const told = this.#isClash(error) ? privateMembers(this.#parts.label, error) : error;
    this.#act('error', told);
  }

  /** Whether the class cannot run on the child object that Passport creates. */
  #isClash(error: unknown): boolean {
    const hasVerified = this.#slots.newest !== undefined && !this.#parts.profile.gate;
    return isPrivateAccess(error) && !this.#bareRun && !hasVerified && this.actions === 0;
  }

  /** Called with the strategy's final action: settles, then passes it on, or refuses if this failure has caused a lock. */
  #act(name: ActionName, ...args: unknown[]): void {
    if (this.isOver) return;
    this.actions += 1;
    this.#bareRun?.end();
    const about = this.#verification.answering;
    if (this.#held?.defer(() => this.#actLater(about, name, args))) return;
    const slots = this.#slots;
    const isUnguarded = !slots.newest && !slots.areRefused && !this.#verification.isPending;
    if (isUnguarded) noticeUnguarded(this.#parts, { name, args }, this.#req);
    let end: End = { name, args };
    const guess = about ?? slots.newest;
    if (slots.areShared) end = judgeSeveral(this.#judgement, end, slots, about);
    else if (guess?.state.isPending) {
      const { told, verdict } = decide(this.#judgement, end, guess);
      end = told;
      if (verdict !== null) settle(this.#judgement, guess, verdict);
    }
    // An error thrown by isFailure is the answer; what it could not judge is not passed on.
    this.isOver = end.args !== args;
    const { settled } = this.#judgement;
    this.#judgement.settled = undefined;
    if (settled === undefined) this.#forward(end.name, end.args);
    else if (isThenable(settled)) this.#deliverLater(settled as PromiseLike<Settled>, end);
    else this.#deliver(settled as Settled, end);
  }

  /** @param about - the guess whose answer the strategy received when it ended */
  #actLater(about: HeldGuess | undefined, name: ActionName, args: readonly unknown[]): void {
    const before = this.#verification.answering;
    this.#verification.answering = about;
    try {
      this.#act(name, ...args);
    } finally {
      this.#verification.answering = before;
    }
  }

  #deliver({ refusal, attemptsLeft }: Settled, end: End): void {
    const { name, args } = end;
    if (refusal) this.refuse(refusal, end);
    else if (name === 'fail' && attemptsLeft !== null) {
      this.#forward(name, withAttemptsLeft(args, attemptsLeft));
    } else this.#forward(name, args);
  }

  breakOff({ name, args }: End): void {
    this.isOver = true;
    this.#bareRun?.end();
    this.#slots.end(false);
    if (!this.#held?.defer(() => this.#forward(name, args))) this.#forward(name, args);
  }

  /** @param end - the end it replaces; undefined before verify */
  refuse(refusal: Refusal, end?: End): void {
    const isAnswered = this.actions > 0 && end === undefined;
    this.isOver = true;
    this.#bareRun?.end();
    const failure = this.#judgement.lastFailure;
    this.#slots.end(failure !== undefined);
    noticeRefusal(this.#parts, end && (failure ?? end), refusal, this.#verification.username);
    if (isAnswered) return;
    try {
      const { username } = this.#verification;
      const refused = { refusal, req: this.#req, username, onLocked: this.#parts.onLocked };
      answerRefusal(this.#parts.engine, refused, (name, ...args) => this.#forward(name, args));
    } catch (error) {
      // If rethrown, it would come back as an action of the strategy and be dropped: the request would stay unanswered.
      this.#forward('error', [error]);
    }
  }
}
