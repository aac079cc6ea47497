/** The management API, `protect`, monitor mode and lists, on both kinds of store. */
import { expect } from 'chai';
import { Duration } from 'luxon';
import { Lockout, LockoutConfigError, type LockoutOptions, MemoryStore } from '../lib/index.js';
import { ManualClock } from './support/stores/manual-clock.js';
import { SlowStore } from './support/stores/slow-store.js';
import { EventLog } from './support/tools/events.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const wrong = () => false;
const right = () => 'a session';

for (const [what, createStore] of [
  ['the memory store', (clock: ManualClock) => new MemoryStore({ clock: clock.read })],
  ['an asynchronous store', (clock: ManualClock) => new SlowStore({ clock: clock.read })],
] as const) {
  describe(`Lockout on ${what}`, () => {
    let clock: ManualClock;
    let lockout: Lockout;
    let events: EventLog;

    function start(options: LockoutOptions = {}): void {
      clock = new ManualClock();
      lockout = new Lockout({ store: createStore(clock), ...options });
      events = new EventLog(lockout);
    }

    beforeEach(() => start());

    describe('protect', () => {
      it('answers what verify answered', async () => {
        expect(await lockout.protect(ALICE, right)).to.deep.equal({ outcome: 'succeeded', value: 'a session' });
        expect(await lockout.protect(ALICE, wrong)).to.deep.equal({ outcome: 'failed', value: false, locked: null });
      });

      it('tells the failure that locks from those before it, and refuses those after it', async () => {
        await lockout.protect(ALICE, wrong);
        await lockout.protect(ALICE, wrong);
        const locked = {
          code: 'ERR_LOCKOUT_LOCKED',
          message: 'Too many failed logins. Please try again later.',
          dimension: 'username',
          retryAfter: 900,
        };
        expect(await lockout.protect(ALICE, wrong)).to.deep.equal({ outcome: 'failed', value: false, locked });
        expect(await lockout.protect(ALICE, right)).to.deep.equal({ outcome: 'refused', locked });
      });

      it('takes isFailure for what counts', async () => {
        const result = await lockout.protect(ALICE, () => ({ ok: false }), { isFailure: ({ ok }) => !ok });
        expect(result.outcome).to.equal('failed');
      });

      for (const [given, message] of [
        [{ isFailure: 'no' }, 'options.isFailure: expected a function of what verify answers, got "no" (a string)'],
        [{ resetOnSuccess: 0 }, 'options.resetOnSuccess: expected true or false, got 0 (a number)'],
        [{ isfailure: wrong }, 'options.isfailure: there is no such option; did you mean isFailure?'],
      ] as const) {
        it(`F46 refuses ${Object.keys(given)} before anything is verified: ${message}`, async () => {
          let isVerified = false;
          const verify = () => {
            isVerified = true;
          };
          const error = await lockout.protect(ALICE, verify, given as object).catch((thrown: unknown) => thrown);
          expect(error).to.be.instanceOf(LockoutConfigError);
          expect((error as Error).message).to.equal(message);
          expect(isVerified).to.equal(false);
        });
      }

      it('throws what verify throws, uncounted', async () => {
        const boom = new Error('database down');
        const thrown = await lockout.protect(ALICE, () => Promise.reject(boom)).catch((error: unknown) => error);
        expect(thrown).to.equal(boom);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      });

      it('reads address, agent, method and path from a request, never its query', async () => {
        const req = {
          ip: '::ffff:203.0.113.9',
          method: 'POST',
          originalUrl: '/login?password=secret',
          headers: { 'user-agent': 'curl/8' },
          body: { password: 'secret' },
        };
        await lockout.protect({ req, username: ' Alice ', strategy: 'otp' }, wrong);
        expect(events.of('attempt_failed')[0]?.attempt).to.deep.equal({
          username: 'alice',
          ip: '203.0.113.9',
          address: '::ffff:203.0.113.9',
          userAgent: 'curl/8',
          method: 'POST',
          path: '/login',
          strategy: 'otp',
        });
        expect(JSON.stringify(events.all)).not.to.include('secret');
      });

      it('counts all malformed usernames on one subject of their own', async () => {
        for (const username of [['alice'], [['alice']], { $ne: null }]) await lockout.protect({ username }, wrong);
        expect((await lockout.protect({ username: { toString: 'x' } }, right)).outcome).to.equal('refused');
        expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
        expect((await lockout.protect({ username: '<malformed>' }, right)).outcome).to.equal('succeeded');
      });

      it('lets an operator free malformed usernames by the name they are shown with', async () => {
        for (let index = 0; index < 3; index += 1) await lockout.protect({ username: ['alice'] }, wrong);
        const [shown] = (await lockout.list()).items;
        expect(shown?.subject).to.deep.equal({ username: '<MALFORMED>' });
        expect(await lockout.unblock({ username: '<MALFORMED>' })).to.equal(true);
        expect((await lockout.protect({ username: ['alice'] }, right)).outcome).to.equal('succeeded');
      });

      it('throws when a dimension function returns no text', async () => {
        const tenant = () => ({}) as never;
        start({ dimensions: [tenant] });
        const error = await lockout.protect(ALICE, right).catch((thrown: unknown) => thrown);
        expect((error as Error).message).to.equal(
          'options.dimensions: expected the function tenant to return a text or undefined, got a value of type object',
        );
      });

      it('verifies uncounted when disabled or skipped', async () => {
        start({ enabled: false });
        for (let index = 0; index < 5; index += 1) {
          expect((await lockout.protect(ALICE, wrong)).outcome).to.equal('failed');
        }
        start({ skip: ({ method }) => method === 'OPTIONS' });
        for (let index = 0; index < 5; index += 1)
          await lockout.protect({ ...ALICE, req: { method: 'OPTIONS' } }, wrong);
        expect(events.all).to.deep.equal([]);
      });
    });

    it('emits the whole story of a lock', async () => {
      for (let index = 0; index < 3; index += 1) await lockout.protect({ ...ALICE, strategy: 'local' }, wrong);
      expect(events.all.map(({ name }) => name)).to.deep.equal([
        'attempt_failed',
        'attempt_failed',
        'attempt_failed',
        'username_blocked',
        'blocked',
      ]);
      const [blocked] = events.of('username_blocked');
      expect(blocked?.retryAfter?.equals(Duration.fromMillis(900_000))).to.equal(true);
      expect({ ...blocked, retryAfter: null }).to.deep.equal({
        dimension: 'username',
        subject: { username: 'alice' },
        key: 'username=alice',
        tier: 0,
        failures: 3,
        consecutiveFailures: 0,
        lockedUntil: new Date(clock.read() + 900_000),
        retryAfter: null,
        reason: null,
        by: null,
        attempt: events.of('attempt_failed')[2]?.attempt,
        enforced: true,
      });
      expect(events.of('attempt_failed')[1]?.subjects).to.deep.equal([
        { dimension: 'username', subject: { username: 'alice' }, key: 'username=alice', failures: 2 },
        { dimension: 'ip', subject: { ip: '203.0.113.9' }, key: 'ip=203.0.113.9', failures: 2 },
      ]);
    });

    it('refuses because of the longest lock when several hold', async () => {
      await lockout.block({ username: 'alice' }, { for: { minutes: 1 } });
      await lockout.block({ ip: ALICE.ip }, { for: { hours: 1 } });
      const result = await lockout.protect(ALICE, right);
      expect((result as { locked: object }).locked).to.include({ dimension: 'ip', retryAfter: 3600 });
      expect(events.of('attempt_refused')[0]?.by).to.deep.equal({
        dimension: 'ip',
        subject: { ip: ALICE.ip },
        key: 'ip=203.0.113.9',
      });
    });

    describe('status', () => {
      it('tells what is left of an unknown, a failing and a locked subject', async () => {
        expect(await lockout.status({ username: 'ALICE' })).to.deep.equal({
          dimension: 'username',
          subject: { username: 'alice' },
          key: 'username=alice',
          locked: false,
          failures: 0,
          places: 0,
          takenBack: 0,
          consecutiveFailures: 0,
          verifying: 0,
          lockedUntil: null,
          retryAfter: null,
          tier: null,
          reason: null,
          by: null,
          firstFailureAt: null,
          lastFailureAt: null,
          attemptsLeft: 3,
        });
        await lockout.protect(ALICE, wrong);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, attemptsLeft: 2, locked: false });
        await lockout.protect(ALICE, wrong);
        await lockout.protect(ALICE, wrong);
        const status = await lockout.status({ username: 'alice' });
        expect(status).to.deep.include({ failures: 3, attemptsLeft: 0, locked: true, tier: 0 });
        expect(status.firstFailureAt?.getTime()).to.equal(clock.read());
      });

      const BAD: readonly [string, unknown, RegExp][] = [
        ['nothing', {}, /^subject: expected the parts of a counted dimension \(username, ip\), got an empty object$/],
        [
          'an uncounted pair',
          { ip: '1.2.3.4', username: 'a' },
          /^subject: expected the parts .* got an object with ip, username$/,
        ],
        ['an unknown part', { user: 'alice' }, /^subject\.user: expected one of username, ip, got "user"$/],
        ['a wrong address', { ip: '1.2.3' }, /^subject\.ip: expected an IP address, got "1\.2\.3" \(a string\)$/],
        ['a blank username', { username: '  ' }, /^subject\.username: expected a username, got a string that is none$/],
        [
          'a username that is no string',
          { username: {} },
          /^subject\.username: expected a username, got an empty object$/,
        ],
        ['no object', 'alice', /^subject: expected an object such as .* got "alice" \(a string\)$/],
      ];
      for (const [name, input, message] of BAD) {
        it(`refuses ${name}`, async () => {
          const error = await lockout.status(input as never).catch((thrown: unknown) => thrown);
          expect(error).to.be.instanceOf(LockoutConfigError).with.property('code', 'ERR_LOCKOUT_SUBJECT_INVALID');
          expect((error as Error).message).to.match(message);
        });
      }
    });

    describe('block', () => {
      it('locks by hand, keeps reason and actor, and emits once', async () => {
        const status = await lockout.block({ username: 'alice' }, { for: { hours: 1 }, reason: 'ticket 7', by: 'eve' });
        await lockout.block({ username: 'alice' }, { for: { hours: 2 }, reason: 'longer' });
        expect(status).to.deep.include({ locked: true, reason: 'ticket 7', by: 'eve', tier: null, attemptsLeft: 0 });
        expect(status.lockedUntil?.getTime()).to.equal(clock.read() + 3_600_000);
        expect(events.count('username_blocked')).to.equal(1);
        expect(events.of('blocked')[0]).to.include({ reason: 'ticket 7', by: 'eve', attempt: null });
        expect((await lockout.status({ username: 'alice' })).reason).to.equal('longer');
        expect((await lockout.protect(ALICE, right)).outcome).to.equal('refused');
      });

      it('locks until a date', async () => {
        const until = new Date(clock.read() + 60_000);
        expect((await lockout.block({ ip: ALICE.ip }, { until })).lockedUntil).to.deep.equal(until);
        expect(events.count('ip_blocked')).to.equal(1);
      });

      const BAD: readonly [string, unknown, RegExp][] = [
        ['neither for nor until', {}, /options: expected either for or until, got an empty object/],
        ['both', { for: 'forever', until: new Date() }, /options: expected either for or until/],
        ['no time at all', { for: { minutes: 0 } }, /options\.for: expected .* over 0/],
        ['a date that is past', { until: new Date(0) }, /options\.until: expected a Date in the future, got/],
        ['an unknown option', { fro: 'forever' }, /options\.fro: there is no such option; did you mean for\?/],
      ];
      for (const [name, options, message] of BAD) {
        it(`refuses ${name} and locks nothing`, async () => {
          const error = await lockout.block({ username: 'alice' }, options as never).catch((thrown: unknown) => thrown);
          expect(error).to.be.instanceOf(LockoutConfigError);
          expect((error as Error).message).to.match(message);
          expect((await lockout.status({ username: 'alice' })).locked).to.equal(false);
        });
      }
    });

    it('unblock frees a subject, forgets its failures, and emits only for what was locked', async () => {
      for (let index = 0; index < 3; index += 1) await lockout.protect(ALICE, wrong);
      expect(await lockout.unblock({ username: 'alice' }, { by: 'eve' })).to.equal(true);
      expect(await lockout.unblock({ username: 'alice' })).to.equal(false);
      expect(await lockout.unblock({ username: 'nobody' })).to.equal(false);
      expect(events.of('unblocked')).to.deep.equal([
        { dimension: 'username', subject: { username: 'alice' }, key: 'username=alice', failures: 3, by: 'eve' },
      ]);
      expect((await lockout.status({ username: 'alice' })).attemptsLeft).to.equal(3);
    });

    describe('reset', () => {
      beforeEach(async () => {
        start({ dimensions: ['username', 'ip', ['ip', 'username']] });
        for (let index = 0; index < 3; index += 1) await lockout.protect(ALICE, wrong);
        await lockout.protect({ username: 'bob', ip: ALICE.ip }, wrong);
      });

      const CASES: readonly [string, object, object, string[]][] = [
        ['a username', { username: 'Alice' }, { cleared: 2, unblocked: 2 }, ['ip+username', 'username']],
        ['an address', { ip: ALICE.ip }, { cleared: 3, unblocked: 1 }, ['ip+username']],
        ['both', ALICE, { cleared: 1, unblocked: 1 }, ['ip+username']],
        ['either', { ...ALICE, match: 'any' }, { cleared: 4, unblocked: 2 }, ['ip+username', 'username']],
        ['a stranger', { username: 'nobody' }, { cleared: 0, unblocked: 0 }, []],
      ];
      for (const [name, query, result, unblocked] of CASES) {
        it(`clears by ${name}`, async () => {
          expect(await lockout.reset({ ...query, by: 'eve' })).to.deep.equal(result);
          expect(
            events
              .of('unblocked')
              .map(({ dimension }) => dimension)
              .sort(),
          ).to.deep.equal(unblocked);
        });
      }

      it('refuses to clear everything by an empty query', async () => {
        const error = await lockout.reset({}).catch((thrown: unknown) => thrown);
        expect((error as Error).message).to.equal(
          'query: expected an ip, a username or both, or alone { all: true } for every subject, got an empty object',
        );
      });
    });

    it('lists page by page, locked subjects by default', async () => {
      for (const name of ['carol', 'alice', 'bob']) await lockout.block({ username: name }, { for: 'forever' });
      await lockout.protect({ username: 'dave' }, wrong);
      const first = await lockout.list({ limit: 2 });
      expect(first.items.map(({ key }) => key)).to.deep.equal(['username=alice', 'username=bob']);
      const second = await lockout.list({ limit: 2, cursor: first.cursor as string });
      expect(second.items.map(({ key }) => key)).to.deep.equal(['username=carol']);
      expect(second.cursor).to.equal(null);
      expect((await lockout.list({ locked: false })).items).to.have.length(4);
      expect((await lockout.list({ dimension: 'ip', locked: false })).items).to.have.length(0);
      expect((await lockout.list({ username: ' Bob ' })).items.map(({ key }) => key)).to.deep.equal(['username=bob']);
      expect((await lockout.list({ username: 'dave' })).items).to.have.length(0);
      expect((await lockout.list({ ip: '203.0.113.9' })).items).to.have.length(0);
      const error = await lockout.list({ limit: 0 }).catch((thrown: unknown) => thrown);
      expect((error as Error).message).to.equal(
        'query.limit: expected a whole number from 1 to 1000, got 0 (a number)',
      );
    });

    it("counts and emits but refuses nobody in mode 'monitor'", async () => {
      start({ mode: 'monitor' });
      const outcomes = [];
      for (let index = 0; index < 5; index += 1) outcomes.push((await lockout.protect(ALICE, wrong)).outcome);
      expect(outcomes).to.deep.equal(Array(5).fill('failed'));
      expect(events.of('username_blocked').map(({ enforced }) => enforced)).to.deep.equal([false]);
      expect(events.of('attempt_refused').map(({ enforced }) => enforced)).to.deep.equal([false, false]);
      expect((await lockout.status({ username: 'alice' })).failures).to.equal(3);
    });

    it("never makes anybody wait in mode 'monitor'", async () => {
      start({ mode: 'monitor', dimensions: ['username'] });
      const open: ((value: boolean) => void)[] = [];
      const results = Array.from({ length: 10 }, () =>
        lockout.protect(ALICE, () => new Promise<boolean>((resolve) => open.push(resolve))),
      );
      while (open.length < 10) await new Promise((resolve) => setImmediate(resolve));
      for (const answer of open) answer(true);
      expect((await Promise.all(results)).every(({ outcome }) => outcome === 'succeeded')).to.equal(true);
    });

    it('neither counts nor refuses whom allow names, unless deny names him, too', async () => {
      start({ allow: { ips: ['203.0.113.0/24'], usernames: ['Root'] }, deny: { usernames: ['mallory'] } });
      for (let index = 0; index < 5; index += 1) {
        expect((await lockout.protect(ALICE, wrong)).outcome).to.equal('failed');
        expect((await lockout.protect({ username: 'ROOT', ip: '198.51.100.1' }, wrong)).outcome).to.equal('failed');
      }
      expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
      expect(await lockout.protect({ username: ' Mallory', ip: ALICE.ip }, right)).to.deep.equal({
        outcome: 'refused',
        locked: {
          code: 'ERR_LOCKOUT_DENIED',
          message: 'Too many failed logins. Please try again later.',
          dimension: undefined,
          retryAfter: null,
        },
      });
      expect(events.of('attempt_refused').map(({ reason }) => reason)).to.deep.equal(['denied']);
    });

    it('stores no clear value when pseudonymized, and still finds everybody', async () => {
      start({
        pseudonymize: 'a secret of more than thirty-two characters',
        dimensions: ['username', ['ip', 'username']],
      });
      for (let index = 0; index < 3; index += 1) await lockout.protect(ALICE, wrong);
      const { items } = await lockout.list();
      expect(items).to.have.length(2);
      expect(JSON.stringify(items)).not.to.match(/alice|203\.0\.113/);
      expect((await lockout.status({ username: 'Alice' })).locked).to.equal(true);
      expect(events.of('username_blocked')[0]?.subject).to.deep.equal({ username: 'alice' });
      expect(await lockout.reset({ username: 'alice' })).to.deep.equal({ cleared: 2, unblocked: 2 });
    });

    it('takes a ladder by attempt and dimension from a function', async () => {
      const strict = [{ failures: 1, cooloff: { hours: 1 } }];
      const usual = [{ failures: 50, cooloff: { minutes: 1 } }];
      start({ tiers: ({ username }, dimension) => (username === 'root' && dimension === 'username' ? strict : usual) });
      expect((await lockout.protect({ username: 'root' }, wrong)).outcome).to.equal('failed');
      expect((await lockout.protect({ username: 'root' }, right)).outcome).to.equal('refused');
      expect((await lockout.status({ username: 'alice' })).attemptsLeft).to.equal(50);
    });
  });
}

describe('the default store', () => {
  it('is a memory store of its own', async () => {
    const first = new Lockout();
    await first.block({ username: 'alice' }, { for: 'forever' });
    expect((await new Lockout().status({ username: 'alice' })).locked).to.equal(false);
  });

  it('is warned of once in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const events = new EventLog(new Lockout());
      const silent = new EventLog(new Lockout({ store: new MemoryStore() }));
      await new Promise((resolve) => setImmediate(resolve));
      expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_MEMORY_STORE']);
      expect(silent.all).to.deep.equal([]);
    } finally {
      if (before === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = before;
    }
  });
});
