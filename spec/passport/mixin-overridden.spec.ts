/** Mixed classes whose `authenticate` is not the guarded one: they are guarded if possible, and cause a warning if not. */
import { expect } from 'chai';
import { Lockout, lockoutMixin, type StrategyLike, withLockout } from '../../lib/index.js';
import type { Done, Login, Verify } from '../support/fixtures/judging-first.js';
import { drive } from '../support/sites/drive.js';
import { LIMIT_3 } from '../support/sites/guarded.js';
import { judging, login } from '../support/sites/judging.js';
import { EventLog } from '../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_VERIFY_BYPASSED';

interface Actions {
  success(user: unknown): void;
  fail(info: unknown, status?: number): void;
}

/** Judges the form by its verify function. */
class Form {
  declare readonly success: Actions['success'];
  declare readonly fail: Actions['fail'];
  readonly name: string = 'form';
  readonly _usernameField = 'username';
  readonly _passwordField = 'password';
  readonly _verify: Verify = judging().verify;

  authenticate({ body }: Login): void {
    const done: Done = (_error, user) => (user ? this.success(user) : this.fail('wrong', 401));
    this._verify(body['username'], body['password'], done);
  }
}

/** Without its types, for children whose `authenticate` is a field. */
const untyped = (mixed: unknown) => mixed as new () => object;

/** Judges the form by itself. */
function judge(this: Actions, { body }: Login): void {
  if (body['password'] === 'right') this.success({ id: 1 });
  else this.fail('wrong', 401);
}

function open(create: (lockout: Lockout) => StrategyLike) {
  const lockout = new Lockout(LIMIT_3);
  const events = new EventLog(lockout);
  return {
    lockout,
    strategy: create(lockout),
    warnings: () => events.of('warning').filter(({ code }) => code === CODE),
  };
}

describe('A mixed class that gives its instances an authenticate of their own', () => {
  class Own extends Form {
    constructor() {
      super();
      const own = function (this: Form, req: Login): void {
        Form.prototype.authenticate.call(this, req);
      };
      Object.assign(this, { authenticate: own });
    }
  }

  it('X15 is guarded like any other', async () => {
    const { lockout, strategy, warnings } = open((of) => new (lockoutMixin(Own, of))());
    const statuses = ['1', '2', '3', 'right'].map((password) => drive(strategy, login(password)).actions[0]?.[1]);
    expect(statuses.slice(0, 2)).to.deep.equal(['wrong', 'wrong']);
    expect(statuses.slice(2)).to.satisfy((errors: object[]) => errors.every((error) => 'retryAfter' in error));
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
    expect(warnings()).to.deep.equal([]);
  });

  it('X15 is guarded once even if it is also wrapped with the same lockout', async () => {
    const { lockout, strategy } = open((of) => withLockout(new (lockoutMixin(Own, of))(), of));
    drive(strategy, login('wrong'));
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });
});

describe('A child of a mixed class that never reaches the guard', () => {
  const CHILDREN: readonly (readonly [how: string, create: (lockout: Lockout) => StrategyLike, direct?: boolean])[] = [
    [
      'by a method',
      (lockout) =>
        new (class extends lockoutMixin(Form, lockout) {
          override authenticate(req: Login): void {
            judge.call(this, req);
          }
        })(),
    ],
    [
      'by a field',
      (lockout) =>
        new (class extends untyped(lockoutMixin(Form, lockout)) {
          readonly authenticate = judge;
        })() as StrategyLike,
    ],
    [
      'by what its constructor sets',
      (lockout) =>
        new (class extends lockoutMixin(Form, lockout) {
          constructor() {
            super();
            Object.assign(this, { authenticate: judge });
          }
        })(),
    ],
    [
      'by an arrow function, in direct mode',
      (lockout) =>
        new (class extends untyped(lockoutMixin(Form, lockout)) {
          readonly authenticate = (req: Login) => judge.call(this as unknown as Actions, req);
        })() as StrategyLike,
      true,
    ],
  ];
  for (const [how, create, direct = false] of CHILDREN) {
    it(`X15 causes one warning at its first success: ${how}`, () => {
      const { strategy, warnings } = open(create);
      const end = (password: string) => drive(strategy, login(password), { direct }).actions;
      expect(end('wrong')).to.deep.equal([['fail', 'wrong', 401]]);
      expect(warnings()).to.deep.equal([]);
      expect([end('right'), end('right')]).to.deep.equal([[['success', { id: 1 }]], [['success', { id: 1 }]]]);
      expect(warnings().map(({ message }) => message)).to.have.length(1);
      expect(warnings()[0]?.message).to.match(/^a success of the strategy "form" .* call super\.authenticate/);
    });
  }
});

describe('A child of a mixed class that reaches the guard another way', () => {
  const CHILDREN: readonly (readonly [how: string, create: (lockout: Lockout) => StrategyLike])[] = [
    [
      'by super',
      (lockout) =>
        new (class extends lockoutMixin(Form, lockout) {
          override authenticate(req: Login): void {
            super.authenticate(req as never);
          }
        })(),
    ],
    [
      'later',
      (lockout) =>
        new (class extends lockoutMixin(Form, lockout) {
          override async authenticate(req: Login): Promise<void> {
            await null;
            super.authenticate(req as never);
          }
        })(),
    ],
  ];
  for (const [how, create] of CHILDREN) {
    for (const direct of [false, true]) {
      it(`X15 is guarded and causes no warning: ${how}${direct ? ', in direct mode' : ''}`, async () => {
        const { lockout, strategy, warnings } = open(create);
        for (const password of ['right', 'wrong', 'right']) {
          const { actions, returned } = drive(strategy, login(password), { direct });
          await returned;
          expect(actions.map(([name]) => name)).to.deep.equal([password === 'right' ? 'success' : 'fail']);
        }
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 1, verifying: 0 });
        expect(warnings()).to.deep.equal([]);
      });
    }
  }
});

describe('An unused instance of a mixed class', () => {
  it('X15 has the actions of its class, and no other visible members', () => {
    class Answering extends Form {}
    const own = () => 'of the class';
    Object.assign(Answering.prototype, { success: own });
    const strategy = new (lockoutMixin(Answering))();
    expect(strategy.success).to.equal(own);
    expect(Object.keys(strategy)).to.deep.equal(Object.keys(new Answering()));
  });

  it('X15 allows a constructor to declare its actions', async () => {
    class Declaring extends lockoutMixin(Form, LIMIT_3) {
      constructor() {
        super();
        Object.assign(this, { success: undefined });
      }
    }
    const strategy = new Declaring();
    for (const direct of [false, true]) {
      expect(drive(strategy, login('right'), { direct }).actions).to.deep.equal([['success', { id: 1 }]]);
    }
  });

  it('X15 causes no warning if the lockout is disabled', () => {
    const lockout = new Lockout({ enabled: false });
    const events = new EventLog(lockout);
    const strategy = new (class extends lockoutMixin(Form, lockout) {
      override authenticate(req: Login): void {
        judge.call(this, req);
      }
    })();
    expect(drive(strategy, login('right')).actions).to.deep.equal([['success', { id: 1 }]]);
    expect(events.of('warning').filter(({ code }) => code === CODE)).to.deep.equal([]);
  });
});
