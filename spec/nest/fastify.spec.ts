/** `passport-lockout/nest` on Fastify, where a strategy sees no response. */
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { PassportStrategy } from '@nestjs/passport';
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, type LockoutOptions, lockoutMixin } from '../../lib/index.js';
import { LockoutFilter, LockoutModule } from '../../lib/nest/index.js';
import { stillStore } from '../support/stores/still-store.js';
import { NestApp, RIGHT } from './nest-app.js';

class FilterModule {}
Module({ providers: [{ provide: APP_FILTER, useClass: LockoutFilter }] })(FilterModule);

const REFUSED = {
  statusCode: 429,
  message: 'Too many failed logins. Try again in 15 minutes.',
  code: 'ERR_LOCKOUT_LOCKED',
  retryAfter: 900,
};

describe('passport-lockout/nest on Fastify', () => {
  let nest: NestApp;

  async function start(options: LockoutOptions = {}): Promise<void> {
    const imports = [LockoutModule.forRoot({ store: stillStore(), ...options }), FilterModule];
    nest = await NestApp.start({ imports, platform: 'fastify' });
  }

  afterEach(() => nest.close());

  it('X45 locks at the third wrong password, refuses the right one with Retry-After by the filter, and logs nothing', async () => {
    await start();
    const statuses = [(await nest.logIn('alice', 'x')).status, (await nest.logIn('alice', 'x')).status];
    const refused = [await nest.logIn('alice', 'x'), await nest.logIn('alice', RIGHT)];

    expect(statuses).to.deep.equal([401, 401]);
    for (const told of refused) expect(told).to.deep.equal({ status: 429, retryAfter: '900', body: REFUSED });
    expect((await nest.logIn('bob', RIGHT)).status).to.equal(201);
    expect(nest.logged).to.deep.equal([]);
  });

  it("X45 refuses with the exception, not with a bare 401, if onLocked: 'respond' finds no response", async () => {
    await start({ onLocked: 'respond' });
    await nest.app.get(Lockout).block({ username: 'alice' }, { for: { minutes: 15 } });

    expect(await nest.logIn('alice', RIGHT)).to.deep.equal({ status: 429, retryAfter: '900', body: REFUSED });
  });

  it("X45 refuses with an error if onLocked: 'respond' of a mixed class finds no response", async () => {
    const lockout = new Lockout({ store: stillStore(), onLocked: 'respond' });
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
    class Mixed extends PassportStrategy(lockoutMixin(LocalStrategy, lockout)) {
      validate(username: string): { username: string } {
        return { username };
      }
    }
    nest = await NestApp.start({ imports: [], providers: [Mixed], platform: 'fastify' });

    expect((await nest.logIn('alice', RIGHT)).status).to.equal(429);
  });
});
