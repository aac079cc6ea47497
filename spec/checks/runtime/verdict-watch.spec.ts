/** Strategies that end with errors only, noticed: what is told, when, and how often. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type StrategyOptions, withLockout } from '../../../lib/index.js';
import { axiosError } from '../../support/fixtures/verdict-errors.js';
import { drive } from '../../support/sites/drive.js';
import { type Done, LIMIT_3, local, request, USER } from '../../support/sites/guarded.js';
import { EventLog } from '../../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_ONLY_ERRORS';

class SomeLoginError extends Error {}

/** As the warning says. */
const isFailure: StrategyOptions['isFailure'] = ({ action, args: [error] }) =>
  action === 'error' && error instanceof SomeLoginError;

let nextAddress = 0;
/** Each login comes from somewhere else, so that none has to pause after one without a verdict. */
const from = () => {
  nextAddress += 1;
  return { ...request(), ip: `203.0.113.${nextAddress % 256}` };
};

interface Site {
  readonly lockout: Lockout;
  /** What verify gives to `done` at the next login. */
  logIn(answer: unknown, user?: string): string;
  warnings(): number;
}

function open(options: LockoutOptions = {}, strategyOptions: StrategyOptions = {}): Site {
  const lockout = new Lockout({ ...LIMIT_3, ...options });
  const events = new EventLog(lockout);
  let answer: unknown;
  const strategy = withLockout(
    local((_username: string, _password: string, done: Done) =>
      answer instanceof Error ? done(answer) : done(null, answer),
    ),
    lockout,
    strategyOptions,
  );
  return {
    lockout,
    logIn: (next, user = 'alice') => {
      answer = next;
      const req = { ...from(), body: { username: user, password: 'x' } };
      const [[name, , status] = []] = drive(strategy, req).actions;
      return status === undefined ? String(name) : `${name} ${status}`;
    },
    warnings: () => events.of('warning').filter(({ code }) => code === CODE).length,
  };
}

const times = (count: number, run: () => string) => Array.from({ length: count }, run);

describe('a strategy that ends with errors only', () => {
  it('X14 warns at the third error, once, and check() finds it', async () => {
    const site = open();
    times(2, () => site.logIn(new SomeLoginError()));
    expect(site.warnings()).to.equal(0);
    site.logIn(new SomeLoginError());
    expect(site.warnings()).to.equal(1);
    times(10, () => site.logIn(new SomeLoginError()));
    expect(site.warnings()).to.equal(1);

    const found = (await site.lockout.check()).filter(({ code }) => code === CODE);
    expect(found).to.have.length(1);
    expect(found[0]).to.include({ option: 'isFailure' });
    expect(found[0]?.message).to.match(/^every attempt by "local" .* isFailure: \(\{ action, args: \[error\] \}\) =>/);
  });

  it('X14 locks at the third once isFailure is given as the warning says, and warns no more', () => {
    const site = open({}, { isFailure });
    expect(times(4, () => site.logIn(new SomeLoginError()))).to.deep.equal(['error', 'error', 'fail 429', 'fail 429']);
    expect(site.warnings()).to.equal(0);
  });

  it('X14 locks nobody where a server that verify asks answers 401 to everybody, and warns once', async () => {
    const site = open();
    for (const user of ['alice', 'bob', 'carol']) {
      expect(times(4, () => site.logIn(axiosError(), user))).to.deep.equal(Array(4).fill('error'));
    }
    expect((await site.lockout.list()).items).to.deep.equal([]);
    expect(site.warnings()).to.equal(1);
  });

  it('X14 warns where errors have locked, though nobody has ever succeeded', async () => {
    const site = open();
    const unauthorized = Object.assign(new Error(), { status: 401 });
    expect(times(3, () => site.logIn(unauthorized))).to.deep.equal(['error', 'error', 'fail 429']);
    expect(site.warnings()).to.equal(1);
    times(3, () => site.logIn(unauthorized, 'bob'));
    expect(site.warnings()).to.equal(1);
    expect((await site.lockout.check()).map(({ code }) => code)).to.include(CODE);
  });

  for (const [what, before] of [
    ['somebody has succeeded', USER],
    ['somebody was told wrong by fail', false],
  ] as const) {
    it(`X14 does not warn of errors that lock where ${what}`, () => {
      const site = open();
      site.logIn(before, 'bob');
      times(3, () => site.logIn(Object.assign(new Error(), { status: 401 })));
      expect(site.warnings()).to.equal(0);
    });
  }

  it('X14 warns though others succeed, for nobody is ever told wrong', () => {
    const site = open();
    site.logIn(USER, 'bob');
    times(3, () => site.logIn(new SomeLoginError()));
    expect(site.warnings()).to.equal(1);
  });

  for (const [what, before] of [
    ['by fail', false],
    ['by an error that counts', Object.assign(new Error(), { statusCode: 422 })],
  ] as const) {
    it(`X14 does not warn of errors where somebody was told wrong ${what}`, () => {
      const site = open();
      site.logIn(before, 'bob');
      times(10, () => site.logIn(new SomeLoginError()));
      expect(site.warnings()).to.equal(0);
    });
  }

  it('X14 goes by strategy, though a wrapper is made for each request', () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    for (const name of ['first', 'second', 'first', 'second', 'first']) {
      const inner = Object.assign(
        local((_username: string, _password: string, done: Done) => done(new SomeLoginError())),
        { name },
      );
      drive(withLockout(inner, lockout), from());
    }
    expect(events.of('warning').map(({ message }) => message.slice(0, 24))).to.deep.equal(['every attempt by "first"']);
  });

  it('X14 is told of protect, too, by the name of what it guards', async () => {
    const lockout = new Lockout({ tiers: LIMIT_3.tiers as [] });
    const events = new EventLog(lockout);
    for (let guess = 0; guess < 3; guess += 1) {
      await lockout
        .protect({ username: 'alice', ip: from().ip, strategy: 'otp' }, () => Promise.reject(new SomeLoginError()))
        .catch(() => undefined);
    }
    expect(events.of('warning').map(({ message }) => message.slice(0, 22))).to.deep.equal(['every attempt by "otp"']);
  });
});
