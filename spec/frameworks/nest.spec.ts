/** NestJS with @nestjs/passport: `lockoutMixin`, the default guard and guards of one's own. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import {
  Controller,
  type DynamicModule,
  type ExecutionContext,
  Get,
  HttpException,
  Module,
  Post,
  Req,
  UnauthorizedException,
  UnprocessableEntityException,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { expect } from 'chai';
import session from 'express-session';
import passport, { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { type LockedInfo, type Lockout, type LockoutMiddleware, lockoutMixin, withLockout } from '../../lib/index.js';
import { LockoutModule, LockoutStrategy } from '../../lib/nest/index.js';
import { decorateMethod } from '../support/tools/decorate.js';
import {
  type Check,
  Driver,
  describeFramework,
  type FrameworkApp,
  HOST,
  RIGHT,
  type StartFramework,
  type User,
} from './contract.js';
import { describeDevicesBehindMiddleware, describeKnownDevices, type Way } from './known-devices.js';

type Guard = ReturnType<typeof AuthGuard>;
interface Request {
  readonly user?: User;
}

/** As an application writes it, with the constructor Nest calls. */
function strategyClass(lockout: Lockout, check: Check, Wrong: new () => HttpException = UnauthorizedException) {
  return class extends PassportStrategy(lockoutMixin(LocalStrategy, lockout)) {
    async validate(username: string, password: string): Promise<User> {
      const user = await check(username, password);
      if (!user) throw new Wrong();
      return user;
    }
  };
}

/** The same, but `validate` returns null: the guard answers 401. */
function nullStrategyClass(lockout: Lockout, check: Check) {
  return class extends PassportStrategy(lockoutMixin(LocalStrategy, lockout)) {
    async validate(username: string, password: string): Promise<User | null> {
      return (await check(username, password)) || null;
    }
  };
}

async function startNest(
  Strategy: (new () => object) | undefined,
  LoginGuard: Guard,
  imports: DynamicModule[] = [],
  before: readonly LockoutMiddleware[] = [],
): Promise<FrameworkApp> {
  class LoginController {
    logIn(): string {
      return 'in';
    }

    me(req: Request): string {
      if (!req.user) throw new UnauthorizedException();
      return req.user.username;
    }
  }
  Controller()(LoginController);
  decorateMethod(LoginController, 'logIn', [Post('login'), UseGuards(LoginGuard)]);
  decorateMethod(LoginController, 'me', [Get('me')], [Req()]);
  class AppModule {}
  Module({ imports, controllers: [LoginController], providers: Strategy ? [Strategy] : [] })(AppModule);

  passport.serializeUser((user, done) => done(null, (user as User).username));
  passport.deserializeUser((username: string, done) => done(null, { username }));
  const app = await NestFactory.create(AppModule, { logger: false });
  if (before.length > 0) app.use(...before);
  app.use(session({ secret: 'x', resave: false, saveUninitialized: false }), passport.session());
  await app.listen(0, HOST);
  const server = app.getHttpServer() as Server;
  return {
    server,
    close: async () => {
      server.closeAllConnections();
      await app.close();
    },
  };
}

/** The default guard, which logs in to a session as Nest's documentation does it. */
class SessionGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const isAllowed = (await super.canActivate(context)) as boolean;
    await super.logIn(context.switchToHttp().getRequest());
    return isAllowed;
  }
}

const startWithMixin: StartFramework = (lockout, check) => startNest(nullStrategyClass(lockout, check), SessionGuard);

/** Not Nest's mixin, but the strategy registered by hand. */
const startWithWrapper: StartFramework = (lockout, check) => {
  const inner = new LocalStrategy((username, password, done) => {
    check(username, password).then((user) => done(null, user), done);
  });
  passport.use(withLockout(inner, lockout));
  return startNest(
    undefined,
    class extends SessionGuard {
      override handleRequest<T>(
        error: unknown,
        user: T,
        info: unknown,
        context: ExecutionContext,
        status?: unknown,
      ): T {
        if (!error && !user && status === 429) throw new HttpException((info as LockedInfo).message, 429);
        return super.handleRequest(error, user, info, context, status);
      }
    },
  );
};

/** As an application with the module writes it. */
const startWithModule: StartFramework = (lockout, check) => {
  class InjectedStrategy extends PassportStrategy(LockoutStrategy(LocalStrategy)) {
    async validate(username: string, password: string): Promise<User | null> {
      return (await check(username, password)) || null;
    }
  }
  return startNest(InjectedStrategy, SessionGuard, [LockoutModule.forRoot(lockout)]);
};

describeFramework('Nest with LockoutModule and the default guard', { start: startWithModule, hasResponse: true });
describeFramework('Nest with lockoutMixin and the default guard', { start: startWithMixin, hasResponse: true });
describeFramework('Nest with a wrapped strategy and handleRequest', { start: startWithWrapper, hasResponse: true });

/** Its guards pass Passport a callback of their own: they answer with an exception, or go on; `successRedirect` is none of theirs. */
const GUARDS: Readonly<Partial<Record<Way, Guard>>> = {
  'with a session': SessionGuard,
  'without a session': AuthGuard('local'),
  'with a custom callback': class extends SessionGuard {
    override handleRequest<T>(error: unknown, user: T): T {
      if (error) throw error;
      if (!user) throw new UnauthorizedException();
      return user;
    }
  },
};

describeKnownDevices(
  'Nest',
  (lockout, check, way) => startNest(nullStrategyClass(lockout, check), GUARDS[way] ?? SessionGuard),
  Object.keys(GUARDS) as Way[],
);
describeDevicesBehindMiddleware('Nest', (lockout, check) =>
  startNest(nullStrategyClass(lockout, check), SessionGuard, [], [lockout.middleware()]),
);

describe('Nest', () => {
  let driver: Driver;
  afterEach(() => driver.close());

  it('sends the client the message of the lockout', async () => {
    driver = await new Driver({ lockedMessage: 'Later.' }).start(startWithMixin);
    const [, , locked] = await driver.lock('alice');

    expect(JSON.parse(locked?.body ?? '')).to.deep.equal({ statusCode: 429, message: 'Later.' });
  });

  it('passes its handleRequest the error with code and time left', async () => {
    const errors: unknown[] = [];
    class Handling extends AuthGuard('local') {
      override handleRequest<T>(error: unknown, user: T): T {
        if (error) errors.push(error);
        if (!user) throw error || new UnauthorizedException();
        return user;
      }
    }
    driver = await new Driver().start((lockout, check) => startNest(nullStrategyClass(lockout, check), Handling));
    await driver.lock('alice');

    expect(errors).to.have.length(1);
    expect(errors[0]).to.include({ code: 'ERR_LOCKOUT_LOCKED', status: 429, retryAfter: 900, dimension: 'username' });
  });

  it('uses the Passport instance returned by getPassportInstance', async () => {
    const own = new Passport();
    class OwnInstance extends PassportStrategy(lockoutMixin(LocalStrategy), 'own') {
      validate(): null {
        return null;
      }

      getPassportInstance() {
        return own;
      }
    }
    const strategy = new OwnInstance();
    driver = new Driver();

    expect((own as unknown as { _strategy(name: string): unknown })._strategy('own')).to.equal(strategy);
    expect(OwnInstance).to.have.property('lockout');
  });

  it('counts a validate that throws an UnauthorizedException, as Nest documents it', async () => {
    driver = await new Driver().start((lockout, check) => startNest(strategyClass(lockout, check), SessionGuard));
    const answers = await driver.lock('alice');

    expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 429]);
    expect(await driver.lockout.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
  });

  it('X14 does not take a user locked by exceptions for a server that locks everybody', async () => {
    driver = await new Driver().start((lockout, check) => startNest(strategyClass(lockout, check), SessionGuard));
    const codes: string[] = [];
    driver.lockout.on('warning', ({ code }) => codes.push(code));
    await driver.lock('alice');
    await driver.lock('bob');
    expect(codes).to.not.include('WARN_LOCKOUT_ONLY_ERRORS');

    await driver.lock('carol');
    expect(codes).to.include('WARN_LOCKOUT_ONLY_ERRORS');
  });

  it('X14 locks at the third failure if validate throws an UnprocessableEntityException', async () => {
    driver = await new Driver().start((lockout, check) =>
      startNest(strategyClass(lockout, check, UnprocessableEntityException), SessionGuard),
    );
    const answers = [
      ...(await driver.lock('alice')),
      await driver.logIn('alice', RIGHT),
      await driver.logIn('bob', RIGHT),
    ];

    expect(answers.map(({ status }) => status)).to.deep.equal([422, 422, 429, 429, 201]);
    expect(driver.checked).to.deep.equal(['alice', 'alice', 'alice', 'bob']);
  });
});
