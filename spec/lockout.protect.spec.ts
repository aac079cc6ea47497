/** `protect` on both kinds of store: what it answers, what it emits, what it counts. */
import { expect } from 'chai';
import { Duration } from 'luxon';
import { LockoutConfigError } from '../lib/index.js';
import { ALICE, describeLockout, right, wrong } from './support/sites/lockout-site.js';

describeLockout((site) => {
  describe('protect()', () => {
    it('returns what verify returned', async () => {
      expect(await site.lockout.protect(ALICE, right)).to.deep.equal({ outcome: 'succeeded', value: 'a session' });
      expect(await site.lockout.protect(ALICE, wrong)).to.deep.equal({ outcome: 'failed', value: false, locked: null });
    });

    it('marks the failure that locks, and refuses the attempts after it', async () => {
      await site.lockout.protect(ALICE, wrong);
      await site.lockout.protect(ALICE, wrong);
      const locked = {
        code: 'ERR_LOCKOUT_LOCKED',
        message: 'Too many failed logins. Try again in 15 minutes.',
        dimension: 'username',
        retryAfter: 900,
      };
      expect(await site.lockout.protect(ALICE, wrong)).to.deep.equal({ outcome: 'failed', value: false, locked });
      expect(await site.lockout.protect(ALICE, right)).to.deep.equal({ outcome: 'refused', locked });
    });

    it('counts what isFailure says', async () => {
      const result = await site.lockout.protect(ALICE, () => ({ ok: false }), {
        isFailure: ({ value }) => !value?.ok,
      });
      expect(result.outcome).to.equal('failed');
    });

    for (const [given, message] of [
      [{ isFailure: 'no' }, 'options.isFailure: expected a function of { value, error }, got "no" (a string)'],
      [{ resetOnSuccess: 0 }, 'options.resetOnSuccess: expected true or false, got 0 (a number)'],
      [{ isfailure: wrong }, 'options.isfailure: there is no such option; did you mean isFailure?'],
    ] as const) {
      it(`F46 throws for ${Object.keys(given)} before anything is verified: ${message}`, async () => {
        let isVerified = false;
        const verify = () => {
          isVerified = true;
        };
        const error = await site.lockout.protect(ALICE, verify, given as object).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(LockoutConfigError);
        expect((error as Error).message).to.equal(message);
        expect(isVerified).to.equal(false);
      });
    }

    it('throws what verify throws, uncounted', async () => {
      const boom = new Error('database down');
      const thrown = await site.lockout.protect(ALICE, () => Promise.reject(boom)).catch((error: unknown) => error);
      expect(thrown).to.equal(boom);
      expect(await site.lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });

    it('reads address, agent, method and path from a request, never its query', async () => {
      const req = {
        ip: '::ffff:203.0.113.9',
        method: 'POST',
        originalUrl: '/login?password=secret',
        headers: { 'user-agent': 'curl/8' },
        body: { password: 'secret' },
      };
      await site.lockout.protect({ req, username: ' Alice ', action: 'otp' }, wrong);
      expect(site.events.of('attempt_failed')[0]?.attempt).to.deep.equal({
        username: 'alice',
        ip: '203.0.113.9',
        address: '203.0.113.9',
        userAgent: 'curl/8',
        method: 'POST',
        path: '/login',
        action: 'otp',
      });
      expect(JSON.stringify(site.events.all)).not.to.include('secret');
    });

    it('counts all malformed usernames as one subject', async () => {
      for (const username of [['alice'], [['alice']], { $ne: null }]) await site.lockout.protect({ username }, wrong);
      expect((await site.lockout.protect({ username: { toString: 'x' } }, right)).outcome).to.equal('refused');
      expect((await site.lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
      expect((await site.lockout.protect({ username: '<malformed>' }, right)).outcome).to.equal('succeeded');
    });

    it('lets an operator free malformed usernames by the name shown for them', async () => {
      for (let index = 0; index < 3; index += 1) await site.lockout.protect({ username: ['alice'] }, wrong);
      const [shown] = (await site.lockout.list()).items;
      expect(shown?.parts).to.deep.equal({ username: '<MALFORMED>' });
      expect(await site.lockout.unblock({ username: '<MALFORMED>' })).to.equal(true);
      expect((await site.lockout.protect({ username: ['alice'] }, right)).outcome).to.equal('succeeded');
    });

    it('throws if a dimension function does not return a string', async () => {
      const tenant = () => ({}) as never;
      site.start({ dimensions: [tenant] });
      const error = await site.lockout.protect(ALICE, right).catch((thrown: unknown) => thrown);
      expect((error as Error).message).to.equal(
        'options.dimensions: expected the function tenant to return a string or undefined, got a value of type object',
      );
    });

    it('verifies uncounted if disabled or skipped', async () => {
      site.start({ enabled: false });
      for (let index = 0; index < 5; index += 1) {
        expect((await site.lockout.protect(ALICE, wrong)).outcome).to.equal('failed');
      }
      site.start({ skip: ({ method }) => method === 'OPTIONS' });
      for (let index = 0; index < 5; index += 1)
        await site.lockout.protect({ ...ALICE, req: { method: 'OPTIONS' } }, wrong);
      expect(site.events.all).to.deep.equal([]);
    });
  });

  it('emits every event of a lock', async () => {
    for (let index = 0; index < 3; index += 1) await site.lockout.protect({ ...ALICE, action: 'local' }, wrong);
    expect(site.events.all.map(({ name }) => name)).to.deep.equal([
      'attempt_failed',
      'attempt_failed',
      'attempt_failed',
      'username_blocked',
      'blocked',
    ]);
    const [blocked] = site.events.of('username_blocked');
    expect(blocked?.remaining?.equals(Duration.fromMillis(900_000))).to.equal(true);
    expect({ ...blocked, remaining: null }).to.deep.equal({
      username: 'alice',
      dimension: 'username',
      parts: { username: 'alice' },
      key: 'username=alice',
      cause: 'tier',
      tier: 0,
      limit: 3,
      failures: 3,
      places: 1,
      consecutiveFailures: 0,
      lockedUntil: new Date(site.clock.read() + 900_000),
      remaining: null,
      reason: null,
      by: null,
      attempt: site.events.of('attempt_failed')[2]?.attempt,
      enforced: true,
      firstToday: true,
    });
    expect(site.events.of('attempt_failed')[1]?.subjects).to.deep.equal([
      { dimension: 'username', parts: { username: 'alice' }, key: 'username=alice', failures: 2, limit: 3 },
      { dimension: 'ip', parts: { ip: '203.0.113.9' }, key: 'ip=203.0.113.9', failures: 2, limit: 30 },
    ]);
  });

  it('refuses because of the longest lock if several hold', async () => {
    await site.lockout.block({ username: 'alice' }, { for: { minutes: 1 } });
    await site.lockout.block({ ip: ALICE.ip }, { for: { hours: 1 } });
    const result = await site.lockout.protect(ALICE, right);
    expect((result as { locked: object }).locked).to.include({ dimension: 'ip', retryAfter: 3600 });
    expect(site.events.of('ip_blocked')[0]).to.include({ ip: ALICE.ip, cause: 'operator' });
    expect(site.events.of('attempt_refused')[0]?.retryAfter).to.equal(3600);
    expect(site.events.of('attempt_refused')[0]?.refusedBy).to.deep.equal({
      dimension: 'ip',
      parts: { ip: ALICE.ip },
      key: 'ip=203.0.113.9',
    });
  });
});
