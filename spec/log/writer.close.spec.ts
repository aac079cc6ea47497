/** The queue of the attempt log when the process stops. */
import { expect } from 'chai';
import { MAX_QUEUED, QueueUnderTest, STORE_TIMEOUT_MS } from './queue-under-test.js';

describe('AttemptLogWriter', () => {
  let use: QueueUnderTest;

  beforeEach(() => {
    use = new QueueUnderTest();
  });
  afterEach(() => use.timers.restore());

  describe('close()', () => {
    it('F44 writes at once what is queued, and leaves no timer', async () => {
      const writer = use.createWriter();
      use.record(writer, 'alice', 'bob');

      await writer.close();

      expect(use.log.usernames).to.deep.equal(['alice', 'bob']);
      expect(use.timers.countTimers()).to.equal(0);
    });

    it('F44 waits for the batch that is under way, then writes the rest', async () => {
      const writer = use.createWriter();
      const answer = use.holdAnswers();
      use.record(writer, 'alice');
      await use.timers.tickAsync(100);
      use.record(writer, 'bob');
      const events: string[] = [];
      void writer.close().then(() => events.push('closed'));
      await use.timers.tickAsync(0);
      expect(use.log.usernames).to.deep.equal(['alice']);

      answer();
      await use.timers.tickAsync(0);
      expect(use.log.usernames).to.deep.equal(['alice', 'bob']);
      expect(events).to.deep.equal([]);
      answer();
      await use.timers.tickAsync(0);
      expect(events).to.deep.equal(['closed']);
    });

    it('F44 may be called twice, even at the same time', async () => {
      const writer = use.createWriter();
      use.record(writer, 'alice');

      await Promise.all([writer.close(), writer.close()]);
      await writer.close();

      expect(use.log.sizes).to.deep.equal([1]);
    });

    it('F44 waits until the surplus that is being removed is gone', async () => {
      const writer = use.createWriter({ maxPerUsername: 1 });
      let answer = () => {};
      use.log.removed = () =>
        new Promise((resolve) => {
          answer = () => resolve({ removed: 1, last: null });
        });
      use.record(writer, 'alice');
      const events: string[] = [];
      void writer.close().then(() => events.push('closed'));
      await use.timers.tickAsync(0);
      expect(events).to.deep.equal([]);
      answer();
      await use.timers.tickAsync(0);
      expect(events).to.deep.equal(['closed']);
    });

    it('F44 does nothing if nothing was recorded', async () => {
      await use.createWriter().close();

      expect(use.log.sizes).to.deep.equal([]);
    });

    it('F44 ends within storeTimeout when the store hangs, however much is queued, and reports all of it as lost', async () => {
      const writer = use.createWriter();
      use.log.answer = () => new Promise(() => {});
      use.recordMany(writer, MAX_QUEUED);
      const events: string[] = [];
      void writer.close().then(() => events.push('closed'));
      await use.timers.tickAsync(STORE_TIMEOUT_MS);

      expect(events).to.deep.equal(['closed']);
      expect(use.log.sizes).to.deep.equal([500]);
      expect(use.warnings.map(({ message }) => message)).to.deep.equal([
        `${MAX_QUEUED} entries of the attempt log could not be written: the store failed`,
      ]);
    });
  });
});
