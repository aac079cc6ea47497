/** Options that should provide a username and never do: reported after several attempts, since a single one may lack a name. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type StrategyOptions, withLockout } from '../../../lib/index.js';
import { drive } from '../../support/sites/drive.js';
import { local, right, wrong } from '../../support/sites/guarded.js';
import { EventLog } from '../../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_USERNAME_UNKNOWN';
const ENOUGH = 10;
/** The field is `username`. */
const mistyped: NonNullable<StrategyOptions['username']> = ({ req }) =>
  (req as { readonly body?: Readonly<Record<string, string>> }).body?.['usrname'];

let nextAddress = 0;
/** Each login comes from somewhere else. */
const from = (body: object) => {
  nextAddress += 1;
  return { ip: `203.0.113.${nextAddress % 256}`, headers: {}, body };
};

interface Site {
  readonly lockout: Lockout;
  logIn(times: number, body?: object): void;
  told(): readonly string[];
}

function open(options: LockoutOptions, strategyOptions: StrategyOptions = {}, verify = wrong): Site {
  const lockout = new Lockout(options);
  const events = new EventLog(lockout);
  const strategy = withLockout(local(verify), lockout, strategyOptions);
  return {
    lockout,
    logIn: (times, body = { username: 'alice', password: 'x' }) => {
      for (let login = 0; login < times; login += 1) drive(strategy, from(body));
    },
    told: () =>
      events
        .of('warning')
        .filter(({ code }) => code === CODE)
        .map(({ message }) => message),
  };
}

describe('A username that the application never provides', () => {
  for (const { by, options = {}, strategyOptions = {} } of [
    { by: 'the option username', options: { username: mistyped } },
    { by: 'the strategy option username', strategyOptions: { username: mistyped } },
    { by: 'the option username returning an empty string', options: { username: () => '' } },
    { by: 'canonicalUsername', options: { canonicalUsername: () => undefined as unknown as string } },
  ]) {
    it(`is reported once by a warning and by check() after ten attempts in a row whose name is missing because of ${by}`, async () => {
      const site = open(options, strategyOptions);
      site.logIn(ENOUGH - 1);
      expect(site.told()).to.deep.equal([]);
      site.logIn(ENOUGH * 3);
      expect(site.told()).to.have.length(1);
      expect(site.told()[0]).to.match(/^ten attempts by "local" in a row had no username, .*canonicalUsername/);

      const found = (await site.lockout.check()).filter(({ code }) => code === CODE);
      expect(found.map(({ option }) => option)).to.deep.equal(['username']);
    });
  }

  it('is reported even if the attempts succeed', () => {
    const site = open({ username: mistyped }, {}, right);
    site.logIn(ENOUGH);
    expect(site.told()).to.have.length(1);
  });

  it('is reported if protect is given such a username', async () => {
    const lockout = new Lockout();
    const events = new EventLog(lockout);
    const { usrname: username } = {} as { readonly usrname?: string };
    for (let login = 0; login < ENOUGH; login += 1) {
      await lockout.protect({ req: from({}), username, action: 'reset' }, () => false);
    }
    expect(events.of('warning').map(({ code }) => code)).to.deep.equal([CODE]);
  });

  it('is not reported if it is missing now and then: an attempt with a name starts the count again', () => {
    const site = open({ username: mistyped });
    for (const usrname of ['alice', 'bob', 'carol']) {
      site.logIn(ENOUGH - 1);
      site.logIn(1, { username: 'x', password: 'x', usrname });
    }
    expect(site.told()).to.deep.equal([]);
  });

  for (const { where, options = {}, strategyOptions = {} } of [
    { where: 'ipOnly is true', options: { username: mistyped }, strategyOptions: { ipOnly: true } },
    { where: 'no dimension contains it', options: { username: mistyped, dimensions: ['ip'] as const } },
  ]) {
    it(`is not reported if ${where}`, () => {
      const site = open(options, strategyOptions);
      site.logIn(ENOUGH * 2);
      expect(site.told()).to.deep.equal([]);
    });
  }

  it('is not reported if no attempt is judged, or if protect guards something without names', async () => {
    const site = open({ username: mistyped }, {}, (_username, _password, done) =>
      done(new Error('the database is down')),
    );
    site.logIn(ENOUGH * 2);
    for (let call = 0; call < ENOUGH * 2; call += 1) {
      await site.lockout.protect({ req: from({}) }, () => false);
    }
    expect(site.told()).to.deep.equal([]);
  });
});
