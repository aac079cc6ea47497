/** What a strategy is taken for: by its members, never by its name. */
import { Strategy as FastifyStrategy } from '@fastify/passport';
import { expect } from 'chai';
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, LockoutConfigError, lockoutMixin, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { type Done, LIMIT_3, local, request, wrong } from '../support/sites/guarded.js';

interface Actions {
  success(user: unknown): void;
  fail(info?: unknown, status?: number): void;
  pass(): void;
}
const denied = () => new Lockout({ deny: { when: () => true } });
const ends = (strategy: StrategyLike, req: object = request()) => drive(strategy, req).actions.map(([name]) => name);

describe('A strategy that judges nothing', () => {
  /** As TypeScript, Babel and people write passport-anonymous. */
  const ANONYMOUS: readonly (readonly [how: string, authenticate: (this: Actions) => void])[] = [
    [
      'a function',
      function (this: Actions) {
        this.pass();
      },
    ],
    [
      'a method',
      {
        authenticate(this: Actions): void {
          this.pass();
        },
      }.authenticate,
    ],
    [
      'one with a comment',
      {
        authenticate(this: Actions): void {
          // Lets everybody in.
          this.pass(); /* { */
        },
      }.authenticate,
    ],
  ];
  for (const [how, authenticate] of ANONYMOUS) {
    for (const name of ['anonymous', 'guest']) {
      it(`X22 is passed through as ${name}, being ${how}`, () => {
        expect(ends(withLockout({ name, authenticate }, denied()))).to.deep.equal(['pass']);
      });
    }
  }

  it('X22 is passed through if it is wrapped twice, or its class is mixed in', () => {
    class Anonymous {
      readonly name = 'guest';
      declare readonly pass: () => void;
      authenticate(): void {
        this.pass();
      }
    }
    const Mixed = lockoutMixin(Anonymous, denied());
    expect(ends(withLockout(withLockout(new Anonymous(), denied()), denied()))).to.deep.equal(['pass']);
    expect(ends(new Mixed())).to.deep.equal(['pass']);
    expect(ends(new (lockoutMixin(Mixed, denied()))())).to.deep.equal(['pass']);
  });

  it("X22 is passed through if it is Passport's session strategy, under any name", () => {
    const passport = new Passport() as unknown as { _strategy(name: string): StrategyLike };
    for (const name of ['session', 'cookie']) {
      const session = Object.assign(Object.create(passport._strategy('session')) as StrategyLike, { name });
      expect(ends(withLockout(session, denied()), { ...request(), session: {} })).to.deep.equal(['pass']);
    }
  });

  it('X22 is passed through if it is the session strategy of @fastify/passport', () => {
    class SessionStrategy extends FastifyStrategy {
      readonly deserializeUser = async () => null;
      override authenticate(): void {
        this.pass();
      }
    }
    expect(ends(withLockout(new SessionStrategy('session') as unknown as StrategyLike, denied()))).to.deep.equal([
      'pass',
    ]);
  });
});

describe('A strategy called session or anonymous', () => {
  for (const name of ['session', 'anonymous']) {
    it(`X22 is guarded like any other if it is passport-local as ${name}`, () => {
      let verified = 0;
      const inner = new LocalStrategy((_username, _password, done) => {
        verified += 1;
        done(null, false);
      });
      const strategy = withLockout(Object.assign(inner, { name }), denied());
      expect(ends(strategy)).to.deep.equal(['fail']);
      expect(verified).to.equal(0);
    });

    for (const [what, members] of [
      [
        'judges by itself',
        {
          authenticate(this: Actions, { body }: ReturnType<typeof request>) {
            if (body.password === 'right') this.success({ id: 1 });
            else this.pass();
          },
        },
      ],
      [
        'restores a user and judges',
        {
          deserializeUser: () => null,
          authenticate(this: Actions) {
            this.fail();
            this.pass();
          },
        },
      ],
    ] as const) {
      it(`X22 is rejected as opaque if it ${what}, as ${name}`, () => {
        expect(() => withLockout({ name, ...members } as StrategyLike))
          .to.throw(LockoutConfigError)
          .with.property('code', 'ERR_LOCKOUT_STRATEGY_OPAQUE');
      });
    }
  }
});

describe('A verify function in an unusual place', () => {
  type Verify = (...args: unknown[]) => void;
  interface Holding {
    readonly verify: { readonly func: Verify };
    readonly _verifyPublic: Verify;
    readonly verifyWithReq: Verify;
    readonly _ask: Verify;
  }
  const end =
    (self: Actions): Done =>
    (_error, user) => {
      if (user) self.success(user);
      else self.fail('wrong', 401);
    };

  const PLACES: readonly (readonly [what: string, create: (verify: Verify) => StrategyLike])[] = [
    [
      'verify.func, as in passport-google-one-tap',
      (verify) => ({
        name: 'google-one-tap',
        client: { verifyIdToken: () => undefined },
        verify: { passReqToCallback: false, func: verify },
        authenticate(this: Actions & Holding) {
          this.verify.func({ provider: 'google-one-tap', id: '1' }, end(this));
        },
      }),
    ],
    [
      '_verifyPublic, as in passport-oauth2-public-client',
      (verify) => ({
        name: 'oauth2-public-client',
        _verifyPublic: verify,
        authenticate(this: Actions & Holding) {
          this._verifyPublic('client', end(this));
        },
      }),
    ],
    [
      'verifyWithReq, as in passport-magic with passReqToCallback, which has it as verify as well',
      (verify) => ({
        name: 'magic',
        magicInstance: {},
        passReqToCallback: true,
        verify,
        verifyWithReq: verify,
        authenticate(this: Actions & Holding, req: object) {
          this.verifyWithReq(req, { issuer: 'did:ethr:0x1', publicAddress: '0x1', claim: {} }, end(this));
        },
      }),
    ],
    [
      'verifyWithReq alone, as in a child of passport-headerapikey',
      (verify) => ({
        name: 'header-or-url',
        headerKey: 'x-key',
        verifyWithReq: verify,
        authenticate(this: Actions & Holding, req: object) {
          this.verifyWithReq(req, 'key', end(this));
        },
      }),
    ],
    [
      'a member of any name, which holds the same function as one that is known',
      (verify) => ({
        name: 'twice',
        _verify: verify,
        _ask: verify,
        authenticate(this: Actions & Holding) {
          this._ask('token', end(this));
        },
      }),
    ],
    ...['_verifyFn', 'verifyFn', '_verifyFunction', 'verifyFunction', '_verifyCallback'].map(
      (member) =>
        [
          member,
          (verify: Verify): StrategyLike => ({
            name: 'own',
            [member]: verify,
            authenticate(this: Actions & Readonly<Record<string, Verify>>) {
              this[member]?.('token', end(this));
            },
          }),
        ] as const,
    ),
  ];
  for (const [where, create] of PLACES) {
    it(`X23 is found in ${where}, and not called for a denied name`, () => {
      const users: unknown[] = [];
      const verify: Verify = (...args) => {
        users.push(args[0]);
        (args.at(-1) as Done)(null, { id: 1 });
      };
      expect(ends(withLockout(create(verify), new Lockout()))).to.deep.equal(['success']);
      expect(users).to.have.length(1);
      expect(ends(withLockout(create(verify), denied()))).to.deep.equal(['fail']);
      expect(users).to.have.length(1);
    });
  }

  it('X23 is not needed if the strategy names its fields, as passport-local-htpasswd does: then authenticate is guarded', async () => {
    const judged: string[] = [];
    const htpasswd = {
      name: 'local-htpasswd',
      _usernameField: 'username',
      _passwordField: 'password',
      _file: '/etc/htpasswd',
      authenticate(this: Actions, { body }: ReturnType<typeof request>) {
        if (!body.username || !body.password) return this.fail({ message: 'Missing credentials' }, 400);
        judged.push(body.password);
        return body.password === 'right' ? this.success({ username: body.username }) : this.fail({ message: 'wrong' });
      },
    };
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(htpasswd as StrategyLike, lockout);
    for (let form = 0; form < 4; form += 1) drive(strategy, request(''));
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });

    const statuses = ['1', '2', '3', 'right'].map((password) => drive(strategy, request(password)).actions[0]?.[2]);
    expect(statuses).to.deep.equal([undefined, undefined, 429, 429]);
    expect(judged).to.deep.equal(['1', '2', '3']);
  });
});

describe('A mock strategy in the tests of an application', () => {
  /** As passport-mock-strategy without a verify function. */
  const mock = (): StrategyLike => ({
    name: 'mock',
    authenticate(this: Actions) {
      this.success({ id: 1 });
    },
  });

  it('X23 can be wrapped and logs in if the lockout is disabled', () => {
    expect(ends(withLockout(mock(), { enabled: false }))).to.deep.equal(['success']);
    expect(ends(withLockout(mock(), new Lockout({ enabled: false }), { guard: 'authenticate' }))).to.deep.equal([
      'success',
    ]);
  });

  it('X23 is rejected if the lockout is enabled, since nothing would be protected', () => {
    expect(() => withLockout(mock())).to.throw(LockoutConfigError, /"mock", which has none of the members/);
  });

  it('X23 counts addresses with ipOnly', () => {
    expect(ends(withLockout(mock(), {}, { ipOnly: true }))).to.deep.equal(['success']);
  });

  it('X23 is guarded like any other if it has a verify function', () => {
    const strategy = withLockout(Object.assign(local(wrong), { name: 'mock' }), LIMIT_3);
    expect(Array.from({ length: 3 }, () => drive(strategy, request()).actions[0]?.[2])).to.deep.equal([
      undefined,
      undefined,
      429,
    ]);
  });
});
