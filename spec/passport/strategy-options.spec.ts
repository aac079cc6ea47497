/** What may differ between strategies that share a lockout: `username`, `ipOnly` and `isFailure`. */
import { expect } from 'chai';
import { Strategy as CustomStrategy } from 'passport-custom';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, LockoutConfigError, type StrategyCall, type StrategyOptions, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { EventLog } from '../support/tools/events.js';

const wrongPassword = () => new LocalStrategy((_username, _password, done) => done(null, false));
const REQUEST = { ip: '203.0.113.9', body: { username: 'alice', password: 'x' } };

describe('The options of one strategy:', () => {
  function counted(lockout: Lockout, strategyOptions: StrategyOptions): readonly object[] {
    const log = new EventLog(lockout);
    drive(withLockout(wrongPassword(), lockout, strategyOptions), { ...REQUEST });
    return log.of('attempt_failed').flatMap(({ subjects }) => subjects.map(({ parts }) => parts));
  }

  it('username overrides that of the lockout', () => {
    const lockout = new Lockout({ username: () => 'from the lockout' });
    const username: StrategyOptions['username'] = ({ req, args }) => `${args[0]} of ${req.ip}`;

    expect(counted(lockout, { username })).to.deep.equal([{ username: 'alice of 203.0.113.9' }, { ip: '203.0.113.9' }]);
    expect(counted(lockout, {})).to.deep.equal([{ username: 'from the lockout' }, { ip: '203.0.113.9' }]);
  });

  it('ipOnly overrides that of the lockout', () => {
    const lockout = new Lockout({ ipOnly: true });

    expect(counted(lockout, { ipOnly: false })).to.deep.equal([{ username: 'alice' }, { ip: '203.0.113.9' }]);
    expect(counted(lockout, {})).to.deep.equal([{ ip: '203.0.113.9' }]);
  });

  it('undefined values leave the option to the lockout', () => {
    const lockout = new Lockout({ username: () => 'from the lockout' });

    expect(counted(lockout, { username: undefined, ipOnly: undefined })).to.deep.include({
      username: 'from the lockout',
    });
  });

  it('isFailure overrides that of the lockout', () => {
    const lockout = new Lockout({ isFailure: () => false });

    expect(counted(lockout, { isFailure: () => true })).to.have.length(2);
    expect(counted(lockout, {})).to.deep.equal([]);
  });

  it('isFailure receives how the strategy ended', () => {
    const outcomes: StrategyCall[] = [];
    const strategy = withLockout(
      wrongPassword(),
      {},
      {
        isFailure: (outcome) => {
          outcomes.push(outcome);
          return undefined;
        },
      },
    );
    drive(strategy, REQUEST);

    expect(outcomes).to.have.length(1);
    expect(outcomes[0]).to.include({ called: 'fail', req: REQUEST });
  });

  for (const { title, isFailure, ends, failures } of [
    {
      title: 'counts an error if it returns true, as for hawk',
      isFailure: ({ called }: StrategyCall) => called === 'error',
      ends: { error: new Error('Bad mac') },
      failures: 1,
    },
    {
      title: 'leaves an error uncounted by default',
      isFailure: () => undefined,
      ends: { error: new Error() },
      failures: 0,
    },
    { title: 'counts a failure by default', isFailure: () => undefined, ends: {}, failures: 1 },
    { title: 'leaves a failure uncounted if it returns false', isFailure: () => false, ends: {}, failures: 0 },
    {
      title: 'counts a success that it declares a failure',
      isFailure: () => true,
      ends: { user: { expired: true } },
      failures: 1,
    },
  ]) {
    it(`isFailure ${title}`, async () => {
      const inner = new CustomStrategy((_req, done) => done('error' in ends ? ends.error : null, ends.user ?? false));
      const lockout = new Lockout();
      const strategy = withLockout(inner, lockout, { username: () => 'alice', isFailure });

      drive(strategy, REQUEST);

      expect(await lockout.status({ username: 'alice' })).to.include({ failures, verifying: 0 });
    });
  }

  it('isFailure that says no to a success forgives nothing else', async () => {
    const lockout = new Lockout();
    drive(withLockout(wrongPassword(), lockout), REQUEST);
    const right = new LocalStrategy((username, _password, done) => done(null, { username }));
    drive(withLockout(right, lockout, { isFailure: () => false }), REQUEST);

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
  });

  it('names meant for another option are rejected', () => {
    expect(() => Reflect.apply(withLockout, undefined, [wrongPassword(), new Lockout(), { tiers: [] }])).to.throw(
      LockoutConfigError,
      'strategy options.tiers',
    );
  });
});
