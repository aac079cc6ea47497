/** Applications whose verify functions say "wrong" by an error, or have one of a server that they ask, over HTTP. */
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, type StrategyOptions, withLockout } from '../../lib/index.js';
import { axiosError } from '../support/fixtures/verdict-errors.js';
import { type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { EventLog } from '../support/tools/events.js';

class SomeLoginError extends Error {}

describe('A verify function that reports wrong passwords by errors', () => {
  let app: LoginApp;
  let lockout: Lockout;
  let events: EventLog;

  afterEach(() => app.close());

  async function start(error: () => Error, options: StrategyOptions = {}): Promise<void> {
    lockout = new Lockout();
    events = new EventLog(lockout);
    const local = new LocalStrategy((username, password, done) =>
      password === 'right' ? done(null, { username }) : done(error()),
    );
    app = await startLoginApp({ strategies: { local: withLockout(local, lockout, options) } });
  }

  /** From ever new addresses, so that none has to pause. */
  async function logIn(passwords: readonly string[], username = 'alice'): Promise<readonly number[]> {
    const statuses = [];
    for (const [index, password] of passwords.entries()) {
      statuses.push((await app.login(username, password, `203.0.113.${index}`)).status);
    }
    return statuses;
  }

  const warnings = () => events.of('warning').filter(({ code }) => code === 'WARN_LOCKOUT_ONLY_ERRORS').length;

  it('X14 without a status causes a warning at the third error, and locks nobody', async () => {
    await start(() => new SomeLoginError());
    expect(await logIn(['1', '2'])).to.deep.equal([500, 500]);
    expect(warnings()).to.equal(0);
    expect(await logIn(['3', '4', 'right'])).to.deep.equal([500, 500, 200]);
    expect(warnings()).to.equal(1);
  });

  it('X14 without a status locks at the third error once isFailure is set as the warning recommends', async () => {
    await start(() => new SomeLoginError(), {
      isFailure: ({ called, args: [error] }) => (called === 'error' && error instanceof SomeLoginError) || undefined,
    });
    expect(await logIn(['1', '2', '3', 'right'])).to.deep.equal([500, 500, 429, 429]);
    expect(warnings()).to.equal(0);
  });

  it('X14 locks nobody and causes one warning if a server answers 401 to everybody', async () => {
    await start(axiosError);
    for (const username of ['alice', 'bob', 'carol', 'dave']) {
      expect(await logIn(['right?', 'right?', 'right?', 'right?'], username)).to.deep.equal([401, 401, 401, 401]);
    }
    expect((await lockout.list()).items).to.deep.equal([]);
    expect(warnings()).to.equal(1);
  });
});
