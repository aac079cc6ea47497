/** One call of `authenticate`: the verify function is held back until slots are taken, the final action settles them. */

import type { AttemptFlow } from '../attempt/attempt-flow.js';
import type { Refusal } from '../attempt/refusal.js';
import { type Admission, isRefusal, type Settled, type Ticket } from '../attempt/ticket.js';
import type { Verdict } from '../policy/state.js';
import { readAttempt } from '../request/read-attempt.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { isThenable, neverSettled } from '../util/awaitable.js';
import { ActionOutlet } from './action-outlet.js';
import { answerRefusal } from './answer.js';
import { credentialArgs, type FieldOptions, fieldOptionsOf, guessOf, readFields, usernameOf } from './credentials.js';
import type { GuardParts } from './guard-parts.js';
import { gateOptions, guardHook, type Verify } from './hooks.js';
import { define, retryOnPrivate, type Self } from './strategy-child.js';
import { ACTIONS, type ActionName, type AuthenticateArgs, type Receiver } from './strategy-like.js';
import { verdictOf, withAttemptsLeft } from './verdict.js';

/** A strategy's own method. */
export type Authenticate = (...args: unknown[]) => unknown;

/**
 * Runs the strategy's own `authenticate` on a child of the object Passport made for the request, so that neither the
 * strategy nor an overlapping request sees anything of it.
 */
export function runGuarded(
  parts: GuardParts,
  receiver: Receiver,
  authenticate: Authenticate,
  args: AuthenticateArgs,
): unknown {
  const { options } = parts.engine;
  const { hooks, gate } = parts.profile;
  const isJudge = hooks.length > 0 || gate !== undefined;
  if (!options.enabled || !isJudge || options.skip?.(args[0])) return Reflect.apply(authenticate, receiver, args);
  return new GuardedCall(parts, receiver, args[0]).run(authenticate, args);
}

/** Where a guarded call finds the one around it, that of another lockout. */
const AROUND = Symbol('passport-lockout.around');

class GuardedCall {
  readonly #parts: GuardParts;
  readonly #receiver: Receiver;
  readonly #req: LockoutRequest;
  readonly #outlet: ActionOutlet;
  /** Guards of the same call by other lockouts; slots are taken from the inside out. */
  readonly #around: GuardedCall | undefined;
  #within: GuardedCall | undefined;
  #ticket: Ticket | undefined;
  /** The reservation while it is awaited; then whatever comes has to wait, too. */
  #admission: PromiseLike<Admission> | undefined;
  #username: string | undefined;
  #verdict: Verdict = 'release';
  #isSettled = false;
  #hasActed = false;
  /** Runs on the strategy itself, where what is set stays. */
  #isBare = false;
  /** The wrapper has answered instead of the strategy; what the strategy still says is dropped. */
  #isOver = false;

  constructor(parts: GuardParts, receiver: Receiver, req: LockoutRequest) {
    this.#parts = parts;
    this.#receiver = receiver;
    this.#req = req;
    this.#outlet = new ActionOutlet(receiver);
    this.#around = receiver[AROUND] as GuardedCall | undefined;
    if (this.#around) this.#around.#within = this;
  }

  run(authenticate: Authenticate, args: AuthenticateArgs): unknown {
    const { self, set, bare } = this.#parts.createSelf(this.#receiver);
    const run = () => this.#runOn(self, set, authenticate, args);
    if (!bare) return run();
    const runBare = () => {
      this.#isBare = true;
      return this.#runOn(bare, define, authenticate, args);
    };
    return retryOnPrivate(run, () => (this.#ticket || this.#hasActed ? undefined : runBare));
  }

  #runOn(self: Self['self'], set: Self['set'], authenticate: Authenticate, args: AuthenticateArgs): unknown {
    if (this.#parts.isAround) Object.defineProperty(self, AROUND, { value: this, configurable: true });
    // A strategy that calls its own authenticate again is still in this guarded call.
    set(self, 'authenticate', authenticate);
    for (const name of ACTIONS) {
      if (this.#outlet.has(name)) set(self, name, (...values: unknown[]) => this.#act(name, values));
    }
    const guard = (verify: Verify) => this.#guarded(verify);
    for (const path of this.#parts.profile.hooks) guardHook({ self, set }, this.#receiver, path, guard);
    const go = () => Reflect.apply(authenticate, self, args);
    switch (this.#parts.profile.gate) {
      case 'always':
        return this.#admit([], go);
      case 'fields':
        return this.#admitFields(fieldOptionsOf(this.#receiver), go);
      case 'ldap':
        return this.#runLdap(self, set, go);
      default:
        return this.#watch(go);
    }
  }

  /** A proxy keeps the function's length, name and own properties, which some strategies read. */
  #guarded(verify: Verify): Verify {
    const original = this.#parts.guarded.get(verify) ?? verify;
    const guarded = new Proxy(original, { apply: (_, self, args) => this.#enter(original, self, args) });
    if (this.#isBare) this.#parts.guarded.set(guarded, original);
    return guarded;
  }

  #runLdap(self: Self['self'], set: Self['set'], go: () => unknown): unknown {
    const { getOptions, options } = this.#receiver;
    if (typeof getOptions !== 'function') return this.#admitFields((options ?? {}) as FieldOptions, go);
    gateOptions({ self, set }, getOptions, (found, admitted) => this.#admitFields(found, admitted));
    return this.#watch(go);
  }

  /** Without both credentials nothing is guessed: the strategy answers by itself. */
  #admitFields(options: FieldOptions, go: () => unknown): unknown {
    const credentials = readFields(this.#req, options);
    return credentials ? this.#admit(credentials, go) : this.#watch(go);
  }

  /** The verify function is called: reserve first. */
  #enter(verify: Verify, self: unknown, args: unknown[]): unknown {
    if (this.#isOver) return neverSettled();
    if (this.#admission) return this.#admission.then(() => this.#enter(verify, self, args));
    const go = () => Reflect.apply(verify, self, args);
    // A second verify function of the same call (password, then one-time password) belongs to the same attempt.
    return this.#ticket ? go() : this.#admit(credentialArgs(args, this.#req), go);
  }

  /** Takes the slots, then goes on; or refuses. */
  #admit(credentials: readonly unknown[], go: () => unknown): unknown {
    const { options, flow } = this.#parts.engine;
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
    this.#ticket = admission;
    return this.#watch(go);
  }

  /** A throw or rejection is no verdict: the slot comes back, the error goes on. */
  #watch(run: () => unknown): unknown {
    let result: unknown;
    try {
      result = run();
    } catch (error) {
      this.#release();
      throw error;
    }
    if (!isThenable(result)) return result;
    return result.then(undefined, (error: unknown) => {
      this.#release();
      throw error;
    });
  }

  #release(): void {
    this.#end((flow, ticket) => flow.settle(ticket, 'release'));
  }

  #end(settle: (flow: AttemptFlow, ticket: Ticket) => unknown): void {
    if (!this.#ticket || this.#isSettled) return;
    this.#isSettled = true;
    void settle(this.#parts.engine.flow, this.#ticket);
  }

  /** This guard refuses what those within have already taken slots for. */
  #releaseWithin(): void {
    for (let call = this.#within; call; call = call.#within) call.#end((flow, ticket) => flow.giveBack(ticket));
  }

  /** This guard refuses after the verdict; those around count a failure as well, and a success that is not told is none. */
  #settleAround(): void {
    const isFailure = this.#verdict === 'failure';
    for (let call = this.#around; call; call = call.#around) {
      call.#end((flow, ticket) => (isFailure ? flow.settle(ticket, 'failure') : flow.giveBack(ticket)));
    }
  }

  /** The strategy has ended with an action: settle, then pass it on, or refuse when this failure locked. */
  #act(name: ActionName, args: readonly unknown[]): void {
    if (this.#isOver) return;
    this.#hasActed = true;
    if (this.#outlet.defer(() => this.#act(name, args))) return;
    if (!this.#ticket || this.#isSettled) return void this.#outlet.forward(name, args);
    this.#isSettled = true;
    this.#verdict = verdictOf(this.#parts, name, args, this.#req);
    const { flow } = this.#parts.engine;
    const settled = flow.settle(this.#ticket, this.#verdict, this.#parts.rules.resetOnSuccess);
    if (isThenable(settled)) void this.#outlet.holdUntil(async () => this.#deliver(await settled, name, args));
    else this.#deliver(settled as Settled, name, args);
  }

  #deliver({ refusal, attemptsLeft }: Settled, name: ActionName, args: readonly unknown[]): void {
    if (refusal) this.#refuse(refusal);
    else if (name === 'fail' && attemptsLeft !== null && this.#parts.engine.options.attemptsLeft) {
      this.#outlet.forward(name, withAttemptsLeft(args, attemptsLeft));
    } else this.#outlet.forward(name, args);
  }

  #refuse(refusal: Refusal): void {
    this.#isOver = true;
    this.#releaseWithin();
    if (this.#ticket) this.#settleAround();
    try {
      const refused = { refusal, req: this.#req, username: this.#username, onLocked: this.#parts.onLocked };
      answerRefusal(this.#parts.engine.options, refused, (name, ...args) => this.#outlet.forward(name, args));
    } catch (error) {
      // Thrown on, it would come back as an action of the strategy and be dropped: nobody would answer.
      this.#outlet.forward('error', [error]);
    }
  }
}
