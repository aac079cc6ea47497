/** What operators remove: everything, old log entries, one person, and what no longer matters. */
import { expect } from 'chai';
import {
  Lockout,
  LockoutConfigError,
  type LockoutOptions,
  type LockoutStore,
  LockoutStoreError,
} from '../../lib/index.js';
import { pending } from '../support/fixtures/attempt-entries.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const ADDRESS = '203.0.113.9';
const PAIRS: LockoutOptions = { dimensions: ['username', 'ip', ['ip', 'username']] };
const wrong = () => false;

describeOnEachStore('Lockout', ({ fresh, isLogCapped }) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let lockout: Lockout;
  let events: EventLog;

  async function start(options: LockoutOptions = {}): Promise<void> {
    clock = new ManualClock();
    store = await fresh(clock.read);
    lockout = new Lockout({ ...PATIENT, store, attemptLog: 'await', ...PAIRS, ...options });
    events = new EventLog(lockout);
  }

  beforeEach(() => start());
  afterEach(() => lockout.close());

  async function fail(username: string, times = 1, ip = ADDRESS): Promise<void> {
    for (let index = 0; index < times; index += 1) await lockout.protect({ username, ip }, wrong);
  }

  const stored = async () => {
    const query = { dimension: undefined, lockedOnly: false, withExpired: true, cursor: null, limit: 100 };
    return (await store.list({ ...query, order: 'key' })).records.map(({ key }) => key);
  };
  const logged = async () => (await lockout.attempts()).items.map(({ username }) => username);

  describe('reset({ all: true })', () => {
    it('clears every subject, and emits which ones were locked and who freed them', async () => {
      await fail('alice', 3);
      await fail('bob', 1, '192.0.2.1');

      expect(await lockout.reset({ all: true, by: 'carol' })).to.deep.equal({ reset: 6, unblocked: 2 });

      expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
      expect(events.of('unblocked').map(({ key, by }) => [key, by])).to.have.deep.members([
        ['username=alice', 'carol'],
        ['ip=203.0.113.9&username=alice', 'carol'],
      ]);
      expect((await lockout.protect({ username: 'alice', ip: ADDRESS }, () => true)).outcome).to.equal('succeeded');
    });

    it('keeps the slots of attempts being verified, so that the limit still holds', async () => {
      await start({ dimensions: ['username'] });
      const answers: ((isRight: boolean) => void)[] = [];
      const guess = () => new Promise<boolean>((resolve) => answers.push(resolve));
      const open = [0, 1].map(() => lockout.protect({ username: 'alice' }, guess));
      while (answers.length < 2) await new Promise(setImmediate);

      await lockout.reset({ all: true });
      expect((await lockout.status({ username: 'alice' })).verifying).to.equal(2);
      for (const answer of answers) answer(false);
      await Promise.all(open);

      expect((await lockout.status({ username: 'alice' })).attemptsLeft).to.equal(1);
    });

    it('returns 0 if there is nothing', async () => {
      expect(await lockout.reset({ all: true })).to.deep.equal({ reset: 0, unblocked: 0 });
    });

    it('does nothing once its signal is aborted', async () => {
      await fail('alice');
      expect((await lockout.reset({ all: true, signal: AbortSignal.abort() })).reset).to.equal(0);
      expect(await stored()).to.have.length(3);
    });

    const BAD: readonly [string, object][] = [
      ['all together with a name', { all: true, username: 'alice' }],
      ['all together with an address', { all: true, ip: ADDRESS }],
      ['all together with match', { all: true, match: 'any' }],
      ['all: false', { all: false }],
      ['an empty query', {}],
    ];
    for (const [title, query] of BAD) {
      it(`rejects ${title}, and clears nothing`, async () => {
        await fail('alice');
        const error = await lockout.reset(query).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(LockoutConfigError);
        expect(await stored()).to.have.length(3);
      });
    }
  });

  describe('removeAttempts()', () => {
    beforeEach(async () => {
      await fail('old');
      clock.advance({ days: 10 });
      await lockout.protect({ username: 'young', ip: ADDRESS }, () => true);
      await fail('younger');
      clock.advance({ days: 2 });
    });

    it('removes entries older than the given age', async () => {
      expect(await lockout.removeAttempts({ olderThan: { days: 5 } })).to.equal(1);
      expect(await logged()).to.deep.equal(['younger', 'young']);
      expect(await lockout.removeAttempts({ olderThan: { days: 5 } })).to.equal(0);
    });

    it('removes only entries of the given outcome', async () => {
      expect(await lockout.removeAttempts({ olderThan: 'P1D', outcome: 'failed' })).to.equal(2);
      expect(await logged()).to.deep.equal(['young']);
    });

    it('removes the whole log, and no subject', async () => {
      await fail('youngest');
      expect(await lockout.removeAttempts({ all: true })).to.equal(4);
      expect(await logged()).to.deep.equal([]);
      expect((await lockout.status({ username: 'youngest' })).failures).to.equal(1);
    });

    const BAD: readonly [string, object, RegExp][] = [
      [
        'an empty query',
        {},
        /^query: expected either olderThan or, for the whole log, \{ all: true \}, got an empty object$/,
      ],
      ['all together with olderThan', { all: true, olderThan: 'P1D' }, /^query: expected either olderThan or/],
      ['an invalid age', { olderThan: 30 }, /^query\.olderThan: expected .* from 0, got 30 \(a number\)$/],
      ['an unknown outcome', { all: true, outcome: 'wrong' }, /^query\.outcome: expected 'failed'/],
      ['an unknown option', { older: 'P1D' }, /^query\.older: there is no such option/],
    ];
    for (const [title, query, message] of BAD) {
      it(`rejects ${title}, and removes nothing`, async () => {
        const error = await lockout.removeAttempts(query).catch((thrown: unknown) => thrown);
        expect((error as Error).message).to.match(message);
        expect(await logged()).to.have.length(3);
      });
    }
  });

  describe('removeAttempts() of many entries', () => {
    const ROWS = 2_500;
    beforeEach(async () => {
      const rows = Array.from({ length: ROWS }, (_, ageMs) => pending({}, ageMs));
      await store.attemptLog?.append(rows, 86_400_000);
    });

    it('works in batches and reports its progress', async () => {
      const progress: number[] = [];
      expect(await lockout.removeAttempts({ all: true, onProgress: (done) => progress.push(done) })).to.equal(ROWS);
      expect(progress).to.deep.equal([1_000, 2_000, ROWS]);
    });

    it('stops after a batch when it is aborted, returns how many were removed, and continues with the next call', async () => {
      const { signal, abort } = abortable();
      expect(await lockout.removeAttempts({ all: true, signal, onProgress: abort })).to.equal(1_000);
      expect(await lockout.removeAttempts({ all: true })).to.equal(ROWS - 1_000);
    });
  });

  describe('erase()', () => {
    it('removes all data of one user, combinations and log entries included, and none of others', async () => {
      await fail('alice', 3);
      await fail('bob');
      await lockout.recordLogout({ ip: ADDRESS }, { username: 'alice' });

      expect(await lockout.erase({ username: ' Alice ', by: 'carol' })).to.deep.equal({ subjects: 2, attempts: 4 });

      expect(await stored()).to.deep.equal([`ip=${ADDRESS}`, `ip=${ADDRESS}&username=bob`, 'username=bob']);
      expect(await logged()).to.deep.equal(['bob']);
      expect(events.of('unblocked').map(({ by }) => by)).to.deep.equal(['carol', 'carol']);
      expect(await lockout.erase({ username: 'alice' })).to.deep.equal({ subjects: 0, attempts: 0 });
    });

    it('removes all data of a user who was freed before', async () => {
      await fail('alice', 3);
      await lockout.reset({ username: 'alice' });
      await lockout.erase({ username: 'alice' });
      expect(await stored()).to.deep.equal([`ip=${ADDRESS}`]);
    });

    it('finds users under their pseudonyms', async () => {
      await start({ pseudonymize: 'a secret of more than thirty-two characters' });
      await fail('alice');
      expect(await lockout.erase({ username: 'ALICE' })).to.deep.equal({ subjects: 2, attempts: 1 });
      expect(await stored()).to.have.length(1);
    });

    for (const username of ['x'.repeat(300), 'forged\nline', '$ne', 'ip=203.0.113.9', '{"$gt":""}']) {
      it(`finds ${JSON.stringify(username).slice(0, 20)} and no other user`, async () => {
        await fail('alice');
        await fail(username);
        expect(await lockout.erase({ username })).to.deep.equal({ subjects: 2, attempts: 1 });
        expect(await logged()).to.deep.equal(['alice']);
      });
    }

    it('includes what is still waiting to be written', async () => {
      await start({ attemptLog: 'background' });
      await fail('alice');
      expect((await lockout.erase({ username: 'alice' })).attempts).to.equal(1);
      await lockout.close();
      expect(await logged()).to.deep.equal([]);
    });

    it('works even if usernames are not counted', async () => {
      await start({ dimensions: ['ip'] });
      await fail('alice');
      expect(await lockout.erase({ username: 'alice' })).to.deep.equal({ subjects: 0, attempts: 1 });
    });

    it('keeps the slots of attempts being verified, so that no more guesses are verified than the limit', async () => {
      await start({ dimensions: ['username'] });
      const answers: ((isRight: boolean) => void)[] = [];
      const guess = () => new Promise<boolean>((resolve) => answers.push(resolve));
      const open = [0, 1].map(() => lockout.protect({ username: 'alice' }, guess));
      while (answers.length < 2) await new Promise(setImmediate);

      await lockout.erase({ username: 'alice' });
      for (const answer of answers) answer(false);
      await Promise.all(open);

      expect((await lockout.protect({ username: 'alice' }, wrong)).outcome).to.equal('failed');
      expect((await lockout.protect({ username: 'alice' }, wrong)).outcome).to.equal('refused');
    });

    it('allows no more guesses than twice the limit when it comes between them', async () => {
      await start({ dimensions: ['username'], busyTimeout: { seconds: 30 } });
      let verified = 0;
      const verify = () => {
        verified += 1;
        return false;
      };
      const guesses = Array.from({ length: 40 }, () => lockout.protect({ username: 'alice' }, verify));
      await lockout.erase({ username: 'alice' });
      await Promise.all(guesses);
      expect(verified).to.be.within(3, 6);
    });

    for (const query of [{}, { username: '' }, { username: { $ne: null } }]) {
      it(`rejects ${JSON.stringify(query)}`, async () => {
        await fail('alice');
        const error = await lockout.erase(query as never).catch((thrown: unknown) => thrown);
        expect((error as Error).message).to.match(/^query\.username: expected a string/);
        expect(await stored()).to.have.length(3);
      });
    }
  });

  describe('cleanup()', () => {
    it('removes what has expired, and nothing that matters', async () => {
      await start({ attemptLogRetention: { hours: 1 }, forgetAfter: { hours: 24 } });
      await fail('gone');
      clock.advance({ hours: 23 });
      await fail('alice', 3, '192.0.2.1');
      clock.advance({ hours: 1 });

      const { attempts, subjects } = await lockout.cleanup();

      // A store may have removed some of them by itself.
      expect(attempts).to.be.within(1, 4);
      expect(subjects).to.be.within(0, 3);
      expect(await stored()).to.deep.equal(['ip=192.0.2.1', 'ip=192.0.2.1&username=alice', 'username=alice']);
      expect(await lockout.cleanup()).to.deep.equal({ attempts: 0, subjects: 0 });
      expect(events.count('unblocked')).to.equal(0);
    });
  });

  const keepsNewest = async () => {
    // Few refusals, so that each has an entry of its own.
    await start({ attemptLogPerUsername: 10, tiers: [{ failures: 25, cooloff: 'forever' }] });
    for (let index = 0; index < 3; index += 1) await lockout.protect({ username: 'alice', ip: ADDRESS }, () => true);
    for (let index = 0; index < 30; index += 1) {
      clock.advance({ seconds: 1 });
      await fail('alice', 1, `192.0.2.${index}`);
    }
    await fail('bob');
    await lockout.close();

    const { items } = await lockout.attempts({ username: 'alice' });
    expect(items.filter(({ outcome }) => outcome === 'succeeded')).to.have.length(3);
    expect(items.slice(0, -3).map(({ ip }) => ip)).to.deep.equal(
      Array.from({ length: 10 }, (_, index) => `192.0.2.${29 - index}`),
    );
    expect((await lockout.attempts({ username: 'bob' })).items).to.have.length(1);
  };
  if (!isLogCapped)
    it('keeps the newest attemptLogPerUsername failures and refusals of a username, and all successes', keepsNewest);
});

describe('Removal on a store without a log, or on a failing one', () => {
  it('rejects removeAttempts, and erases and cleans up what exists', async () => {
    const lockout = new Lockout({ store: new SlowStore() });
    await lockout.protect({ username: 'alice' }, wrong);

    const error = await lockout.removeAttempts({ all: true }).catch((thrown: unknown) => thrown);

    expect((error as Error).message).to.equal(
      'removeAttempts(): expected a store with an attempt log, got one without',
    );
    expect(await lockout.erase({ username: 'alice' })).to.deep.equal({ subjects: 1, attempts: 0 });
    expect(await lockout.cleanup()).to.deep.equal({ subjects: 0, attempts: 0 });
  });

  it('rejects with the error of the store', async () => {
    const store = new SlowStore();
    const lockout = new Lockout({ store });
    await lockout.protect({ username: 'alice' }, wrong);
    store.failing = { reset: 'reject', erase: 'throw' };
    const asked = [lockout.reset({ all: true }), lockout.erase({ username: 'alice' })];
    for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
      expect(reason).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_FAILED');
    }
  });
});

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
