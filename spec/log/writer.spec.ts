/** The queue between logins and the access log. */
import { expect } from 'chai';
import sinon from 'sinon';
import { GuardedStore } from '../../lib/attempt/guarded-store.js';
import type { LockoutStoreError } from '../../lib/errors.js';
import type { WarningEvent } from '../../lib/events/types.js';
import { Audit } from '../../lib/log/writer.js';
import { entryWith } from '../support/fixtures/attempt-entries.js';
import { FakeAttemptLog } from '../support/stores/fake-attempt-log.js';

const STORE_TIMEOUT_MS = 2_000;
const RETENTION_MS = 60_000;
const MAX_QUEUED = 10_000;

describe('the access log queue', () => {
  let timers: sinon.SinonFakeTimers;
  let log: FakeAttemptLog;
  let warnings: WarningEvent[];
  let storeErrors: LockoutStoreError[];
  let onWarning: () => void;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    log = new FakeAttemptLog();
    warnings = [];
    storeErrors = [];
    onWarning = () => {};
  });
  afterEach(() => timers.restore());

  function createAudit({
    mode = 'background',
    isLocal = false,
    maxPerUsername = Number.POSITIVE_INFINITY,
  }: {
    mode?: 'background' | 'await';
    isLocal?: boolean;
    maxPerUsername?: number;
  }) {
    const store = new GuardedStore(log.store(isLocal), STORE_TIMEOUT_MS, (_operation, error) =>
      storeErrors.push(error),
    );
    const warn = (warning: WarningEvent) => {
      warnings.push(warning);
      onWarning();
    };
    return new Audit({ store, log, mode, retentionMs: RETENTION_MS, maxPerUsername, warn });
  }

  function record(audit: Audit, ...names: readonly string[]): void {
    for (const username of names) void audit.record(entryWith({ username }));
  }

  function recordMany(audit: Audit, count: number): void {
    for (let index = 0; index < count; index += 1) void audit.record(entryWith({ username: `user-${index}` }));
  }

  /** An answer that stays out until it is called. */
  function holdAnswers(): () => void {
    const resolvers: (() => void)[] = [];
    log.answer = () => new Promise((resolve) => resolvers.push(resolve));
    return () => {
      for (const resolve of resolvers.splice(0)) resolve();
    };
  }

  describe("in the background ('background')", () => {
    it('answers in the same turn, before anything is written', () => {
      const audit = createAudit({});

      expect(audit.record(entryWith())).to.equal(undefined);
      expect(log.batches).to.deep.equal([]);
    });

    it('writes what came within 100 ms as one batch, in order, with the retention', async () => {
      const audit = createAudit({});
      record(audit, 'alice');
      await timers.tickAsync(60);
      record(audit, 'bob');

      await timers.tickAsync(39);
      expect(log.sizes).to.deep.equal([]);
      await timers.tickAsync(1);

      expect(log.sizes).to.deep.equal([2]);
      expect(log.usernames).to.deep.equal(['alice', 'bob']);
      expect(log.retentions).to.deep.equal([RETENTION_MS]);
    });

    it('tells how long ago each attempt was when it is written', async () => {
      const audit = createAudit({});
      record(audit, 'alice');
      await timers.tickAsync(60);
      record(audit, 'bob');
      await timers.tickAsync(40);

      expect(log.batches[0]?.map(({ ageMs }) => ageMs)).to.deep.equal([100, 40]);
    });

    it('collects anew after a batch', async () => {
      const audit = createAudit({});
      record(audit, 'alice');
      await timers.tickAsync(1_000);
      record(audit, 'bob');
      await timers.tickAsync(1_000);

      expect(log.sizes).to.deep.equal([1, 1]);
    });

    it('sends batches of at most 500', async () => {
      const audit = createAudit({});
      recordMany(audit, 1_201);
      await timers.tickAsync(100);

      expect(log.sizes).to.deep.equal([500, 500, 201]);
    });

    it('has one batch under way at a time, so that a slow store is not flooded', async () => {
      const audit = createAudit({});
      const answer = holdAnswers();
      recordMany(audit, 600);
      await timers.tickAsync(100);
      recordMany(audit, 600);
      await timers.tickAsync(1_000);
      expect(log.sizes).to.deep.equal([500]);

      answer();
      await timers.tickAsync(0);
      expect(log.sizes).to.deep.equal([500, 500]);
      answer();
      await timers.tickAsync(0);
      expect(log.sizes).to.deep.equal([500, 500, 200]);
    });

    it('F43 drops what comes while 10,000 are queued, and reports once how many were lost', async () => {
      const audit = createAudit({});
      recordMany(audit, MAX_QUEUED + 7);
      await timers.tickAsync(100);

      expect(log.usernames).to.have.length(MAX_QUEUED);
      expect(log.usernames.at(-1)).to.equal(`user-${MAX_QUEUED - 1}`);
      expect(warnings).to.deep.equal([
        {
          code: 'WARN_LOCKOUT_AUDIT_LOST',
          message: '7 entries of the access log could not be written: the queue was full',
        },
      ]);
    });

    it('writes what is recorded while a loss is being reported', async () => {
      const audit = createAudit({});
      onWarning = () => record(audit, 'the listener');
      recordMany(audit, MAX_QUEUED + 1);
      await timers.tickAsync(1_000);

      expect(log.usernames.at(-1)).to.equal('the listener');
    });

    for (const [how, answer] of [
      ['rejects', () => Promise.reject(new Error('disk full'))],
      [
        'throws',
        () => {
          throw new Error('disk full');
        },
      ],
    ] as const) {
      it(`F43 reports a batch as lost when the log ${how}, and writes the next one`, async () => {
        const audit = createAudit({});
        log.answer = answer;
        record(audit, 'alice', 'bob');
        await timers.tickAsync(100);
        log.answer = () => Promise.resolve();
        record(audit, 'carol');
        await timers.tickAsync(100);

        expect(warnings.map(({ code, message }) => [code, message])).to.deep.equal([
          ['WARN_LOCKOUT_AUDIT_LOST', '2 entries of the access log could not be written: the store failed'],
        ]);
        const cause = warnings[0]?.cause as LockoutStoreError;
        expect(cause).to.include({ code: 'ERR_LOCKOUT_STORE_FAILED' });
        expect(String(cause.cause)).to.equal('Error: disk full');
        expect(storeErrors).to.deep.equal([cause]);
        expect(log.sizes).to.deep.equal([2, 1]);
      });
    }

    it('F43 says "1 entry" of one', async () => {
      const audit = createAudit({});
      log.answer = () => Promise.reject(new Error('disk full'));
      record(audit, 'alice');
      await timers.tickAsync(100);

      expect(warnings[0]?.message).to.equal('1 entry of the access log could not be written: the store failed');
    });

    it('F43 gives up a batch that is not answered within storeTimeout', async () => {
      const audit = createAudit({});
      log.answer = () => new Promise(() => {});
      record(audit, 'alice');
      await timers.tickAsync(100 + STORE_TIMEOUT_MS);

      expect(warnings).to.have.length(1);
      expect(warnings[0]?.cause).to.include({ code: 'ERR_LOCKOUT_STORE_TIMEOUT' });
    });

    it('F43 holds at most the queue and one batch while the store hangs', async () => {
      const audit = createAudit({});
      log.answer = () => new Promise(() => {});
      recordMany(audit, 500);
      await timers.tickAsync(100);
      recordMany(audit, MAX_QUEUED + 3);
      log.answer = () => Promise.resolve();
      await timers.tickAsync(STORE_TIMEOUT_MS);

      expect(log.usernames).to.have.length(500 + MAX_QUEUED);
      expect(warnings.map(({ message }) => message)).to.deep.equal([
        '503 entries of the access log could not be written: the store failed',
      ]);
    });

    it('is written in the same turn where the store is in this process, so that no timer is needed', () => {
      log.answer = () => undefined;
      const audit = createAudit({ isLocal: true });

      expect(audit.record(entryWith())).to.equal(undefined);
      expect(log.sizes).to.deep.equal([1]);
      expect(timers.countTimers()).to.equal(0);
    });
  });

  describe("awaited ('await')", () => {
    it('answers after the entry was written', async () => {
      const audit = createAudit({ mode: 'await' });
      const answer = holdAnswers();
      const events: string[] = [];
      void Promise.resolve(audit.record(entryWith())).then(() => events.push('answered'));
      await timers.tickAsync(1_000);
      expect(log.batches.map((batch) => batch.map(({ ageMs }) => ageMs))).to.deep.equal([[0]]);
      expect(events).to.deep.equal([]);

      answer();
      await timers.tickAsync(0);
      expect(events).to.deep.equal(['answered']);
    });

    it('F43 answers, and reports the loss, when the log fails', async () => {
      const audit = createAudit({ mode: 'await' });
      log.answer = () => Promise.reject(new Error('disk full'));

      await audit.record(entryWith());

      expect(warnings.map(({ message }) => message)).to.deep.equal([
        '1 entry of the access log could not be written: the store failed',
      ]);
    });

    it('F43 answers after storeTimeout when the log hangs', async () => {
      const audit = createAudit({ mode: 'await' });
      log.answer = () => new Promise(() => {});
      const answered = Promise.resolve(audit.record(entryWith()));
      await timers.tickAsync(STORE_TIMEOUT_MS);
      await answered;

      expect(warnings).to.have.length(1);
    });
  });

  describe('close', () => {
    it('F44 writes at once what is queued, and leaves no timer', async () => {
      const audit = createAudit({});
      record(audit, 'alice', 'bob');

      await audit.close();

      expect(log.usernames).to.deep.equal(['alice', 'bob']);
      expect(timers.countTimers()).to.equal(0);
    });

    it('F44 waits for the batch that is under way, then writes the rest', async () => {
      const audit = createAudit({});
      const answer = holdAnswers();
      record(audit, 'alice');
      await timers.tickAsync(100);
      record(audit, 'bob');
      const events: string[] = [];
      void audit.close().then(() => events.push('closed'));
      await timers.tickAsync(0);
      expect(log.usernames).to.deep.equal(['alice']);

      answer();
      await timers.tickAsync(0);
      expect(log.usernames).to.deep.equal(['alice', 'bob']);
      expect(events).to.deep.equal([]);
      answer();
      await timers.tickAsync(0);
      expect(events).to.deep.equal(['closed']);
    });

    it('F44 may be called twice, also at the same time', async () => {
      const audit = createAudit({});
      record(audit, 'alice');

      await Promise.all([audit.close(), audit.close()]);
      await audit.close();

      expect(log.sizes).to.deep.equal([1]);
    });

    it('F44 waits until the surplus that was being removed is gone', async () => {
      const audit = createAudit({ maxPerUsername: 1 });
      let answer = () => {};
      log.removed = () =>
        new Promise((resolve) => {
          answer = () => resolve({ removed: 1, last: null });
        });
      record(audit, 'alice');
      const events: string[] = [];
      void audit.close().then(() => events.push('closed'));
      await timers.tickAsync(0);
      expect(events).to.deep.equal([]);
      answer();
      await timers.tickAsync(0);
      expect(events).to.deep.equal(['closed']);
    });

    it('F44 does nothing where nothing was recorded', async () => {
      await createAudit({}).close();

      expect(log.sizes).to.deep.equal([]);
    });

    it('F44 ends within storeTimeout when the store hangs, however much is queued, and reports all of it', async () => {
      const audit = createAudit({});
      log.answer = () => new Promise(() => {});
      recordMany(audit, MAX_QUEUED);
      const events: string[] = [];
      void audit.close().then(() => events.push('closed'));
      await timers.tickAsync(STORE_TIMEOUT_MS);

      expect(events).to.deep.equal(['closed']);
      expect(log.sizes).to.deep.equal([500]);
      expect(warnings.map(({ message }) => message)).to.deep.equal([
        `${MAX_QUEUED} entries of the access log could not be written: the store failed`,
      ]);
    });
  });

  describe('with a bound per username', () => {
    const OF_ALICE = { username: 'alice', outcomes: ['failed', 'refused'], keepNewest: 50, expiredOnly: false };

    it('removes surplus once a tenth of the bound was written, of that username only', async () => {
      const audit = createAudit({ maxPerUsername: 50 });
      record(audit, 'alice', 'bob', 'alice', 'alice', 'alice');
      await timers.tickAsync(200);
      expect(log.removals).to.deep.equal([]);
      record(audit, 'alice', 'bob');
      await timers.tickAsync(200);
      expect(log.removals).to.have.length(1);
      expect(log.removals[0]).to.deep.include(OF_ALICE);
      record(audit, 'alice');
      await timers.tickAsync(200);
      expect(log.removals).to.have.length(1);
    });

    it('goes on until no surplus is left', async () => {
      const audit = createAudit({ maxPerUsername: 1 });
      const last = { at: 1, id: 'a' };
      log.removed = () => ({ removed: 1, last: log.removals.length < 3 ? last : null });
      record(audit, 'alice');
      await timers.tickAsync(200);
      expect(log.removals.map(({ after }) => after)).to.deep.equal([undefined, last, last]);
    });

    it('counts neither successes nor logouts, which no guesser can make', async () => {
      const audit = createAudit({ maxPerUsername: 1 });
      void audit.record(entryWith({ outcome: 'succeeded' }));
      void audit.record(entryWith({ outcome: 'logout' }));
      void audit.record(entryWith({ username: null }));
      await timers.tickAsync(200);
      expect(log.removals).to.deep.equal([]);
    });

    it("does not delay an answer that is awaited ('await')", async () => {
      const audit = createAudit({ mode: 'await', maxPerUsername: 1 });
      log.removed = () => new Promise(() => {});
      await audit.record(entryWith());
      await timers.tickAsync(1);
      expect(log.removals).to.have.length(1);
    });

    it('looks for surplus in a turn of its own, on a store in memory, too', async () => {
      const audit = createAudit({ mode: 'await', maxPerUsername: 1 });
      void audit.record(entryWith());
      expect(log.sizes).to.deep.equal([1]);
      expect(log.removals).to.deep.equal([]);
      await timers.tickAsync(1);
      expect(log.removals).to.have.length(1);
    });

    it('reports a failing store and tries again with the next entries', async () => {
      const audit = createAudit({ maxPerUsername: 1 });
      log.removed = () => Promise.reject(new Error('disk gone'));
      record(audit, 'alice');
      await timers.tickAsync(200);
      expect(storeErrors.map(({ message }) => message)).to.deep.equal(["the store failed at 'remove'"]);
      record(audit, 'alice');
      await timers.tickAsync(200);
      expect(log.removals).to.have.length(2);
      expect(warnings).to.deep.equal([]);
    });
  });
});
