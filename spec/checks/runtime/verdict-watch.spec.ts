/** Strategies that only end with errors: which warning is emitted, when, and how often. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type StrategyOptions, withLockout } from '../../../lib/index.js';
import { axiosError } from '../../support/fixtures/verdict-errors.js';
import { drive } from '../../support/sites/drive.js';
import { type Done, LIMIT_3, local, request, USER } from '../../support/sites/guarded.js';
import { EventLog } from '../../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_ONLY_ERRORS';

class SomeLoginError extends Error {}

/** As the warning recommends. */
const isFailure: StrategyOptions['isFailure'] = ({ called, args: [error] }) =>
  called === 'error' && error instanceof SomeLoginError;

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

describe('A strategy that only ever ends with errors', () => {
  it('X14 causes one warning at the third error, and check() reports it', async () => {
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
    expect(found[0]?.message).to.match(
      /^attempts by "local" end in errors .* isFailure: \(\{ called, args: \[error\] \}\) =>/,
    );
  });

  it('X14 locks at the third error once isFailure is set as the warning recommends, and causes no more warnings', () => {
    const site = open({}, { isFailure });
    expect(times(4, () => site.logIn(new SomeLoginError()))).to.deep.equal(['error', 'error', 'fail 429', 'fail 429']);
    expect(site.warnings()).to.equal(0);
  });

  it('X14 locks nobody and causes one warning if the server behind verify answers 401 to everybody', async () => {
    const site = open();
    for (const user of ['alice', 'bob', 'carol']) {
      expect(times(4, () => site.logIn(axiosError(), user))).to.deep.equal(Array(4).fill('error'));
    }
    expect((await site.lockout.list()).items).to.deep.equal([]);
    expect(site.warnings()).to.equal(1);
  });

  const unauthorized = () => Object.assign(new Error(), { status: 401 });
  const lockOut = (site: Site, ...users: readonly string[]) => {
    for (const user of users) times(3, () => site.logIn(unauthorized(), user));
  };

  it('X14 causes one warning if errors have locked three names in a row without a success in between', async () => {
    const site = open();
    expect(times(3, () => site.logIn(unauthorized()))).to.deep.equal(['error', 'error', 'fail 429']);
    lockOut(site, 'bob');
    expect(site.warnings()).to.equal(0);
    lockOut(site, 'carol');
    expect(site.warnings()).to.equal(1);
    lockOut(site, 'dave', 'erin', 'frank');
    expect(site.warnings()).to.equal(1);
    const messages = (await site.lockout.check()).filter(({ code }) => code === CODE).map(({ message }) => message);
    expect(messages).to.have.length(1);
    expect(messages[0]).to.match(
      /^errors of "local" have locked several names in a row, and nobody has succeeded in between/,
    );
  });

  it('X14 causes a warning about errors that lock even if a success is long ago and other names fail by fail', () => {
    const site = open();
    site.logIn(USER, 'zoe');
    for (const user of ['alice', 'bob', 'carol']) {
      lockOut(site, user);
      site.logIn(false, `not-${user}`);
    }
    expect(site.warnings()).to.equal(1);
  });

  it('X14 causes no warning if one user is locked over and over, or if somebody succeeds in between', async () => {
    const site = open();
    for (let lock = 0; lock < 6; lock += 1) {
      lockOut(site, 'alice');
      await site.lockout.unblock({ username: 'alice' });
    }
    for (const user of ['bob', 'carol', 'dave', 'erin']) {
      site.logIn(USER, 'zoe');
      lockOut(site, user);
    }
    expect(site.warnings()).to.equal(0);
  });

  it('X14 causes a warning about addresses locked by errors if names are not counted', () => {
    const lockout = new Lockout({ ...LIMIT_3, dimensions: ['ip'] });
    const events = new EventLog(lockout);
    const strategy = withLockout(
      local((_username: string, _password: string, done: Done) => done(unauthorized())),
      lockout,
      { ipOnly: true },
    );
    for (const ip of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      expect(events.count('warning')).to.equal(0);
      times(3, () => String(drive(strategy, { ...request(), ip }).actions[0]?.[0]));
    }
    expect(events.of('warning').map(({ code }) => code)).to.deep.equal([CODE]);
  });

  it('X14 causes no warning about errors that lock if the application has set isFailure', () => {
    const site = open({}, { isFailure });
    for (const user of ['alice', 'bob', 'carol', 'dave']) times(3, () => site.logIn(new SomeLoginError(), user));
    expect(site.warnings()).to.equal(0);
  });

  it('X14 causes a warning even if other users succeed, since no attempt is ever judged wrong', () => {
    const site = open();
    site.logIn(USER, 'bob');
    times(3, () => site.logIn(new SomeLoginError()));
    expect(site.warnings()).to.equal(1);
  });

  for (const [what, before] of [
    ['by fail', false],
    ['by an error that counts', Object.assign(new Error(), { statusCode: 422 })],
  ] as const) {
    it(`X14 causes a warning after errors of three names in a row, not of one, if an attempt was judged wrong ${what} before`, () => {
      const site = open();
      site.logIn(before, 'zoe');
      times(10, () => site.logIn(new SomeLoginError()));
      site.logIn(new SomeLoginError(), 'bob');
      expect(site.warnings()).to.equal(0);
      site.logIn(new SomeLoginError(), 'carol');
      expect(site.warnings()).to.equal(1);
    });

    for (const [between, answer] of [
      ['succeeds', USER],
      ['is judged wrong', before],
    ] as const) {
      it(`X14 causes no warning if an attempt was judged wrong ${what} before and somebody ${between} in between`, () => {
        const site = open();
        site.logIn(before, 'zoe');
        for (const user of ['alice', 'bob', 'carol', 'dave', 'erin']) {
          site.logIn(new SomeLoginError(), user);
          site.logIn(answer, `not-${user}`);
        }
        expect(site.warnings()).to.equal(0);
      });
    }
  }

  it('X14 causes a warning even if another strategy of the same name works', () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    const failing = withLockout(
      local((_username: string, _password: string, done: Done) => done(unauthorized())),
      lockout,
    );
    const good = withLockout(
      local((_username: string, _password: string, done: Done) => done(null, USER)),
      lockout,
    );
    for (const username of ['alice', 'bob', 'carol']) {
      for (let guess = 0; guess < 3; guess += 1) {
        drive(failing, { ...from(), body: { username, password: 'x' } });
        drive(good, { ...from(), body: { username: 'zoe', password: 'x' } });
      }
    }
    expect(events.of('warning').map(({ code }) => code)).to.deep.equal([CODE]);
  });

  it('X14 causes a warning about errors that lock even if a wrapper is made for each request', () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    const inner = local((_username: string, _password: string, done: Done) => done(unauthorized()));
    for (const username of ['alice', 'bob', 'carol']) {
      expect(events.count('warning')).to.equal(0);
      times(3, () => String(drive(withLockout(inner, lockout), { ...from(), body: { username, password: 'x' } })));
    }
    expect(events.of('warning').map(({ code }) => code)).to.deep.equal([CODE]);
  });

  it('X14 is recognized by its name if a wrapper is made for each request', () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    for (const name of ['first', 'second', 'first', 'second', 'first']) {
      const inner = Object.assign(
        local((_username: string, _password: string, done: Done) => done(new SomeLoginError())),
        { name },
      );
      drive(withLockout(inner, lockout), from());
    }
    expect(events.of('warning').map(({ message }) => message.slice(0, 19))).to.deep.equal(['attempts by "first"']);
  });

  it('X14 may also be a protected action, which the warning then names', async () => {
    const lockout = new Lockout({ tiers: LIMIT_3.tiers as [] });
    const events = new EventLog(lockout);
    for (let guess = 0; guess < 3; guess += 1) {
      await lockout
        .protect({ username: 'alice', ip: from().ip, action: 'otp' }, () => Promise.reject(new SomeLoginError()))
        .catch(() => undefined);
    }
    expect(events.of('warning').map(({ message }) => message.slice(0, 17))).to.deep.equal(['attempts by "otp"']);
  });
});
