/** One guarded call beside the plain one: what Passport and the strategy can observe. */
import { expect } from 'chai';
import { Lockout, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import {
  type Done,
  guarded,
  guardedReturning,
  INFO,
  LIMIT_3,
  local,
  ON_STORES,
  request,
  right,
  USER,
  type Verify,
  wrong,
} from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

/** Ways in which a verify function may behave, each once plain and once wrapped. */
const BEHAVIOURS: readonly [string, Verify, settled: number][] = [
  ['right', (_u, _p, done) => done(null, USER, INFO), 1],
  ['wrong', (_u, _p, done) => done(null, false, INFO), 1],
  ['wrong without info', wrong, 1],
  ['an error', (_u, _p, done) => done(INFO), 1],
  [
    'a throw',
    () => {
      throw INFO;
    },
    1,
  ],
  [
    'wrong, then right',
    (_u, _p, done) => {
      done(null, false, INFO);
      done(null, USER);
    },
    2,
  ],
  [
    'right, then wrong',
    (_u, _p, done) => {
      done(null, USER);
      done(null, false, INFO);
    },
    2,
  ],
  [
    'wrong twice',
    (_u, _p, done) => {
      done(null, false, INFO);
      done(null, false, INFO);
    },
    2,
  ],
  [
    'wrong, then a throw',
    (_u, _p, done) => {
      done(null, false, INFO);
      throw INFO;
    },
    2,
  ],
];

describe('GuardedCall', () => {
  for (const [storeName, storeOptions] of ON_STORES) {
    describe(`on ${storeName}`, () => {
      for (const [what, verify, settled] of BEHAVIOURS) {
        it(`passes on exactly what the plain strategy does for ${what}`, async () => {
          const plain = drive(local(verify), request());
          const wrapped = drive(guarded(verify, { ...LIMIT_3, ...storeOptions() }), request());
          await until(() => wrapped.actions.length === settled);
          expect(wrapped.actions).to.deep.equal(plain.actions);
          expect(wrapped.thrown).to.equal(plain.thrown);
          for (const [index, [, argument]] of plain.actions.entries())
            expect(wrapped.actions[index]?.[1]).to.equal(argument);
        });
      }
    });
  }

  it('answers in the same turn on the memory store', () => {
    expect(drive(guarded(right, LIMIT_3), request()).inTurn).to.equal(1);
  });

  it('returns what verify returns', async () => {
    const promised = guardedReturning(() => Promise.resolve(USER), LIMIT_3);
    expect(await drive(promised, request()).returned).to.equal(USER);
    const plain = guardedReturning(() => 42, LIMIT_3);
    expect(drive(plain, request()).returned).to.equal(42);
  });

  it('keeps the length, name and properties of the verify function, and accepts a replacement', () => {
    const seen: unknown[] = [];
    const verify = Object.assign(function check(_u: string, _p: string, _done: Done) {}, { tag: 'mine' });
    const strategy = {
      _usernameField: 'username',
      _passwordField: 'password',
      _verify: verify as (...args: never[]) => unknown,
      authenticate() {
        seen.push(this._verify.length, this._verify.name, (this._verify as unknown as typeof verify).tag);
        this._verify = () => seen.push('replaced');
        Reflect.apply(this._verify, this, []);
      },
    };
    drive(withLockout(strategy, LIMIT_3), request());
    expect(seen).to.deep.equal([3, 'check', 'mine', 'replaced']);
    expect(strategy._verify).to.equal(verify);
  });

  it('passes everything through when disabled or skipped, and throws what skip throws', () => {
    for (const options of [{ enabled: false }, { skip: () => true }]) {
      const strategy = guarded(wrong, new Lockout({ ...LIMIT_3, ...options }));
      for (let index = 0; index < 5; index += 1) expect(drive(strategy, request()).actions[0]?.[0]).to.equal('fail');
      expect(drive(strategy, request()).actions).to.deep.equal([['fail', undefined]]);
    }
    const broken = guarded(wrong, {
      skip: () => {
        throw INFO;
      },
    });
    expect(drive(broken, request()).thrown).to.equal(INFO);
  });
});
