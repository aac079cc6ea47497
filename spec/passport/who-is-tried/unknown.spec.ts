/** A name that cannot be determined causes a warning. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { Lockout, type StrategyOptions, withLockout } from '../../../lib/index.js';
import * as shapes from '../../support/fixtures/credential-shapes.js';
import { drive } from '../../support/sites/drive.js';
import { CODE, from, guess, LIMIT_3, open, warnings } from '../../support/sites/shape-site.js';
import { EventLog } from '../../support/tools/events.js';

describe('An unknown name', () => {
  const login = { body: { mandant: 'm', kennung: 'alice', kennwort: 'guess' } };

  it('X10 causes one warning per strategy, with the strategy and the option, and a finding of check()', async () => {
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
    it(`X10 causes no warning if the option ${what} is set`, () => {
      const site = open(shapes.TENANT, strategyOptions);
      site.login(login);

      expect(warnings(site)).to.deep.equal([]);
      expect(site.counted()).to.deep.equal(what === 'username' ? ['alice'] : []);
    });
  }

  it('X10 causes no warning if no dimension counts names', async () => {
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

  it('X10 causes no warning for a token alone, which names nobody', () => {
    const site = open({ name: 'own-key', args: () => ['key'] });
    guess(site, () => ({}));

    expect(warnings(site)).to.deep.equal([]);
  });

  for (const [what, args] of [
    ['nothing (passport-custom)', () => []],
    ['the form itself', ({ body }) => [body]],
    ['a profile and a code', () => [{ id: 1 }, '123456']],
  ] as const satisfies readonly (readonly [string, shapes.Shape['args']])[]) {
    it(`X12 causes a warning if verify receives ${what}`, () => {
      const site = open({ name: 'own', args });
      site.login(login);

      expect(warnings(site)).to.have.length(1);
    });
  }

  describe('although verify receives a name that came with a password', () => {
    const form = (index: number) => ({ body: { username: 'alice', password: `guess ${index}` } });
    const basic = (index: number) => ({
      headers: { authorization: `Basic ${Buffer.from(`alice:guess ${index}`).toString('base64')}` },
    });
    const fromHeader = (headers: shapes.Fields) => {
      const [username, password] = Buffer.from(String(headers['authorization']).slice(6), 'base64')
        .toString()
        .split(':');
      return { username, password };
    };
    class Credentials {
      readonly name: unknown;
      constructor(name: unknown) {
        this.name = name;
      }
    }

    for (const [what, args, req] of [
      ['alone', ({ body }) => [body['username']], form],
      ['alone, tidied', ({ body }) => [` ${String(body['username']).toUpperCase()}`], form],
      ['in an object', ({ body: { username, password } }) => [{ username, password }], form],
      ['in an object under other names', ({ body }) => [{ kennung: body['username'], hash: 'x' }], form],
      ['in an object of a class', ({ body }) => [new Credentials(body['username'])], form],
      ['in a list', ({ body }) => [[body['username'], body['password']]], form],
      [
        'in an object beside another',
        ({ body: { username, password } }) => [{ username, password }, { ip: 'x' }],
        form,
      ],
      ['in an object after nothing', ({ body: { username, password } }) => [undefined, { username, password }], form],
      ['in an object, from a header of Basic', ({ headers }) => [fromHeader(headers)], basic],
    ] as const satisfies readonly (readonly [string, shapes.Shape['args'], (index: number) => shapes.ShapeRequest])[]) {
      it(`X12 causes one warning, and nothing is counted on what may not be a name: ${what}`, () => {
        const site = open({ name: 'own', args });
        guess(site, req);

        expect(warnings(site)).to.have.length(1);
        expect(site.counted()).to.deep.equal([]);
      });
    }

    for (const [what, shape, body] of [
      ['a token beside a form', { name: 'own-token', args: () => ['token'] }, { username: 'alice', password: 'x' }],
      ['a name without a password', { name: 'own', args: ({ body }) => [body['username']] }, { username: 'alice' }],
      [
        'a name next to something that is not a password',
        { name: 'own', args: ({ body }) => [body['username']] },
        { username: 'alice', zipCode: '10115' },
      ],
      [
        'the payload of passport-jwt beside a form for a new password',
        { name: 'jwt', members: { _jwtFromRequest: () => 'token' }, args: () => [{ sub: '1', username: 'alice' }] },
        { username: 'alice', password: 'x' },
      ],
      [
        'a provider’s profile beside a form',
        { name: 'own-login', args: () => [{ provider: 'own', id: '1', username: 'alice' }] },
        { username: 'alice', password: 'x' },
      ],
    ] as const satisfies readonly (readonly [string, shapes.Shape, shapes.Fields])[]) {
      it(`X12 causes no warning for ${what}`, () => {
        const site = open(shape);
        site.login({ body });

        expect(warnings(site)).to.deep.equal([]);
      });
    }
  });
});
