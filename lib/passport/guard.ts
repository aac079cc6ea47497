/** One call of `authenticate`: the verify function is held back until slots are taken, the final action settles them. */
import { type Admission, isRefusal, type Ticket } from '../engine/attempt-flow.js';
import { readAttempt } from '../engine/attempt-reader.js';
import type { Engine } from '../engine/engine.js';
import type { Refusal } from '../engine/refusal.js';
import { isThenable } from '../events.js';
import type { Verdict } from '../policy/state.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { answerRefusal } from './answer.js';
import { credentialArgs, guessOf, usernameIn } from './credentials.js';
import type { Profile } from './profile.js';
import type { CreateSelf } from './self.js';
import { ACTIONS, type Action, type ActionName, type AuthenticateArgs, type Receiver } from './strategy.js';

type Authenticate = (...args: unknown[]) => unknown;
type Verify = (...args: unknown[]) => unknown;
type Actions = Partial<Record<ActionName, Action>>;

/** Only these two judge credentials; an error, a pass or a redirect gives the slot back uncounted. */
const VERDICTS: Readonly<Record<ActionName, Verdict>> = {
  success: 'success',
  fail: 'failure',
  error: 'release',
  pass: 'release',
  redirect: 'release',
};

export interface GuardParts {
  readonly engine: Engine;
  readonly profile: Profile;
  /** Makes the object on which the strategy runs for one request. */
  readonly createSelf: CreateSelf;
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
  if (!options.enabled || parts.profile.hooks.length === 0 || options.skip?.(args[0])) {
    return Reflect.apply(authenticate, receiver, args);
  }
  const call = new GuardedCall(parts, receiver, args[0]);
  return call.run(authenticate, args);
}

class GuardedCall {
  readonly #engine: Engine;
  readonly #profile: Profile;
  readonly #createSelf: CreateSelf;
  readonly #receiver: Receiver;
  readonly #req: LockoutRequest;
  readonly #actions: Actions = {};
  #ticket: Ticket | undefined;
  /** The reservation while it is awaited; then whatever comes has to wait, too. */
  #admission: PromiseLike<Admission> | undefined;
  #isSettled = false;
  /** The wrapper has answered instead of the strategy; what the strategy still says is dropped. */
  #isOver = false;
  /** Actions that came while an earlier one waits for its record, in order. */
  #held: (() => void)[] | undefined;

  constructor({ engine, profile, createSelf }: GuardParts, receiver: Receiver, req: LockoutRequest) {
    this.#engine = engine;
    this.#profile = profile;
    this.#createSelf = createSelf;
    this.#receiver = receiver;
    this.#req = req;
  }

  run(authenticate: Authenticate, args: AuthenticateArgs): unknown {
    const { self, set } = this.#createSelf(this.#receiver);
    // A strategy that calls its own authenticate again is still in this guarded call.
    set(self, 'authenticate', authenticate);
    for (const name of ACTIONS) {
      const action = this.#receiver[name];
      if (typeof action !== 'function') continue;
      // The action as it is now: on a shared instance another request overwrites it.
      this.#actions[name] = action as Action;
      set(self, name, (...values: unknown[]) => this.#act(name, values));
    }
    for (const name of this.#profile.hooks) {
      const verify = this.#receiver[name];
      // A proxy keeps the function's length, name and own properties, which some strategies read.
      if (typeof verify === 'function') set(self, name, new Proxy(verify, this.#hookHandler()));
    }
    return this.#watch(() => Reflect.apply(authenticate, self, args));
  }

  #hookHandler(): ProxyHandler<object> {
    return { apply: (verify, self, args) => this.#enter(verify as Verify, self, args) };
  }

  /** The verify function is called: reserve first. */
  #enter(verify: Verify, self: unknown, args: unknown[]): unknown {
    if (this.#isOver) return neverSettled();
    if (this.#admission) return this.#admission.then(() => this.#enter(verify, self, args));
    const go = () => Reflect.apply(verify, self, args);
    // A second verify function of the same call (password, then one-time password) belongs to the same attempt.
    if (this.#ticket) return go();

    const admission = this.#begin(args);
    if (isThenable(admission)) return this.#enterLater(admission as PromiseLike<Admission>, go);
    return this.#proceed(admission as Admission, go);
  }

  #begin(args: readonly unknown[]): ReturnType<Engine['flow']['begin']> {
    const { options, flow } = this.#engine;
    const credentials = credentialArgs(args, this.#req);
    const username = options.ipOnly
      ? undefined
      : options.username
        ? options.username({ req: this.#req, args: credentials })
        : usernameIn(credentials, this.#profile.username, this.#req);
    const attempt = readAttempt(options, { req: this.#req, username, strategy: this.#receiver.name });
    return flow.begin(attempt, guessOf(credentials));
  }

  /** After a turn has passed nobody would catch a throw any more; it goes where Passport wants errors. */
  #enterLater(admission: PromiseLike<Admission>, go: () => unknown): Promise<unknown> {
    this.#admission = admission;
    return Promise.resolve(admission)
      .then((settled) => {
        this.#admission = undefined;
        return this.#proceed(settled, go);
      })
      .catch((error: unknown) => {
        // As an action, so that it stays behind one that still waits for its record.
        this.#act('error', [error]);
        return neverSettled();
      });
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
    void this.#engine.flow.settle(this.#ticket, 'release');
  }

  /** The strategy has ended with an action: settle, then pass it on, or refuse when this failure locked. */
  #act(name: ActionName, args: readonly unknown[]): void {
    if (this.#isOver) return;
    if (this.#held) {
      this.#held.push(() => this.#act(name, args));
      return;
    }
    if (!this.#ticket || this.#isSettled) {
      this.#forward(name, args);
      return;
    }
    this.#isSettled = true;
    const refusal = this.#engine.flow.settle(this.#ticket, VERDICTS[name]);
    if (isThenable(refusal)) this.#deliverLater(refusal as PromiseLike<Refusal | null>, name, args);
    else this.#deliver(refusal as Refusal | null, name, args);
  }

  #deliver(refusal: Refusal | null, name: ActionName, args: readonly unknown[]): void {
    if (refusal) this.#refuse(refusal);
    else this.#forward(name, args);
  }

  #deliverLater(refusal: PromiseLike<Refusal | null>, name: ActionName, args: readonly unknown[]): void {
    this.#held = [];
    Promise.resolve(refusal)
      .then((settled) => this.#deliver(settled, name, args))
      .catch((error: unknown) => this.#forward('error', [error]))
      .then(() => this.#deliverHeld())
      .catch((error: unknown) => this.#forward('error', [error]));
  }

  #deliverHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const act of held) act();
  }

  #refuse(refusal: Refusal): void {
    this.#isOver = true;
    try {
      answerRefusal(this.#engine.options, refusal, this.#req, (name, ...args) => this.#forward(name, args));
    } catch (error) {
      // Thrown on, it would come back as an action of the strategy and be dropped: nobody would answer.
      this.#forward('error', [error]);
    }
  }

  #forward(name: ActionName, args: readonly unknown[]): void {
    Reflect.apply(this.#actions[name] as Action, this.#receiver, args);
  }
}

/** For callers that await a verify function which will not be called. A new one each time: a shared one would keep them. */
function neverSettled(): Promise<never> {
  return new Promise(() => {});
}
