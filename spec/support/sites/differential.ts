/** Drives a plain strategy and a wrapped one through the same cases and compares everything that can be observed. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { type LockoutOptions, type StrategyLike, type StrategyOptions, withLockout } from '../../../lib/index.js';
import { LATER_STORES } from '../stores/stores-by-turn.js';
import { until } from '../tools/until.js';

export type StrategyConstructor = new (...args: unknown[]) => StrategyLike;
export type Done = (...args: unknown[]) => unknown;
export type Verify = (...args: unknown[]) => unknown;
export type Request = Record<string, unknown>;

/** What the cases hand over; compared by identity. */
export const USER = { id: 1 };
export const INFO = { message: 'an info' };
const ERROR = new Error('the database is down');
const THROWN = new Error('a bug in verify');
const NAMED: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [USER, '<USER>'],
  [INFO, '<INFO>'],
  [ERROR, '<ERROR>'],
  [THROWN, '<THROWN>'],
]);

/** What a verify function hands to its callback. */
interface Answers {
  readonly right: readonly unknown[];
  readonly wrong: readonly unknown[];
}
const ANSWERS: Answers = { right: [null, USER, INFO], wrong: [null, false, INFO] };

/** How a verify function behaves. */
type Behaviour = (done: Done, answers: Answers) => unknown;

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  right: (done, { right }) => done(...right),
  wrong: (done, { wrong }) => done(...wrong),
  'wrong without info': (done, { wrong }) => done(...wrong.slice(0, 2)),
  'an error': (done) => done(ERROR),
  'a throw': () => {
    throw THROWN;
  },
  'a throw of undefined': () => {
    throw undefined;
  },
  'a rejection': () => Promise.reject(THROWN),
  'right, then a rejection': (done, { right }) => {
    done(...right);
    return Promise.reject(THROWN);
  },
  'right, later': (done, { right }) => void setImmediate(done, ...right),
  'wrong, later, and a promise': async (done, { wrong }) => {
    await new Promise((resolve) => setImmediate(resolve));
    done(...wrong);
  },
  'right twice': (done, { right }) => {
    done(...right);
    done(...right);
  },
  'wrong twice': (done, { wrong }) => {
    done(...wrong);
    done(...wrong);
  },
  'wrong, then right': (done, { right, wrong }) => {
    done(...wrong);
    done(...right);
  },
  'right, then wrong': (done, { right, wrong }) => {
    done(...right);
    done(...wrong);
  },
  'wrong, then a throw': (done, { wrong }) => {
    done(...wrong);
    throw THROWN;
  },
  'no answer': () => undefined,
};

/** The one behaviour after which nothing comes. */
const SILENT = 'no answer';

export interface Variant {
  /** The `length` of the verify function, which some strategies read. */
  readonly arity: number;
  /** A new strategy over a verify function. */
  create(verify: Verify): StrategyLike;
}

export interface Differential {
  /** Ways to construct the strategy, by title. */
  readonly variants: Readonly<Record<string, Variant>>;
  /** Complete credentials, with which every behaviour of verify is tried; a new request each time. */
  readonly request: () => Request;
  /** Other requests, with a verify function that answers "right". */
  readonly others: Readonly<Record<string, () => Request>>;
  readonly answers?: Answers;
  /** The second argument of `authenticate`. */
  readonly options?: () => unknown;
  readonly strategyOptions?: StrategyOptions;
  /** Removes what is random in every run. */
  readonly mask?: RegExp;
  /** How much the strategy has other threads do at the moment. */
  readonly underWay?: () => number;
  /**
   * What an asynchronous store changes besides the turn, per behaviour: a throw in a later turn can reach nobody but
   * `error()`.
   */
  readonly laterTurn?: Readonly<Record<string, (entries: readonly string[]) => readonly string[]>>;
}

/** A request as Express makes it, as far as strategies look. */
export function request(parts: Request = {}): Request {
  return { method: 'GET', url: '/', ip: '203.0.113.9', headers: {}, body: {}, query: {}, session: {}, ...parts };
}

export function describeDifferential(name: string, differential: Differential): void {
  const { variants, others } = differential;
  describe(`Wrapped ${name}`, () => {
    for (const [title, variant] of Object.entries(variants)) {
      for (const [behaviour, behave] of Object.entries(BEHAVIOURS)) {
        compare(`${title}: ${behaviour}`, { ...differential, variant, behave, behaviour });
      }
      for (const [other, make] of Object.entries(others)) {
        const behave = BEHAVIOURS['right'] as Behaviour;
        compare(`${title}: ${other}`, { ...differential, variant, behave, behaviour: other, request: make });
      }
    }
  });
}

interface Comparison extends Differential {
  readonly variant: Variant;
  readonly behave: Behaviour;
  readonly behaviour: string;
}

const MODES = ['as passport.use() has it', 'in direct mode'] as const;
type Mode = (typeof MODES)[number];

function compare(title: string, comparison: Comparison): void {
  const { variant, behaviour, strategyOptions, laterTurn } = comparison;
  const wrapped = (options: LockoutOptions) => (verify: Verify) =>
    withLockout(variant.create(verify), options, strategyOptions);
  const onLater = laterTurn?.[behaviour] ?? ((entries) => entries);
  /** Once for all stores. */
  const plain: Partial<Record<Mode, Promise<readonly string[]>>> = {};
  const plainIn = (mode: Mode) => {
    plain[mode] ??= observe(comparison, variant.create, mode);
    return plain[mode];
  };

  it(`behaves like the plain strategy in the same turn on the memory store: ${title}`, async () => {
    for (const mode of MODES) {
      expect(await observe(comparison, wrapped({}), mode)).to.deep.equal(await plainIn(mode));
    }
  });

  for (const [storeName, createStore] of LATER_STORES) {
    it(`behaves like the plain strategy, though in another turn, on ${storeName}: ${title}`, async () => {
      for (const mode of MODES) {
        const later = await observe(comparison, wrapped({ store: createStore() }), mode);
        expect(withoutTurn(later)).to.deep.equal(onLater(withoutTurn(await plainIn(mode))));
      }
    });
  }
}

const IS_END = /^(success|fail|redirect|pass|error|threw|unhandledRejection)\b/;
const IS_END_OR_VERIFY = /^(success|fail|redirect|pass|error|threw|unhandledRejection|verify)\b/;
const IS_ACTION = /^(success|fail|redirect|pass|error)\(/;

/**
 * A throw after an asynchronous check has nobody to catch it but `error()`. Actions come later than what the strategy
 * does beside them (a cookie), but in their order.
 */
function withoutTurn(entries: readonly string[]): readonly string[] {
  const all = entries
    .filter((entry) => !entry.startsWith('returned'))
    .map((entry) => entry.replace(/^threw (.*)$/s, 'error($1)'));
  return [...all.filter((entry) => !IS_ACTION.test(entry)), ...all.filter((entry) => IS_ACTION.test(entry))];
}

/** All that happens in one call of `authenticate`, in order. */
async function observe(
  comparison: Comparison,
  create: (verify: Verify) => StrategyLike,
  mode: Mode,
): Promise<readonly string[]> {
  const { variant, behave, behaviour, answers = ANSWERS, mask, underWay } = comparison;
  const entries: string[] = [];
  const known = new Map(NAMED);
  const show = (value: unknown) => describeValue(value, known, mask);
  const note = (what: string, values: readonly unknown[]) => entries.push(`${what}(${values.map(show).join(', ')})`);

  const req = comparison.request();
  known.set(req, '<REQ>');
  req['res'] = Object.fromEntries(
    ['setHeader', 'cookie', 'clearCookie', 'end', 'writeHead'].map((name) => [
      name,
      (...args: unknown[]) => note(`res.${name}`, args),
    ]),
  );
  const verify = function verify(this: unknown, ...args: unknown[]): unknown {
    note('verify', args);
    entries.push(`  this: ${describeSelf(this)}`);
    return behave(args.find((arg) => typeof arg === 'function') as Done, answers);
  };
  Object.defineProperty(verify, 'length', { value: variant.arity });
  const strategy = create(Object.assign(verify, { tag: 'mine' }));
  const receiver = (mode === 'in direct mode' ? strategy : Object.create(strategy)) as Record<string, unknown>;
  for (const name of ['success', 'fail', 'redirect', 'pass', 'error']) {
    receiver[name] = (...args: unknown[]) => {
      note(name, args);
    };
  }
  await withRejections(
    (reason) => note('unhandledRejection', [reason]),
    async () => {
      const options = comparison.options?.() ?? {};
      try {
        const { authenticate } = receiver as { authenticate: Verify };
        entries.push(`returned ${show(Reflect.apply(authenticate, receiver, [req, options]))}`);
      } catch (error) {
        entries.push(`threw ${show(error)}`);
      }
      const last = behaviour === SILENT ? IS_END_OR_VERIFY : IS_END;
      await until(() => entries.some((entry) => last.test(entry)), `the end of ${behaviour}; so far:\n${entries}`);
      await quiet(() => entries.length, underWay);
    },
  );
  return entries;
}

/** Listens instead of mocha, which would fail the spec. */
export async function withRejections(onRejection: (reason: unknown) => void, run: () => Promise<void>): Promise<void> {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', onRejection);
  try {
    await run();
  } finally {
    process.removeListener('unhandledRejection', onRejection);
    for (const other of others) process.on('unhandledRejection', other);
  }
}

/** More than what came first takes to come a second time, or wrongly. */
const QUIET_TURNS = 12;

/** Until nothing has happened for some turns of the event loop, and other threads have nothing left to do. */
export async function quiet(count: () => number, underWay: () => number = () => 0): Promise<void> {
  for (let turns = 0, last = count(); turns < QUIET_TURNS; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (count() !== last || underWay() > 0) turns = 0;
    last = count();
  }
}

function describeValue(value: unknown, known: ReadonlyMap<unknown, string>, mask: RegExp | undefined): string {
  const name = known.get(value);
  if (name) return name;
  if (value instanceof Promise) return '<a promise>';
  // A stack reveals the wrapper, and only a stack does.
  const text = value instanceof Error ? `${value.constructor.name}: ${value.message}` : inspect(value, { depth: 5 });
  return mask ? text.replace(mask, '<MASKED>') : text;
}

/** What a verify function sees of `this`, and through it of the functions under test. */
function describeSelf(self: unknown): string {
  if (typeof self !== 'object' || self === null) return String(self);
  const members = self as Readonly<Record<string, unknown>>;
  const seen: string[] = [];
  for (const key in members) {
    const member = members[key];
    if (typeof member !== 'function' || !Object.hasOwn(member, 'tag')) continue;
    seen.push(
      `${key} is ${member.name}, length ${member.length}, own ${Reflect.ownKeys(member).map(String).join(' ')}`,
    );
  }
  return `${self.constructor.name} ${String(members['name'])}; ${seen.join('; ')}`;
}
