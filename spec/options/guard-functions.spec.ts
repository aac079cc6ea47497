/** A function of the options that is `async` by mistake must not open a door. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutOptions, withLockout } from '../../lib/index.js';
import { withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

const promised = (async () => true) as never;
const rejected = (async () => Promise.reject(new Error('nobody awaits this'))) as never;
const REQUEST = { ip: '203.0.113.9', body: { username: 'alice', password: 'x' } };

describe('An option function', () => {
  let check: PasswordCheck;

  beforeEach(() => {
    check = new PasswordCheck();
  });

  const OPTIONS: readonly [string, LockoutOptions][] = [
    ['skip', { skip: promised }],
    ['allow.when', { allow: { when: promised } }],
    ['deny.when', { deny: { when: promised } }],
    ['restrictTo.when', { restrictTo: { when: promised } }],
    ['username', { username: promised }],
    ['canonicalUsername', { canonicalUsername: promised }],
    ['clientIp', { clientIp: promised }],
    ['skip', { skip: rejected }],
  ];
  for (const [name, options] of OPTIONS) {
    it(`makes the attempt throw before verification if ${name} returns a promise`, () => {
      const { actions, thrown } = drive(withLockout(check.strategy(), options), REQUEST);
      const error = thrown ?? actions.find(([action]) => action === 'error')?.[1];
      expect(error).to.be.instanceOf(LockoutConfigError);
      expect((error as Error).message).to.equal(
        `options.${name}: expected a synchronous function, got a promise; look things up before Passport, in a middleware`,
      );
      expect(check.verified).to.deep.equal([]);
    });
  }

  for (const [how, username] of [
    ['returns a promise', promised],
    ['rejects', rejected],
  ] as const) {
    it(`makes the attempt throw before verification, without an unhandled rejection, if the strategy's username ${how}`, async () => {
      const unhandled: unknown[] = [];
      await withRejections(
        (reason) => unhandled.push(reason),
        async () => {
          const { actions, thrown } = drive(withLockout(check.strategy(), new Lockout(), { username }), REQUEST);
          const error = (thrown ?? actions.find(([action]) => action === 'error')?.[1]) as Error;
          expect(error.message).to.match(/^strategy options\.username: expected a synchronous function/);
          await new Promise((resolve) => setImmediate(resolve));
        },
      );
      expect(unhandled).to.deep.equal([]);
      expect(check.verified).to.deep.equal([]);
    });
  }

  it("makes the attempt throw if the strategy's isFailure returns a promise", () => {
    const strategy = withLockout(check.strategy(), new Lockout(), { isFailure: promised });
    const { actions, thrown } = drive(strategy, REQUEST);
    const error = (thrown ?? actions.find(([action]) => action === 'error')?.[1]) as Error;
    expect(error.message).to.match(/^strategy options\.isFailure: expected a synchronous function/);
  });
});
