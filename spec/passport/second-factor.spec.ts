/** One lockout over password and one-time password: the right password must not forgive wrong codes. */
import { expect } from 'chai';
import { BasicStrategy } from 'passport-http';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Strategy as TotpStrategy } from 'passport-totp';
import { Lockout, LockoutConfigError, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import { currentTotp, TOTP_KEY, wrongTotp } from '../support/fixtures/totp.js';
import { type Done, type Request, request } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

const judge: VerifyFunction = (username, password, done) => done(null, password === 'right' && { username });

const form = (password: string) => request({ body: { username: 'alice', password } });
const basic = (password: string) =>
  request({ headers: { authorization: `Basic ${Buffer.from(`alice:${password}`).toString('base64')}` } });
const code = (token: string) => request({ body: { code: token }, user: { username: 'alice' } });

const HALF: StrategyOptions = { resetOnSuccess: false };
const usernameOfUser: StrategyOptions['username'] = ({ req }) =>
  (req as { readonly user?: { readonly username: string } }).user?.username;

/** The three ways in, under one lockout. */
function wrapAll(lockout: Lockout) {
  const totp = new TotpStrategy((_user: unknown, done: Done) => done(null, TOTP_KEY, 30));
  return {
    local: withLockout(new LocalStrategy(judge), lockout, HALF),
    basic: withLockout(new BasicStrategy(judge), lockout, HALF),
    totp: withLockout(totp, lockout, { username: usernameOfUser }),
  };
}

async function endOf(strategy: StrategyLike, req: Request): Promise<string> {
  const { actions } = drive(strategy, req);
  await until(() => actions.length > 0);
  const [name, , status] = actions[0] as readonly unknown[];
  return status === 429 ? 'locked' : String(name);
}

for (const [storeName, createStore] of STORES_BY_TURN) {
  describe(`One lockout over local, Basic and TOTP, on ${storeName},`, () => {
    let lockout: Lockout;
    let strategies: ReturnType<typeof wrapAll>;

    beforeEach(() => {
      lockout = new Lockout({ dimensions: ['username'], store: createStore() });
      strategies = wrapAll(lockout);
    });

    it('locks a client that guesses codes, even with the right password in between', async () => {
      const ends: string[] = [];
      for (let guesses = 0; guesses < 3; guesses += 1) {
        ends.push(await endOf(strategies.local, form('right')), await endOf(strategies.basic, basic('right')));
        ends.push(await endOf(strategies.totp, code(wrongTotp())));
      }
      const loggedIn = ['success', 'success'];
      expect(ends).to.deep.equal([...loggedIn, 'fail', ...loggedIn, 'fail', ...loggedIn, 'locked']);
      expect(await endOf(strategies.local, form('right'))).to.equal('locked');
      expect(await endOf(strategies.basic, basic('right'))).to.equal('locked');
      expect(await endOf(strategies.totp, code(currentTotp()))).to.equal('locked');
    });

    it('counts wrong passwords and wrong codes together', async () => {
      await endOf(strategies.local, form('wrong'));
      await endOf(strategies.local, form('right'));
      await endOf(strategies.totp, code(wrongTotp()));
      expect(await endOf(strategies.basic, basic('wrong'))).to.equal('locked');
    });

    it('forgives all of them once the right code follows the right password', async () => {
      await endOf(strategies.local, form('wrong'));
      await endOf(strategies.local, form('right'));
      await endOf(strategies.totp, code(wrongTotp()));
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
      await endOf(strategies.totp, code(currentTotp()));
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });

    it('emits the first step as a success, with the failures that remain', async () => {
      const events = new EventLog(lockout);
      await endOf(strategies.local, form('wrong'));
      await endOf(strategies.local, form('right'));
      expect(events.of('attempt_succeeded').map(({ subjects }) => subjects)).to.deep.equal([
        [
          {
            dimension: 'username',
            key: events.of('attempt_failed')[0]?.subjects[0]?.key,
            parts: { username: 'alice' },
            failures: 1,
            limit: 3,
          },
        ],
      ]);
    });

    it('gives back the slots of first steps, so that many parallel ones all pass', async () => {
      const ends = await Promise.all(Array.from({ length: 20 }, () => endOf(strategies.local, form('right'))));
      expect(new Set(ends)).to.deep.equal(new Set(['success']));
      expect((await lockout.status({ username: 'alice' })).verifying).to.equal(0);
    });

    it('keeps the failures for a protected step that is only a first step, too', async () => {
      const attempt = { username: 'alice' };
      await lockout.protect(attempt, () => false);
      const half = await lockout.protect(attempt, () => 'a first step', { resetOnSuccess: false });
      expect(half).to.deep.equal({ outcome: 'succeeded', value: 'a first step' });
      expect(await lockout.status(attempt)).to.include({ failures: 1, verifying: 0 });
      await lockout.protect(attempt, () => 'the second');
      expect(await lockout.status(attempt)).to.include({ failures: 0 });
    });
  });
}

describe('The strategy option resetOnSuccess', () => {
  it('leaves it to the lockout if it is true', async () => {
    const lockout = new Lockout({ resetOnSuccess: false });
    const local = withLockout(new LocalStrategy(judge), lockout, { resetOnSuccess: true });
    drive(local, form('wrong'));
    drive(local, form('right'));
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1 });
  });

  it('is rejected if it is neither true nor false', () => {
    const wrap = () => withLockout(new LocalStrategy(judge), new Lockout(), { resetOnSuccess: 'no' as never });
    expect(wrap).to.throw(LockoutConfigError, 'strategy options.resetOnSuccess: expected true or false');
  });
});
