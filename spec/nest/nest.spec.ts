/** `passport-lockout/nest` in real applications: the module, the strategy class, the exception and its filter. */
import { Controller, Module, Post, UseFilters } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, LockoutConfigError, type LockoutOptions } from '../../lib/index.js';
import { LockoutException, LockoutFilter, LockoutModule, LockoutStrategy } from '../../lib/nest/index.js';
import { drive } from '../support/sites/drive.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { stillStore } from '../support/stores/still-store.js';
import { decorateMethod } from '../support/tools/decorate.js';
import { GuardedStrategy, NestApp, type NestAppOptions, RIGHT } from './nest-app.js';

const MESSAGE = 'Too many failed logins. Try again in 15 minutes.';
const LOCKED = { status: 429, retryAfter: '900' };

describe('passport-lockout/nest', () => {
  let nest: NestApp | undefined;

  async function start(
    options: LockoutOptions | Lockout,
    further: Omit<NestAppOptions, 'imports'> = {},
  ): Promise<NestApp> {
    nest = await NestApp.start({ imports: [LockoutModule.forRoot(options)], ...further });
    return nest;
  }

  const failing = (options: NestAppOptions) =>
    NestApp.start(options).then(
      () => undefined,
      (error: unknown) => error,
    );

  afterEach(async () => {
    await nest?.close();
    nest = undefined;
  });

  it('X34 locks at the third wrong password, and refuses the right one with 429, Retry-After and code', async () => {
    const app = await start({ store: stillStore() });
    const [first, second, third] = [
      await app.logIn('alice', 'x'),
      await app.logIn('alice', 'x'),
      await app.logIn('alice', 'x'),
    ];

    expect([first.status, second.status]).to.deep.equal([401, 401]);
    for (const refused of [third, await app.logIn('alice', RIGHT)]) {
      expect(refused).to.include(LOCKED);
      expect(refused.body).to.deep.equal({
        statusCode: 429,
        message: MESSAGE,
        code: 'ERR_LOCKOUT_LOCKED',
        retryAfter: 900,
      });
    }
    expect((await app.logIn('bob', RIGHT)).status).to.equal(201);
  });

  it('X45 logs nothing about a refusal, neither a line nor a stack', async () => {
    const app = await start({ store: stillStore() });
    await app.app.get(Lockout).block({ username: 'alice' }, { for: { hours: 1 } });

    expect(await app.logIn('alice', RIGHT)).to.include({ status: 429, retryAfter: '3600' });
    expect(app.logged).to.deep.equal([]);
  });

  it('answers 503 without a Retry-After when the store fails', async () => {
    const store = new SlowStore();
    store.failing = { reserve: 'reject' };
    const app = await start({ store });

    const { status, retryAfter, body } = await app.logIn('alice', RIGHT);

    expect({ status, retryAfter }).to.deep.equal({ status: 503, retryAfter: null });
    expect(body).to.include({ statusCode: 503, code: 'ERR_LOCKOUT_STORE_UNAVAILABLE', retryAfter: null });
  });

  it('leaves the response to onLocked if that is set', async () => {
    const app = await start({ store: stillStore(), onLocked: 'respond' });
    await app.app.get(Lockout).block({ username: 'alice' }, { for: { minutes: 15 } });

    expect((await app.logIn('alice', RIGHT)).body).to.include({ type: 'about:blank', detail: MESSAGE });
  });

  it('provides an existing lockout to every module', async () => {
    const lockout = new Lockout({ store: stillStore() });
    const app = await start(lockout);

    expect(app.app.get(Lockout)).to.equal(lockout);
  });

  it('X34 creates the lockout with what Nest injects, such as its connection', async () => {
    class Settings {
      readonly tiers = [{ failures: 1, cooloff: { minutes: 15 } }];
    }
    class SettingsModule {}
    Module({ providers: [Settings], exports: [Settings] })(SettingsModule);
    nest = await NestApp.start({
      imports: [
        LockoutModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: async ({ tiers }: Settings) => ({ store: stillStore(), tiers }),
        }),
      ],
    });

    expect(await nest.logIn('alice', 'x')).to.include(LOCKED);
  });

  it('closes the lockout with the application, while the connections of others are still open', async () => {
    const order: string[] = [];
    class Connection {
      onApplicationShutdown() {
        order.push('connection');
      }
    }
    const store = Object.assign(stillStore(), { close: () => void order.push('lockout') });
    await start({ store }, { providers: [GuardedStrategy, Connection] });

    await nest?.close();
    nest = undefined;

    expect(order).to.deep.equal(['lockout', 'connection']);
  });

  it('does not start with invalid options', async () => {
    const imports = () => [LockoutModule.forRoot({ lockedStatus: 200 } as never)];
    expect(imports).to.throw(LockoutConfigError, 'options.lockedStatus');

    const later = LockoutModule.forRootAsync({ useFactory: () => ({ lockedStatus: 200 }) as never });
    expect(await failing({ imports: [later] })).to.be.instanceOf(LockoutConfigError);
  });

  it('does not start if the strategy could not be protected', async () => {
    class Judge {
      readonly name = 'judge';
      authenticate(): void {}
    }
    class JudgeStrategy extends PassportStrategy(LockoutStrategy(Judge)) {
      validate(): void {}
    }
    const error = await failing({ imports: [LockoutModule.forRoot()], providers: [JudgeStrategy] });

    expect(error).to.be.instanceOf(LockoutConfigError).with.property('code', 'ERR_LOCKOUT_STRATEGY_OPAQUE');
  });

  it('does not start without the module', async () => {
    const error = await failing({ imports: [] });

    expect(String(error)).to.match(
      /can't resolve dependencies of the GuardedStrategy.*import LockoutModule\.forRoot\(\)/,
    );
  });

  it('rejects a value that is not a class, and invalid options of the strategy', () => {
    const noClass = (() => {}) as never;
    expect(() => LockoutStrategy(noClass)).to.throw(LockoutConfigError, 'LockoutStrategy(): expected a strategy class');
    expect(() => LockoutStrategy(LocalStrategy, { ipOnly: 1 } as never)).to.throw(LockoutConfigError, 'ipOnly');
  });

  it('lets nobody in by a strategy that was made without Nest', () => {
    let judged = 0;
    class ByHand extends LockoutStrategy(LocalStrategy) {}
    const strategy = new ByHand((_username, _password, done) => {
      judged += 1;
      done(null, {});
    });

    const { actions } = drive(strategy, { body: { username: 'alice', password: RIGHT } });

    expect(actions[0]?.[0]).to.equal('error');
    expect(String(actions[0]?.[1])).to.match(/no Lockout was injected into the strategy "local"/);
    expect(judged).to.equal(0);
  });

  it('keeps an authenticate method of the application, and what it injects as a property', async () => {
    const seen: string[] = [];
    class Own extends PassportStrategy(LockoutStrategy(LocalStrategy, { ipOnly: true })) {
      override authenticate(...args: never[]): void {
        seen.push('own');
        super.authenticate(...(args as unknown as Parameters<LocalStrategy['authenticate']>));
      }

      validate(username: string): { username: string } {
        return { username };
      }
    }
    const app = await start({ store: stillStore() }, { providers: [Own] });

    expect((await app.logIn('alice', 'x')).status).to.equal(201);
    expect(seen).to.deep.equal(['own']);
    expect((await app.app.get(Lockout).list({ locked: false })).items).to.deep.equal([]);
  });

  describe('turns a refusal by protect, thrown in a controller,', () => {
    class ResetController {
      async reset() {
        const attempt = { username: 'alice', ip: '203.0.113.9' };
        const result = await lockout.protect(attempt, () => false);
        if (result.outcome !== 'succeeded' && result.locked) throw new LockoutException(result.locked);
        return 'wrong';
      }
    }
    Controller()(ResetController);
    decorateMethod(ResetController, 'reset', [Post('reset'), UseFilters(LockoutFilter)]);
    let lockout: Lockout;

    it('into its status, and into Retry-After by the filter', async () => {
      lockout = new Lockout({ store: stillStore(), tiers: [{ failures: 1, cooloff: { minutes: 15 } }] });
      const app = await start(lockout, { controllers: [ResetController], providers: [] });

      const told = await app.post('/reset');

      expect(told).to.include(LOCKED);
      expect(told.body).to.include({ statusCode: 429, message: MESSAGE });
      expect(app.logged).to.deep.equal([]);
    });

    it('into 503 without a Retry-After if the store failed', async () => {
      const store = new SlowStore();
      store.failing = { reserve: 'reject' };
      lockout = new Lockout({ store });
      const app = await start(lockout, { controllers: [ResetController], providers: [] });

      expect(await app.post('/reset')).to.include({ status: 503, retryAfter: null });
    });
  });
});
