/** Known devices through strategies: a password and then a code, and a program that keeps no cookies. */
import { expect } from 'chai';
import { BasicStrategy } from 'passport-http';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Strategy as TotpStrategy } from 'passport-totp';
import { Lockout, type StrategyLike, withLockout } from '../../../lib/index.js';
import { currentTotp, TOTP_KEY, wrongTotp } from '../../support/fixtures/totp.js';
import { lockByStrangers, SECRET } from '../../support/sites/browser.js';
import { type Done, request } from '../../support/sites/differential.js';
import { drive } from '../../support/sites/drive.js';
import { STORES_BY_TURN } from '../../support/stores/stores-by-turn.js';
import { EventLog } from '../../support/tools/events.js';
import { until } from '../../support/tools/until.js';

const judge: VerifyFunction = (username, password, done) => done(null, password === 'right' && { username });

for (const [storeName, createStore] of STORES_BY_TURN) {
  describe(`A known device of a password strategy and a TOTP strategy, on ${storeName},`, () => {
    let lockout: Lockout;
    let events: EventLog;
    let cookie: string;
    let local: StrategyLike;
    let totp: StrategyLike;
    let basic: StrategyLike;

    beforeEach(() => {
      lockout = new Lockout({ store: createStore(), secret: SECRET, attemptLog: 'off' });
      events = new EventLog(lockout);
      cookie = '';
      local = withLockout(new LocalStrategy(judge), lockout, { resetOnSuccess: false });
      const inner = new TotpStrategy((_user: unknown, done: Done) => done(null, TOTP_KEY, 30));
      totp = withLockout(inner, lockout, {
        username: ({ req }) => (req as { readonly user?: { readonly username: string } }).user?.username,
      });
      basic = withLockout(new BasicStrategy(judge), lockout);
    });

    /** One request of the browser, which keeps what it is given. */
    async function endOf(strategy: StrategyLike, details: object, headers: object = { cookie }): Promise<string> {
      const req = request({ ...details, headers });
      const { actions } = drive(strategy, req);
      await until(() => actions.length > 0);
      const given = lockout.deviceCookie(req);
      if (given !== undefined) cookie = given.split(';')[0] as string;
      const [name, , status] = actions[0] as readonly unknown[];
      return status === 429 ? 'locked' : String(name);
    }

    const password = (text = 'right') => endOf(local, { body: { username: 'alice', password: text } });
    const code = (text = currentTotp()) => endOf(totp, { body: { code: text }, user: { username: 'alice' } });

    it('is trusted at the code, and gets in with both while strangers have locked the name', async () => {
      await password();
      expect(cookie).to.equal('');
      await code();
      expect(cookie).to.not.equal('');
      await lockByStrangers(lockout, 'alice');

      expect([await password(), await code()]).to.deep.equal(['success', 'success']);
      cookie = '';
      expect(await password()).to.equal('locked');
    });

    it('has its wrong codes counted on the second factor, its wrong passwords on itself, and neither at its address', async () => {
      await password();
      await code();
      await password('wrong');
      await code(wrongTotp());

      const { items } = await lockout.list({ locked: false });
      expect(items.map(({ dimension, failures }) => [dimension, failures])).to.have.deep.members([
        ['device+username', 1],
        ['devices+username', 1],
        ['factor+username', 1],
      ]);
    });

    it('is not made of a program that sends its credentials in a header and keeps no cookies', async () => {
      const authorization = `Basic ${Buffer.from('alice:right').toString('base64')}`;
      for (let call = 0; call < 3; call += 1) await endOf(basic, {}, { authorization });

      expect(cookie).to.equal('');
      expect(events.of('attempt_succeeded').map(({ attempt }) => attempt.device)).to.deep.equal(
        Array(3).fill(undefined),
      );
    });

    it('is made of one that sends a cookie as well', async () => {
      const authorization = `Basic ${Buffer.from('alice:right').toString('base64')}`;
      await endOf(basic, {}, { authorization, cookie: 'theme=dark' });

      expect(cookie).to.not.equal('');
    });
  });
}
