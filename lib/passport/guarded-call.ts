/** One call of `authenticate`: the verify function is held back until slots are taken, the final action settles them. */
import { type Admission, isRefusal, type Settled, type Ticket } from '../attempt/attempt-flow.js';
import type { Refusal } from '../attempt/refusal.js';
import type { Engine } from '../engine.js';
import { isThenable } from '../events/emitter.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { StrategyOptions } from '../options/types.js';
import { readAttempt } from '../request/read-attempt.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { answerRefusal } from './answer.js';
import { credentialArgs, type FieldOptions, guessOf, readFields, usernameIn } from './credentials.js';
import { gateOptions, guardHook, type Verify } from './hooks.js';
import { type CreateSelf, define, type Self } from './strategy-child.js';
import { ACTIONS, type Action, type ActionName, type AuthenticateArgs, type Receiver } from './strategy-like.js';
import type { Profile } from './strategy-profile.js';
import { type VerdictRules, verdictOf, withAttemptsLeft } from './verdict.js';

type Authenticate = (...args: unknown[]) => unknown;
type Actions = Partial<Record<ActionName, Action>>;

export interface GuardParts extends VerdictRules {
  readonly engine: Engine;
  /** What holds for this strategy alone. */
  readonly rules: StrategyOptions;
  readonly onLocked: ResolvedOptions['onLocked'];
  readonly profile: Profile;
  /** Whether the strategy is guarded by another lockout already. */
  readonly isAround: boolean;
  /** Makes the object on which the strategy runs for one request. */
  readonly createSelf: CreateSelf;
  /** Guards of this wrapper and what they stand for: on a bare strategy one may be left from an earlier call. */
  readonly guarded: WeakMap<object, Verify>;
}

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
  const call = new GuardedCall(parts, receiver, args[0]);
  return call.run(authenticate, args);
}

/** Where a guarded call finds the one around it, that of another lockout. */
const AROUND = Symbol('passport-lockout.around');

class GuardedCall {
  readonly #parts: GuardParts;
  readonly #receiver: Receiver;
  readonly #req: LockoutRequest;
  readonly #actions: Actions = {};
  /** Guards of the same call by other lockouts; slots are taken from the inside out. */
  readonly #around: GuardedCall | undefined;
  #within: GuardedCall | undefined;
  #ticket: Ticket | undefined;
  /** The reservation while it is awaited; then whatever comes has to wait, too. */
  #admission: PromiseLike<Admission> | undefined;
  #username: string | undefined;
  #isSettled = false;
  #hasActed = false;
  /** Runs on the strategy itself, where what is set stays. */
  #isBare = false;
  /** The wrapper has answered instead of the strategy; what the strategy still says is dropped. */
  #isOver = false;
  /** Actions that came while an earlier one waits for its record, in order. */
  #held: (() => void)[] | undefined;

  constructor(parts: GuardParts, receiver: Receiver, req: LockoutRequest) {
    this.#parts = parts;
    this.#receiver = receiver;
    this.#req = req;
    this.#around = receiver[AROUND] as GuardedCall | undefined;
    if (this.#around) this.#around.#within = this;
  }

  run(authenticate: Authenticate, args: AuthenticateArgs): unknown {
    for (const name of ACTIONS) {
      const action = this.#receiver[name];
      // The action as it is now: on a shared instance another request overwrites it.
      if (typeof action === 'function') this.#actions[name] = action as Action;
    }
    const { self, set, bare } = this.#parts.createSelf(this.#receiver);
    const run = () => this.#runOn(self, set, authenticate, args);
    return bare ? this.#retryOnPrivate(run, () => this.#runOn(bare, define, authenticate, args)) : run();
  }

  /** A class with `#private` members refuses every object but its own instance; nothing has happened then yet. */
  #retryOnPrivate(run: () => unknown, again: () => unknown): unknown {
    const retry = (error: unknown) => {
      if (this.#ticket || this.#hasActed || !isPrivateAccess(error)) throw error;
      this.#isBare = true;
      return again();
    };
    try {
      const result = run();
      return isThenable(result) ? result.then(undefined, retry) : result;
    } catch (error) {
      return retry(error);
    }
  }

  #runOn(self: Self['self'], set: Self['set'], authenticate: Authenticate, args: AuthenticateArgs): unknown {
    if (this.#parts.isAround) Object.defineProperty(self, AROUND, { value: this, configurable: true });
    // A strategy that calls its own authenticate again is still in this guarded call.
    set(self, 'authenticate', authenticate);
    for (const name of ACTIONS) {
      if (this.#actions[name]) set(self, name, (...values: unknown[]) => this.#act(name, values));
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
    const username = this.#usernameOf(credentials);
    const attempt = readAttempt(options, { req: this.#req, username, strategy: this.#receiver.name });
    this.#username = attempt.username;
    const admission = flow.begin(attempt, guessOf(credentials));
    if (isThenable(admission)) return this.#enterLater(admission as PromiseLike<Admission>, go);
    return this.#proceed(admission as Admission, go);
  }

  #usernameOf(credentials: readonly unknown[]): unknown {
    const { ipOnly, username } = this.#parts.rules;
    if (ipOnly) return undefined;
    if (username) return username({ req: this.#req, args: credentials });
    return usernameIn(credentials, this.#parts.profile.gate ? 'first' : this.#parts.profile.username, this.#req);
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

  /** A throw or rejection is no verdict: the slot comes back, the error goes on where it would have gone. */
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
    if (!this.#ticket || this.#isSettled) return;
    this.#isSettled = true;
    void this.#parts.engine.flow.settle(this.#ticket, 'release');
  }

  /** This guard refuses what those within have already taken slots for. */
  #releaseWithin(): void {
    for (let call = this.#within; call; call = call.#within) call.#release();
  }

  /** This guard refuses, because the attempt has failed and locked; its answer need not come by those around. */
  #failAround(): void {
    for (let call = this.#around; call; call = call.#around) {
      if (!call.#ticket || call.#isSettled) continue;
      call.#isSettled = true;
      void call.#parts.engine.flow.settle(call.#ticket, 'failure');
    }
  }

  /** The strategy has ended with an action: settle, then pass it on, or refuse when this failure locked. */
  #act(name: ActionName, args: readonly unknown[]): void {
    if (this.#isOver) return;
    this.#hasActed = true;
    if (this.#held) {
      this.#held.push(() => this.#act(name, args));
      return;
    }
    if (!this.#ticket || this.#isSettled) {
      this.#forward(name, args);
      return;
    }
    this.#isSettled = true;
    const { engine, rules } = this.#parts;
    const settled = engine.flow.settle(
      this.#ticket,
      verdictOf(this.#parts, name, args, this.#req),
      rules.resetOnSuccess,
    );
    if (isThenable(settled)) void this.#deliverLater(settled as PromiseLike<Settled>, name, args);
    else this.#deliver(settled as Settled, name, args);
  }

  #deliver({ refusal, attemptsLeft }: Settled, name: ActionName, args: readonly unknown[]): void {
    if (refusal) this.#refuse(refusal);
    else if (name === 'fail' && attemptsLeft !== null && this.#parts.engine.options.attemptsLeft) {
      this.#forward(name, withAttemptsLeft(args, attemptsLeft));
    } else this.#forward(name, args);
  }

  async #deliverLater(settled: PromiseLike<Settled>, name: ActionName, args: readonly unknown[]): Promise<void> {
    this.#held = [];
    await this.#orError(async () => this.#deliver(await settled, name, args));
    await this.#orError(() => this.#deliverHeld());
  }

  /** What an action throws in a later turn nobody would catch; a throw of `error()` itself is left to the process. */
  async #orError(act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#forward('error', [error]);
    }
  }

  #deliverHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const act of held) act();
  }

  #refuse(refusal: Refusal): void {
    this.#isOver = true;
    this.#releaseWithin();
    if (this.#ticket) this.#failAround();
    try {
      const refused = { refusal, req: this.#req, username: this.#username, onLocked: this.#parts.onLocked };
      answerRefusal(this.#parts.engine.options, refused, (name, ...args) => this.#forward(name, args));
    } catch (error) {
      // Thrown on, it would come back as an action of the strategy and be dropped: nobody would answer.
      this.#forward('error', [error]);
    }
  }

  #forward(name: ActionName, args: readonly unknown[]): void {
    Reflect.apply(this.#actions[name] as Action, this.#receiver, args);
  }
}

function fieldOptionsOf({ _usernameField, _passwordField }: Receiver): FieldOptions {
  return { usernameField: _usernameField, passwordField: _passwordField };
}

function isPrivateAccess(error: unknown): boolean {
  return error instanceof TypeError && /private/.test(error.message);
}

/** For callers that await a verify function which will not be called. A new one each time: a shared one would keep them. */
function neverSettled(): Promise<never> {
  return new Promise(() => {});
}
