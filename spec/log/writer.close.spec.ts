/** The queue of the access log when the process stops. */
import { expect } from 'chai';
import { MAX_QUEUED, QueueUnderTest, STORE_TIMEOUT_MS } from './queue-under-test.js';

describe('the access log queue', () => {
  let use: QueueUnderTest;

  beforeEach(() => {
    use = new QueueUnderTest();
  });
  afterEach(() => use.timers.restore());

  describe('close', () => {
    it('F44 writes at once what is queued, and leaves no timer', async () => {
      const audit = use.createAudit();
      use.record(audit, 'alice', 'bob');

      await audit.close();

      expect(use.log.usernames).to.deep.equal(['alice', 'bob']);
      expect(use.timers.countTimers()).to.equal(0);
    });

    it('F44 waits for the batch that is under way, then writes the rest', async () => {
      const audit = use.createAudit();
      const answer = use.holdAnswers();
      use.record(audit, 'alice');
      await use.timers.tickAsync(100);
      use.record(audit, 'bob');
      const events: string[] = [];
      void audit.close().then(() => events.push('closed'));
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

    it('F44 may be called twice, also at the same time', async () => {
      const audit = use.createAudit();
      use.record(audit, 'alice');

      await Promise.all([audit.close(), audit.close()]);
      await audit.close();

      expect(use.log.sizes).to.deep.equal([1]);
    });

    it('F44 waits until the surplus that was being removed is gone', async () => {
      const audit = use.createAudit({ maxPerUsername: 1 });
      let answer = () => {};
      use.log.removed = () =>
        new Promise((resolve) => {
          answer = () => resolve({ removed: 1, last: null });
        });
      use.record(audit, 'alice');
      const events: string[] = [];
      void audit.close().then(() => events.push('closed'));
      await use.timers.tickAsync(0);
      expect(events).to.deep.equal([]);
      answer();
      await use.timers.tickAsync(0);
      expect(events).to.deep.equal(['closed']);
    });

    it('F44 does nothing where nothing was recorded', async () => {
      await use.createAudit().close();

      expect(use.log.sizes).to.deep.equal([]);
    });

    it('F44 ends within storeTimeout when the store hangs, however much is queued, and reports all of it', async () => {
      const audit = use.createAudit();
      use.log.answer = () => new Promise(() => {});
      use.recordMany(audit, MAX_QUEUED);
      const events: string[] = [];
      void audit.close().then(() => events.push('closed'));
      await use.timers.tickAsync(STORE_TIMEOUT_MS);

      expect(events).to.deep.equal(['closed']);
      expect(use.log.sizes).to.deep.equal([500]);
      expect(use.warnings.map(({ message }) => message)).to.deep.equal([
        `${MAX_QUEUED} entries of the access log could not be written: the store failed`,
      ]);
    });
  });
});
