/** What operators ask of a lockout and do to it, on both kinds of store. */
import { expect } from 'chai';
import { LockoutConfigError } from '../lib/index.js';
import { ALICE, describeLockout, right, wrong } from './support/sites/lockout-site.js';

describeLockout((site) => {
  describe('status()', () => {
    it('returns what is known of an unknown, a failing and a locked subject', async () => {
      expect(await site.lockout.status({ username: 'ALICE' })).to.deep.equal({
        dimension: 'username',
        parts: { username: 'alice' },
        key: 'username=alice',
        locked: false,
        failures: 0,
        places: 0,
        takenBack: 0,
        consecutiveFailures: 0,
        verifying: 0,
        lockedUntil: null,
        remaining: null,
        cause: null,
        tier: null,
        limit: null,
        reason: null,
        by: null,
        firstFailureAt: null,
        lastFailureAt: null,
        attemptsLeft: 3,
      });
      await site.lockout.protect(ALICE, wrong);
      expect(await site.lockout.status({ username: 'alice' })).to.include({
        failures: 1,
        attemptsLeft: 2,
        locked: false,
      });
      await site.lockout.protect(ALICE, wrong);
      await site.lockout.protect(ALICE, wrong);
      const status = await site.lockout.status({ username: 'alice' });
      expect(status).to.deep.include({ failures: 3, attemptsLeft: 0, locked: true, cause: 'tier', tier: 0 });
      expect(status.firstFailureAt?.getTime()).to.equal(site.clock.read());
    });

    const BAD: readonly [string, unknown, RegExp][] = [
      [
        'an empty subject',
        {},
        /^subject: expected the parts of a counted dimension \(username, ip\), got an empty object$/,
      ],
      [
        'an uncounted pair',
        { ip: '1.2.3.4', username: 'a' },
        /^subject: expected the parts .* got an object with ip, username$/,
      ],
      ['an unknown part', { user: 'alice' }, /^subject\.user: expected one of username, ip, got "user"$/],
      ['a wrong address', { ip: '1.2.3' }, /^subject\.ip: expected an IP address, got "1\.2\.3" \(a string\)$/],
      [
        'a blank username',
        { username: '  ' },
        /^subject\.username: expected a username, got an empty or invisible string$/,
      ],
      [
        'a username that is not a string',
        { username: {} },
        /^subject\.username: expected a username, got an empty object$/,
      ],
      ['no object', 'alice', /^subject: expected an object such as .* got a string$/],
    ];
    for (const [name, input, message] of BAD) {
      it(`throws for ${name}`, async () => {
        const error = await site.lockout.status(input as never).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(LockoutConfigError).with.property('code', 'ERR_LOCKOUT_SUBJECT_INVALID');
        expect((error as Error).message).to.match(message);
      });
    }
  });

  describe('block()', () => {
    it('locks by hand, keeps reason and actor, and emits once', async () => {
      const status = await site.lockout.block(
        { username: 'alice' },
        { for: { hours: 1 }, reason: 'ticket 7', by: 'eve' },
      );
      await site.lockout.block({ username: 'alice' }, { for: { hours: 2 }, reason: 'longer' });
      expect(status).to.deep.include({
        locked: true,
        reason: 'ticket 7',
        by: 'eve',
        cause: 'operator',
        tier: null,
        attemptsLeft: 0,
      });
      expect(status.lockedUntil?.getTime()).to.equal(site.clock.read() + 3_600_000);
      expect(site.events.count('username_blocked')).to.equal(1);
      expect(site.events.of('blocked')[0]).to.include({ reason: 'ticket 7', by: 'eve', attempt: null });
      expect((await site.lockout.status({ username: 'alice' })).reason).to.equal('longer');
      expect((await site.lockout.protect(ALICE, right)).outcome).to.equal('refused');
    });

    it('locks until a date', async () => {
      const until = new Date(site.clock.read() + 60_000);
      expect((await site.lockout.block({ ip: ALICE.ip }, { until })).lockedUntil).to.deep.equal(until);
      expect(site.events.count('ip_blocked')).to.equal(1);
    });

    it('locks until a date that is only just ahead, and throws for the present', async () => {
      const soon = new Date(site.clock.read() + 1);
      expect((await site.lockout.block({ ip: ALICE.ip }, { until: soon })).lockedUntil).to.deep.equal(soon);

      const now = new Date(site.clock.read());
      const error = await site.lockout.block({ ip: ALICE.ip }, { until: now }).catch((thrown: unknown) => thrown);
      expect(error)
        .to.have.property('message')
        .that.matches(/options\.until: expected a Date in the future, got/);
    });

    const BAD: readonly [string, unknown, RegExp][] = [
      [
        'both for and until',
        { for: 'forever', until: new Date() },
        /^options: expected either \{ for \} or \{ until \}/,
      ],
      [
        'no options',
        undefined,
        /^options: expected either \{ for \} or \{ until \}, such as \{ for: \{ minutes: 15 \} \}, got undefined$/,
      ],
      ['neither for nor until', {}, /^options: expected either \{ for \} or \{ until \}, .* got an empty object$/],
      ['no time at all', { for: { minutes: 0 } }, /options\.for: expected .* over 0/],
      ['a date that is past', { until: new Date(0) }, /options\.until: expected a Date in the future, got/],
      ['an unknown option', { fro: 'forever' }, /options\.fro: there is no such option; did you mean for\?/],
    ];
    for (const [name, options, message] of BAD) {
      it(`throws for ${name} and locks nothing`, async () => {
        const error = await site.lockout
          .block({ username: 'alice' }, options as never)
          .catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(LockoutConfigError);
        expect((error as Error).message).to.match(message);
        expect((await site.lockout.status({ username: 'alice' })).locked).to.equal(false);
      });
    }
  });

  it('unblock() frees a subject, forgets its failures, and emits only if it was locked', async () => {
    for (let index = 0; index < 3; index += 1) await site.lockout.protect(ALICE, wrong);
    expect(await site.lockout.unblock({ username: 'alice' }, { by: 'eve' })).to.equal(true);
    expect(await site.lockout.unblock({ username: 'alice' })).to.equal(false);
    expect(await site.lockout.unblock({ username: 'nobody' })).to.equal(false);
    expect(site.events.of('unblocked')).to.deep.equal([
      {
        dimension: 'username',
        parts: { username: 'alice' },
        key: 'username=alice',
        failures: 3,
        by: 'eve',
        reason: null,
      },
    ]);
    expect((await site.lockout.status({ username: 'alice' })).attemptsLeft).to.equal(3);
  });

  describe('reset()', () => {
    beforeEach(async () => {
      site.start({ dimensions: ['username', 'ip', ['ip', 'username']] });
      for (let index = 0; index < 3; index += 1) await site.lockout.protect(ALICE, wrong);
      await site.lockout.protect({ username: 'bob', ip: ALICE.ip }, wrong);
    });

    const CASES: readonly [string, object, object, string[]][] = [
      ['a username', { username: 'Alice' }, { reset: 2, unblocked: 2 }, ['ip+username', 'username']],
      ['an address', { ip: ALICE.ip }, { reset: 3, unblocked: 1 }, ['ip+username']],
      ['address and username', ALICE, { reset: 1, unblocked: 1 }, ['ip+username']],
      ['address or username', { ...ALICE, match: 'any' }, { reset: 4, unblocked: 2 }, ['ip+username', 'username']],
      ['an unknown username', { username: 'nobody' }, { reset: 0, unblocked: 0 }, []],
    ];
    for (const [name, query, result, unblocked] of CASES) {
      it(`clears by ${name}`, async () => {
        expect(await site.lockout.reset({ ...query, by: 'eve' })).to.deep.equal(result);
        expect(
          site.events
            .of('unblocked')
            .map(({ dimension }) => dimension)
            .sort(),
        ).to.deep.equal(unblocked);
      });
    }

    it('throws for an empty query instead of clearing everything', async () => {
      const error = await site.lockout.reset({}).catch((thrown: unknown) => thrown);
      expect((error as Error).message).to.equal(
        'query: expected an ip, a username or both, or alone { all: true } for every subject, got an empty object',
      );
    });
  });

  it('list() returns pages, of locked subjects by default', async () => {
    for (const name of ['carol', 'alice', 'bob']) await site.lockout.block({ username: name }, { for: 'forever' });
    await site.lockout.protect({ username: 'dave' }, wrong);
    const first = await site.lockout.list({ limit: 2 });
    expect(first.items.map(({ key }) => key)).to.deep.equal(['username=alice', 'username=bob']);
    const second = await site.lockout.list({ limit: 2, cursor: first.cursor as string });
    expect(second.items.map(({ key }) => key)).to.deep.equal(['username=carol']);
    expect(second.cursor).to.equal(null);
    expect((await site.lockout.list({ locked: false })).items).to.have.length(4);
    expect((await site.lockout.list({ dimension: 'ip', locked: false })).items).to.have.length(0);
    expect((await site.lockout.list({ username: ' Bob ' })).items.map(({ key }) => key)).to.deep.equal([
      'username=bob',
    ]);
    expect((await site.lockout.list({ username: 'dave' })).items).to.have.length(0);
    expect((await site.lockout.list({ ip: '203.0.113.9' })).items).to.have.length(0);
    const error = await site.lockout.list({ limit: 0 }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal('query.limit: expected a whole number from 1 to 1000, got 0 (a number)');
  });
});
