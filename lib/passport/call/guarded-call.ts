/** One call of `authenticate`: the verify function is held back until slots are taken, the final action settles them. */

import type { Refusal } from '../../attempt/refusal.js';
import { type Admission, isRefusal, type Settled } from '../../attempt/ticket.js';
import type { Verdict } from '../../policy/state.js';
import { readAttempt } from '../../request/read-attempt.js';
import type { LockoutRequest } from '../../subject/attempt.js';
import { type Awaitable, isThenable, neverSettled } from '../../util/awaitable.js';
import { answerRefusal } from '../answer.js';
import { credentialArgs, guessOf, usernameOf } from '../credentials.js';
import type { GuardParts } from '../guard-parts.js';
import { noticeRefusal, noticeUnguarded, noticeVerdict } from '../notices.js';
import { ACTIONS, type ActionName, type AuthenticateArgs, type Receiver } from '../strategy-like.js';
import { type End, verdictOf, withAttemptsLeft } from '../verdict.js';
import { ActionOutlet } from './action-outlet.js';
import { BareRun, sharedInstance } from './bare-run.js';
import { CallSlots } from './call-slots.js';
import { runBehindGate } from './gate.js';
import { guardHook, type Verify } from './hooks.js';
import { define, retryOnPrivate, type Self } from './strategy-child.js';

/** A strategy's own method. */
export type Authenticate = (...args: unknown[]) => unknown;

export class GuardedCall {
  readonly #parts: GuardParts;
  readonly #receiver: Receiver;
  readonly #req: LockoutRequest;
  readonly #outlet: ActionOutlet;
  readonly #slots: CallSlots;
  /** The reservation while it is awaited; then whatever comes has to wait, too. */
  #admission: PromiseLike<Admission> | undefined;
  #username: string | undefined;
  /** What the verdict came to, until it is told. */
  #settled: Awaitable<Settled> | undefined;
  #hasActed = false;
  /** Where it runs on the strategy itself. */
  #bareRun: BareRun | undefined;
  /** The wrapper has answered instead of the strategy; what the strategy still says is dropped. */
  #isOver = false;

  constructor(parts: GuardParts, receiver: Receiver, req: LockoutRequest) {
    this.#parts = parts;
    this.#receiver = receiver;
    this.#req = req;
    this.#outlet = new ActionOutlet(receiver);
    this.#slots = new CallSlots(parts.engine.flow, receiver);
  }

  run(authenticate: Authenticate, args: AuthenticateArgs): unknown {
    const { self, set, bare } = this.#parts.createSelf(this.#receiver);
    if (bare) {
      // An `authenticate` that is bound to the instance ends there, past the child on which it runs.
      if (Object.hasOwn(bare, 'authenticate')) this.#intercept(bare, define);
      BareRun.restore(bare);
    }
    // A strategy that calls its own authenticate again is still in this guarded call. Never on the instance of a mixed class:
    // the next request would find it there instead of the guard.
    set(self, 'authenticate', authenticate);
    this.#equip(self, set);
    const run = () => Reflect.apply(authenticate, self, args);
    const go = () => {
      if (!bare) return run();
      const hadSlots = this.#slots.areTaken;
      const hasHappened = () => this.#slots.areTaken !== hadSlots || this.#hasActed;
      return retryOnPrivate(run, () => (hasHappened() ? undefined : () => this.#runBare(bare, authenticate, args)));
    };
    return this.#watch(
      () => this.#runGated({ self, set }, args, go),
      (error, isLater) => this.#onThrown(error, isLater),
    );
  }

  #runGated(target: Pick<Self, 'self' | 'set'>, args: AuthenticateArgs, go: () => unknown): unknown {
    const admit = (credentials: readonly unknown[], admitted: () => unknown) => this.#admit(credentials, admitted);
    return runBehindGate(this.#parts.profile.gate, { ...target, receiver: this.#receiver, args }, { admit, go });
  }

  #runBare(bare: Self['self'], authenticate: Authenticate, args: AuthenticateArgs): unknown {
    this.#bareRun = BareRun.begin(bare);
    if (!this.#bareRun) {
      if (this.#slots.areOpen) void this.#slots.settle('release', false);
      this.#isOver = true;
      return void this.#outlet.forward('error', [sharedInstance(this.#parts.label)]);
    }
    this.#equip(bare, this.#bareRun.set);
    const go = () => Reflect.apply(authenticate, bare, args);
    return this.#slots.areTaken ? go() : this.#runGated({ self: bare, set: this.#bareRun.set }, args, go);
  }

  #equip(self: Self['self'], set: Self['set']): void {
    if (this.#parts.isAround) this.#slots.markOn(self);
    this.#intercept(self, set);
    const guard = (verify: Verify) => this.#guarded(verify);
    for (const path of this.#parts.profile.hooks) guardHook({ self, set }, this.#receiver, path, guard);
  }

  #intercept(self: Self['self'], set: Self['set']): void {
    for (const name of ACTIONS) {
      if (this.#outlet.has(name)) set(self, name, (...values: unknown[]) => this.#act(name, values));
    }
  }

  /** A proxy keeps the function's length, name and own properties, which some strategies read. */
  #guarded(verify: Verify): Verify {
    const original = this.#parts.guarded.get(verify) ?? verify;
    const guarded = new Proxy(original, { apply: (_, self, args) => this.#enter(original, self, args) });
    if (this.#bareRun) this.#parts.guarded.set(guarded, original);
    return guarded;
  }

  /** The verify function is called: reserve first. */
  #enter(verify: Verify, self: unknown, args: unknown[]): unknown {
    if (this.#isOver) return neverSettled();
    if (this.#admission) return this.#admission.then(() => this.#enter(verify, self, args));
    const go = () => Reflect.apply(verify, self, args);
    // A second verify function of the same call (password, then one-time password) belongs to the same attempt.
    return this.#slots.areTaken ? go() : this.#admit(credentialArgs(args, this.#req), go);
  }

  /** Takes the slots, then goes on; or refuses. */
  #admit(credentials: readonly unknown[], go: () => unknown): unknown {
    const { options, flow } = this.#parts.engine;
    this.#parts.verdicts.seeGuard(this.#req);
    const username = usernameOf(this.#parts, credentials, this.#req);
    const isClient = this.#parts.rules.clients ?? this.#parts.profile.areClients;
    const attempt = readAttempt(options, { req: this.#req, username, isClient, strategy: this.#receiver.name });
    this.#username = attempt.username;
    const admission = flow.begin(attempt, guessOf(credentials));
    if (isThenable(admission)) return this.#enterLater(admission as PromiseLike<Admission>, go);
    return this.#proceed(admission as Admission, go);
  }

  /**
   * After a turn has passed nobody would catch a throw any more; it goes where Passport wants errors. A promise that
   * verify itself returned is handed on as it is: who awaits it decides, and unhandled it stays unhandled.
   */
  #enterLater(admission: PromiseLike<Admission>, go: () => unknown): Promise<unknown> {
    this.#admission = admission;
    const fail = (error: unknown) => {
      // As an action, so that it stays behind one that still waits for its record.
      this.#act('error', [error]);
      return neverSettled();
    };
    return Promise.resolve(admission).then((settled) => {
      this.#admission = undefined;
      try {
        return this.#proceed(settled, go);
      } catch (error) {
        return fail(error);
      }
    }, fail);
  }

  #proceed(admission: Admission, go: () => unknown): unknown {
    if (isRefusal(admission)) {
      this.#refuse(admission);
      return neverSettled();
    }
    this.#slots.take(admission);
    return this.#watch(go, (error) => {
      throw this.#judge({ name: 'error', args: [error] }).args[0];
    });
  }

  #watch(run: () => unknown, onThrown: (error: unknown, isLater: boolean) => unknown): unknown {
    try {
      const result = run();
      return isThenable(result) ? result.then(undefined, (error: unknown) => onThrown(error, true)) : result;
    } catch (error) {
      return onThrown(error, false);
    }
  }

  /** The slots come back with the verdict, once. Returns what is to be told: the end itself, or what isFailure has thrown. */
  #judge(end: End): End {
    if (!this.#slots.areOpen) return end;
    let told = end;
    let verdict: Verdict = 'release';
    try {
      verdict = verdictOf(this.#parts, end.name, end.args, this.#req);
    } catch (error) {
      told = { name: 'error', args: [error] };
    }
    noticeVerdict(this.#parts, told, verdict, this.#username);
    this.#settled = this.#slots.settle(verdict, this.#parts.rules.resetOnSuccess);
    return told;
  }

  /** What verify has thrown leaves the strategy: it goes on, unless it must not be told. */
  #onThrown(error: unknown, isLater: boolean): unknown {
    this.#bareRun?.end();
    const end = this.#judge({ name: 'error', args: [error] });
    const settled = this.#takeSettled();
    const goOn = ({ refusal }: Settled) => {
      if (!refusal) throw end.args[0];
      this.#refuse(refusal, end);
      return neverSettled();
    };
    if (settled === undefined || !this.#slots.hasFailed) throw end.args[0];
    if (!isThenable(settled)) return goOn(settled as Settled);
    if (isLater) return settled.then(goOn);
    // Nobody would catch a throw any more.
    void this.#outlet.holdUntil(async () => this.#deliver(await settled, end));
    return neverSettled();
  }

  #takeSettled(): Awaitable<Settled> | undefined {
    const settled = this.#settled;
    this.#settled = undefined;
    return settled;
  }

  /** The strategy has ended with an action: settle, then pass it on, or refuse when this failure locked. */
  #act(name: ActionName, args: readonly unknown[]): void {
    if (this.#isOver) return;
    this.#hasActed = true;
    this.#bareRun?.end();
    if (this.#outlet.defer(() => this.#act(name, args))) return;
    if (!this.#slots.areTaken && !this.#slots.areRefused) noticeUnguarded(this.#parts, { name, args }, this.#req);
    const end = this.#judge({ name, args });
    // What isFailure has thrown is the answer; of what it could not judge nothing is told.
    this.#isOver = end.args !== args;
    const settled = this.#takeSettled();
    if (settled === undefined) this.#outlet.forward(name, args);
    else if (isThenable(settled)) void this.#outlet.holdUntil(async () => this.#deliver(await settled, end));
    else this.#deliver(settled as Settled, end);
  }

  #deliver({ refusal, attemptsLeft }: Settled, end: End): void {
    const { name, args } = end;
    if (refusal) this.#refuse(refusal, end);
    else if (name === 'fail' && attemptsLeft !== null && this.#parts.engine.options.attemptsLeft) {
      this.#outlet.forward(name, withAttemptsLeft(args, attemptsLeft));
    } else this.#outlet.forward(name, args);
  }

  /** @param end - what it takes the place of; undefined before verify */
  #refuse(refusal: Refusal, end?: End): void {
    this.#isOver = true;
    this.#bareRun?.end();
    this.#slots.settleOthers();
    noticeRefusal(this.#parts, end, refusal, this.#username);
    try {
      const refused = { refusal, req: this.#req, username: this.#username, onLocked: this.#parts.onLocked };
      answerRefusal(this.#parts.engine.options, refused, (name, ...args) => this.#outlet.forward(name, args));
    } catch (error) {
      // Thrown on, it would come back as an action of the strategy and be dropped: nobody would answer.
      this.#outlet.forward('error', [error]);
    }
  }
}
