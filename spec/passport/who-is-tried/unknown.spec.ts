/** Where nothing tells who is tried, that is told. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { Lockout, type StrategyOptions, withLockout } from '../../../lib/index.js';
import * as shapes from '../../support/fixtures/credential-shapes.js';
import { drive } from '../../support/sites/drive.js';
import { CODE, from, guess, LIMIT_3, open, warnings } from '../../support/sites/shape-site.js';
import { EventLog } from '../../support/tools/events.js';

describe('who is tried told of as unknown', () => {
  const login = { body: { mandant: 'm', kennung: 'alice', kennwort: 'guess' } };

  it('X10 names the strategy and the option once for each strategy, and is a finding of check()', async () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    const refuse: shapes.Verify = (...args) => (args.at(-1) as shapes.Done)(null, false);
    const wrap = (shape: shapes.Shape) => withLockout(shapes.create(shape, refuse), lockout);
    const [first, second] = [wrap(shapes.TENANT), wrap({ ...shapes.TENANT, name: 'second' })];
    for (const strategy of [first, first, second, second]) drive(strategy, from(login));

    const told = events.of('warning').filter(({ code }) => code === CODE);
    expect(told.map(({ message }) => /"(\w+)"/.exec(message)?.[1])).to.deep.equal(['tenant', 'second']);
    expect(told.every(({ option, message }) => option === 'username' && message.includes('username'))).to.equal(true);
    expect((await lockout.check()).filter(({ code }) => code === CODE)).to.have.length(2);
  });

  for (const [what, strategyOptions] of [
    ['username', { username: ({ args }) => args[1] }],
    ['ipOnly', { ipOnly: true }],
  ] as const satisfies readonly (readonly [string, StrategyOptions])[]) {
    it(`X10 is no more where the option ${what} says it`, () => {
      const site = open(shapes.TENANT, strategyOptions);
      site.login(login);

      expect(warnings(site)).to.deep.equal([]);
      expect(site.counted()).to.deep.equal(what === 'username' ? ['alice'] : []);
    });
  }

  it('X10 is not said where no dimension counts names', async () => {
    const lockout = new Lockout({ dimensions: ['ip'] });
    const events = new EventLog(lockout);
    drive(
      withLockout(
        shapes.create(shapes.TENANT, (...args) => (args.at(-1) as shapes.Done)(null, false)),
        lockout,
      ),
      from(login),
    );
    await setImmediate();

    expect(events.of('warning')).to.deep.equal([]);
  });

  it('X10 is not said of a token alone, which names nobody', () => {
    const site = open({ name: 'own-key', args: () => ['key'] });
    guess(site, () => ({}));

    expect(warnings(site)).to.deep.equal([]);
  });

  for (const [what, args] of [
    ['nothing (passport-custom)', () => []],
    ['the form itself', ({ body }) => [body]],
    ['a profile and a code', () => [{ id: 1 }, '123456']],
  ] as const satisfies readonly (readonly [string, shapes.Shape['args']])[]) {
    it(`X12 is said where verify is given ${what}`, () => {
      const site = open({ name: 'own', args });
      site.login(login);

      expect(warnings(site)).to.have.length(1);
    });
  }
});
