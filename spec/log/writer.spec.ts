/** The queue between logins and the attempt log: when entries are written, and which are lost. */
import { expect } from 'chai';
import type { LockoutStoreError } from '../../lib/errors.js';
import { entryWith } from '../support/fixtures/attempt-entries.js';
import { MAX_QUEUED, QueueUnderTest, RETENTION_MS, STORE_TIMEOUT_MS } from './queue-under-test.js';

describe('AttemptLogWriter', () => {
  let use: QueueUnderTest;

  beforeEach(() => {
    use = new QueueUnderTest();
  });
  afterEach(() => use.timers.restore());

  describe("in the background ('background')", () => {
    it('returns in the same turn, before anything is written', () => {
      const writer = use.createWriter();

      expect(writer.record(entryWith())).to.equal(undefined);
      expect(use.log.batches).to.deep.equal([]);
    });

    it('writes all entries of 100 ms as one batch, in order, with the retention', async () => {
      const writer = use.createWriter();
      use.record(writer, 'alice');
      await use.timers.tickAsync(60);
      use.record(writer, 'bob');

      await use.timers.tickAsync(39);
      expect(use.log.sizes).to.deep.equal([]);
      await use.timers.tickAsync(1);

      expect(use.log.sizes).to.deep.equal([2]);
      expect(use.log.usernames).to.deep.equal(['alice', 'bob']);
      expect(use.log.retentions).to.deep.equal([RETENTION_MS]);
    });

    it('passes to the store how long ago each attempt was when it is written', async () => {
      const writer = use.createWriter();
      use.record(writer, 'alice');
      await use.timers.tickAsync(60);
      use.record(writer, 'bob');
      await use.timers.tickAsync(40);

      expect(use.log.batches[0]?.map(({ ageMs }) => ageMs)).to.deep.equal([100, 40]);
    });

    it('starts a new batch after the last one', async () => {
      const writer = use.createWriter();
      use.record(writer, 'alice');
      await use.timers.tickAsync(1_000);
      use.record(writer, 'bob');
      await use.timers.tickAsync(1_000);

      expect(use.log.sizes).to.deep.equal([1, 1]);
    });

    it('writes batches of at most 500 entries', async () => {
      const writer = use.createWriter();
      use.recordMany(writer, 1_201);
      await use.timers.tickAsync(100);

      expect(use.log.sizes).to.deep.equal([500, 500, 201]);
    });

    it('has one batch under way at a time, so that a slow store is not flooded', async () => {
      const writer = use.createWriter();
      const answer = use.holdAnswers();
      use.recordMany(writer, 600);
      await use.timers.tickAsync(100);
      use.recordMany(writer, 600);
      await use.timers.tickAsync(1_000);
      expect(use.log.sizes).to.deep.equal([500]);

      answer();
      await use.timers.tickAsync(0);
      expect(use.log.sizes).to.deep.equal([500, 500]);
      answer();
      await use.timers.tickAsync(0);
      expect(use.log.sizes).to.deep.equal([500, 500, 200]);
    });

    it('F43 drops entries while 10,000 are queued, and reports once how many were lost', async () => {
      const writer = use.createWriter();
      use.recordMany(writer, MAX_QUEUED + 7);
      await use.timers.tickAsync(100);

      expect(use.log.usernames).to.have.length(MAX_QUEUED);
      expect(use.log.usernames.at(-1)).to.equal(`user-${MAX_QUEUED - 1}`);
      expect(use.warnings).to.deep.equal([
        {
          code: 'WARN_LOCKOUT_LOG_LOST',
          message: '7 entries of the attempt log could not be written: the queue was full',
        },
      ]);
    });

    it('writes what is recorded while a loss is being reported', async () => {
      const writer = use.createWriter();
      use.onWarning = () => use.record(writer, 'the listener');
      use.recordMany(writer, MAX_QUEUED + 1);
      await use.timers.tickAsync(1_000);

      expect(use.log.usernames.at(-1)).to.equal('the listener');
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
        const writer = use.createWriter();
        use.log.answer = answer;
        use.record(writer, 'alice', 'bob');
        await use.timers.tickAsync(100);
        use.log.answer = () => Promise.resolve();
        use.record(writer, 'carol');
        await use.timers.tickAsync(100);

        expect(use.warnings.map(({ code, message }) => [code, message])).to.deep.equal([
          ['WARN_LOCKOUT_LOG_LOST', '2 entries of the attempt log could not be written: the store failed'],
        ]);
        const cause = use.warnings[0]?.cause as LockoutStoreError;
        expect(cause).to.include({ code: 'ERR_LOCKOUT_STORE_FAILED' });
        expect(String(cause.cause)).to.equal('Error: disk full');
        expect(use.storeErrors).to.deep.equal([cause]);
        expect(use.log.sizes).to.deep.equal([2, 1]);
      });
    }

    it('F43 reports a single loss as "1 entry"', async () => {
      const writer = use.createWriter();
      use.log.answer = () => Promise.reject(new Error('disk full'));
      use.record(writer, 'alice');
      await use.timers.tickAsync(100);

      expect(use.warnings[0]?.message).to.equal('1 entry of the attempt log could not be written: the store failed');
    });

    it('F43 gives up a batch that is not answered within storeTimeout', async () => {
      const writer = use.createWriter();
      use.log.answer = () => new Promise(() => {});
      use.record(writer, 'alice');
      await use.timers.tickAsync(100 + STORE_TIMEOUT_MS);

      expect(use.warnings).to.have.length(1);
      expect(use.warnings[0]?.cause).to.include({ code: 'ERR_LOCKOUT_STORE_TIMEOUT' });
    });

    it('F43 holds at most the queue and one batch while the store hangs', async () => {
      const writer = use.createWriter();
      use.log.answer = () => new Promise(() => {});
      use.recordMany(writer, 500);
      await use.timers.tickAsync(100);
      use.recordMany(writer, MAX_QUEUED + 3);
      use.log.answer = () => Promise.resolve();
      await use.timers.tickAsync(STORE_TIMEOUT_MS);

      expect(use.log.usernames).to.have.length(500 + MAX_QUEUED);
      expect(use.warnings.map(({ message }) => message)).to.deep.equal([
        '503 entries of the attempt log could not be written: the store failed',
      ]);
    });

    it('writes in the same turn to a store in this process, without a timer', () => {
      use.log.answer = () => undefined;
      const writer = use.createWriter({ isLocal: true });

      expect(writer.record(entryWith())).to.equal(undefined);
      expect(use.log.sizes).to.deep.equal([1]);
      expect(use.timers.countTimers()).to.equal(0);
    });
  });

  describe("when awaited ('await')", () => {
    it('returns after the entry was written', async () => {
      const writer = use.createWriter({ mode: 'await' });
      const answer = use.holdAnswers();
      const events: string[] = [];
      void Promise.resolve(writer.record(entryWith())).then(() => events.push('answered'));
      await use.timers.tickAsync(1_000);
      expect(use.log.batches.map((batch) => batch.map(({ ageMs }) => ageMs))).to.deep.equal([[0]]);
      expect(events).to.deep.equal([]);

      answer();
      await use.timers.tickAsync(0);
      expect(events).to.deep.equal(['answered']);
    });

    it('F43 returns, and reports the loss, when the log fails', async () => {
      const writer = use.createWriter({ mode: 'await' });
      use.log.answer = () => Promise.reject(new Error('disk full'));

      await writer.record(entryWith());

      expect(use.warnings.map(({ message }) => message)).to.deep.equal([
        '1 entry of the attempt log could not be written: the store failed',
      ]);
    });

    it('F43 returns after storeTimeout when the log hangs', async () => {
      const writer = use.createWriter({ mode: 'await' });
      use.log.answer = () => new Promise(() => {});
      const answered = Promise.resolve(writer.record(entryWith()));
      await use.timers.tickAsync(STORE_TIMEOUT_MS);
      await answered;

      expect(use.warnings).to.have.length(1);
    });
  });
});
