/** One call of `authenticate`: the verify function is held back until slots are taken, the final action settles them. */

import type { Refusal } from '../../attempt/refusal.js';
import type { Settled } from '../../attempt/ticket.js';
import type { LockoutRequest } from '../../subject/attempt.js';
import { isThenable, neverSettled } from '../../util/awaitable.js';
import { answerRefusal } from '../answer.js';
import type { GuardParts } from '../guard-parts.js';
import { noticeRefusal, noticeUnguarded } from '../notices.js';
import type { ActionName, AuthenticateArgs, Receiver } from '../strategy-like.js';
import { type End, withAttemptsLeft } from '../verdict.js';
import { ActionOutlet } from './action-outlet.js';
import { BareRun, privateMembers, sharedInstance } from './bare-run.js';
import { CallSlots } from './call-slots.js';
import { runBehindGate } from './gate.js';
import type { HeldGuess } from './held-guess.js';
import { guardHook, type Verify } from './hooks.js';
import { Judgement } from './judgement.js';
import { observe } from './later-answer.js';
import { judgeSeveral } from './several-guesses.js';
import { define, isPrivateAccess, retryOnPrivate, type Self } from './strategy-child.js';
import { type Ending, Verification } from './verification.js';

/** A strategy's own method. */
export type Authenticate = (...args: unknown[]) => unknown;

type Target = Pick<Self, 'self' | 'set'>;

export class GuardedCall implements Ending {
  readonly #parts: GuardParts;
  readonly #receiver: Receiver;
  readonly #req: LockoutRequest;
  readonly #outlet: ActionOutlet;
  readonly #slots: CallSlots;
  readonly #judgement: Judgement;
  readonly #verification: Verification;
  /** Where it runs on the strategy itself. */
  #bareRun: BareRun | undefined;
  /** How often the strategy has ended. */
  actions = 0;
  /** What the strategy still says is dropped. */
  isOver = false;

  constructor(parts: GuardParts, receiver: Receiver, req: LockoutRequest) {
    this.#parts = parts;
    this.#receiver = receiver;
    this.#req = req;
    this.#outlet = new ActionOutlet(receiver);
    const slots = new CallSlots(parts, receiver);
    const judgement = new Judgement(parts, req, slots);
    this.#slots = slots;
    this.#judgement = judgement;
    this.#verification = new Verification({ parts, req, strategy: receiver.name, slots, judgement, ending: this });
  }

  run(given: Authenticate, args: AuthenticateArgs): unknown {
    const authenticate = this.#parts.guarded.get(given) ?? given;
    const { self, set, bare } = this.#parts.createSelf(this.#receiver);
    if (bare) {
      // An `authenticate` that is bound to the instance ends there, past the child on which it runs.
      if (Object.hasOwn(bare, 'authenticate')) this.#intercept({ self: bare, set: define });
      BareRun.restore(bare);
    }
    this.#equip({ self, set }, authenticate);
    const run = () => Reflect.apply(authenticate, self, args);
    const retrying = (own: Self['self']) => {
      const hadSlots = this.#slots.areTaken;
      const hasHappened = () => this.#slots.areTaken !== hadSlots || this.#hasBegun;
      return retryOnPrivate(run, () => (hasHappened() ? undefined : () => this.#runBare(own, authenticate, args)));
    };
    return this.#watch(this.#gated({ self, set }, args, bare ? () => retrying(bare) : run));
  }

  get #hasBegun(): boolean {
    return this.actions > 0 || this.#verification.isPending;
  }

  /** The same run, behind the gate where there is one. */
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
    return this.#slots.areTaken ? go() : this.#gated(target, args, go)();
  }

  #equip(target: Target, authenticate: Authenticate): void {
    const { self, set } = target;
    if (this.#parts.isAround) this.#slots.markOn(self);
    // A strategy that calls its own authenticate again is still in this guarded call. On the object that Passport itself holds
    // nothing may stand before the guard, or the next request would go past it. What is run bare within another lockout is its
    // wrapper, on which that call guards already: put on the strategy below, that guard would call itself for ever.
    if (self !== this.#receiver && !(this.#bareRun && this.#parts.isAround))
      set(self, 'authenticate', this.#parts.profile.gate ? this.#again(target, authenticate) : authenticate);
    this.#intercept(target);
    const guard = (verify: Verify) => this.#guarded(verify);
    for (const path of this.#parts.profile.hooks) guardHook(target, this.#receiver, path, guard);
  }

  #intercept({ self, set }: Target): void {
    for (const name of this.#outlet.names) set(self, name, (...values: unknown[]) => this.act(name, values));
  }

  /** Once more through the gate: there may be other credentials behind it. */
  #again(target: Target, authenticate: Authenticate): Authenticate {
    const again = (...args: unknown[]) =>
      this.#gated(target, args as unknown as AuthenticateArgs, () => Reflect.apply(authenticate, target.self, args))();
    if (this.#bareRun) this.#parts.guarded.set(again, authenticate);
    return again;
  }

  /** A proxy keeps the function's length, name and own properties, which some strategies read. */
  #guarded(verify: Verify): Verify {
    const original = this.#parts.guarded.get(verify) ?? verify;
    const guarded = new Proxy(original, {
      apply: (_, self, args) => this.#verification.enter(original, self, args),
    });
    if (this.#bareRun) this.#parts.guarded.set(guarded, original);
    return guarded;
  }

  #watch(run: () => unknown): unknown {
    const onReturned = (result: unknown) => {
      this.#verification.onReturned();
      return result;
    };
    try {
      const result = run();
      if (!isThenable(result)) return onReturned(result);
      return observe(result, onReturned, (error) => this.#onThrown(error, true));
    } catch (error) {
      return this.#onThrown(error, false);
    }
  }

  /** What leaves the strategy goes on, unless it must not be told. */
  #onThrown(error: unknown, isLater: boolean): unknown {
    this.#bareRun?.end();
    // A guard around this one may know the instance itself, and try that.
    if (this.#isClash(error) && !this.#slots.isWithin) {
      this.onLost(error);
      return neverSettled();
    }
    this.actions += 1;
    const end = this.#judge({ name: 'error', args: [error] }, undefined);
    const settled = this.#judgement.takeSettled();
    const goOn = ({ refusal }: Settled) => {
      if (!refusal) throw end.args[0];
      this.refuse(refusal, end);
      return neverSettled();
    };
    if (settled === undefined || !this.#judgement.lastFailure) throw end.args[0];
    if (!isThenable(settled)) return goOn(settled as Settled);
    if (isLater) return settled.then(goOn);
    // Nobody would catch a throw any more.
    void this.#outlet.holdUntil(async () => this.#deliver(await settled, end));
    return neverSettled();
  }

  onLost(error: unknown): void {
    this.act('error', [this.#isClash(error) ? privateMembers(this.#parts.label, error) : error]);
  }

  /** Its class cannot work on the child object that Passport has made. */
  #isClash(error: unknown): boolean {
    const hasVerified = this.#slots.areTaken && !this.#parts.profile.gate;
    return isPrivateAccess(error) && !this.#bareRun && !hasVerified && this.actions === 0;
  }

  /** Returns what is to be told. */
  #judge(end: End, about: HeldGuess | undefined): End {
    const slots = this.#slots;
    const guess = about ?? slots.spokenOf;
    return slots.areShared ? judgeSeveral(this.#judgement, end, slots, guess) : this.#judgement.judge(end, guess);
  }

  /** The strategy has ended with an action: settle, then pass it on, or refuse when this failure locked. */
  act(name: ActionName, args: readonly unknown[], about = this.#verification.answering): void {
    if (this.isOver) return;
    this.actions += 1;
    this.#bareRun?.end();
    if (this.#outlet.defer(() => this.act(name, args, about))) return;
    const isUnguarded = !this.#slots.areTaken && !this.#slots.areRefused && !this.#verification.isPending;
    if (isUnguarded) noticeUnguarded(this.#parts, { name, args }, this.#req);
    const end = this.#judge({ name, args }, about);
    // What isFailure has thrown is the answer; of what it could not judge nothing is told.
    this.isOver = end.args !== args;
    const settled = this.#judgement.takeSettled();
    if (settled === undefined) this.#outlet.forward(end.name, end.args);
    else if (isThenable(settled)) void this.#outlet.holdUntil(async () => this.#deliver(await settled, end));
    else this.#deliver(settled as Settled, end);
  }

  #deliver({ refusal, attemptsLeft }: Settled, end: End): void {
    const { name, args } = end;
    if (refusal) this.refuse(refusal, end);
    else if (name === 'fail' && attemptsLeft !== null) {
      this.#outlet.forward(name, withAttemptsLeft(args, attemptsLeft));
    } else this.#outlet.forward(name, args);
  }

  breakOff({ name, args }: End): void {
    this.isOver = true;
    this.#bareRun?.end();
    this.#slots.end(false);
    if (!this.#outlet.defer(() => this.#outlet.forward(name, args))) this.#outlet.forward(name, args);
  }

  /** @param end - what it takes the place of; undefined before verify */
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
      answerRefusal(this.#parts.engine, refused, (name, ...args) => this.#outlet.forward(name, args));
    } catch (error) {
      // Thrown on, it would come back as an action of the strategy and be dropped: nobody would answer.
      this.#outlet.forward('error', [error]);
    }
  }
}
