/** The bound of the attempt log per username, held while it is written. */
import { expect } from 'chai';
import { entryWith } from '../support/fixtures/attempt-entries.js';
import { QueueUnderTest } from './queue-under-test.js';

describe('AttemptLogWriter', () => {
  let use: QueueUnderTest;

  beforeEach(() => {
    use = new QueueUnderTest();
  });
  afterEach(() => use.timers.restore());

  describe('with a bound per username', () => {
    const OF_ALICE = { username: 'alice', outcomes: ['failed', 'refused'], keepNewest: 50, expiredOnly: false };

    it('removes surplus after writing a tenth of the bound, for that username only', async () => {
      const writer = use.createWriter({ maxPerUsername: 50 });
      use.record(writer, 'alice', 'bob', 'alice', 'alice', 'alice');
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.deep.equal([]);
      use.record(writer, 'alice', 'bob');
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.have.length(1);
      expect(use.log.removals[0]).to.deep.include(OF_ALICE);
      use.record(writer, 'alice');
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.have.length(1);
    });

    it('continues until no surplus is left', async () => {
      const writer = use.createWriter({ maxPerUsername: 1 });
      const last = { at: 1, id: 'a' };
      use.log.removed = () => ({ removed: 1, last: use.log.removals.length < 3 ? last : null });
      use.record(writer, 'alice');
      await use.timers.tickAsync(200);
      expect(use.log.removals.map(({ after }) => after)).to.deep.equal([undefined, last, last]);
    });

    it('counts neither successes nor logouts, which an attacker cannot produce', async () => {
      const writer = use.createWriter({ maxPerUsername: 1 });
      void writer.record(entryWith({ outcome: 'succeeded' }));
      void writer.record(entryWith({ outcome: 'logout' }));
      void writer.record(entryWith({ username: null }));
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.deep.equal([]);
    });

    it("does not delay an answer that is awaited ('await')", async () => {
      const writer = use.createWriter({ mode: 'await', maxPerUsername: 1 });
      use.log.removed = () => new Promise(() => {});
      await writer.record(entryWith());
      await use.timers.tickAsync(1);
      expect(use.log.removals).to.have.length(1);
    });

    it('looks for surplus in a later turn, even with the memory store', async () => {
      const writer = use.createWriter({ mode: 'await', maxPerUsername: 1 });
      void writer.record(entryWith());
      expect(use.log.sizes).to.deep.equal([1]);
      expect(use.log.removals).to.deep.equal([]);
      await use.timers.tickAsync(1);
      expect(use.log.removals).to.have.length(1);
    });

    it('reports a failing store and tries again with the next entries', async () => {
      const writer = use.createWriter({ maxPerUsername: 1 });
      use.log.removed = () => Promise.reject(new Error('disk gone'));
      use.record(writer, 'alice');
      await use.timers.tickAsync(200);
      expect(use.storeErrors.map(({ message }) => message)).to.deep.equal(["the store failed at 'remove'"]);
      use.record(writer, 'alice');
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.have.length(2);
      expect(use.warnings).to.deep.equal([]);
    });
  });

  describe('with a bound per address', () => {
    const recordFrom = (writer: ReturnType<QueueUnderTest['createWriter']>, ip: string, count: number) => {
      for (let name = 0; name < count; name += 1) void writer.record(entryWith({ username: `${ip} ${name}`, ip }));
    };

    it('X27 removes surplus of an address after writing a tenth of the bound, whatever the names are', async () => {
      const writer = use.createWriter({ maxPerAddress: 50 });
      recordFrom(writer, '203.0.113.9', 4);
      recordFrom(writer, '198.51.100.1', 4);
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.deep.equal([]);
      recordFrom(writer, '203.0.113.9', 1);
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.have.length(1);
      expect(use.log.removals[0]).to.deep.include({
        ip: '203.0.113.9',
        username: undefined,
        outcomes: ['failed', 'refused'],
        keepNewest: 50,
      });
    });

    it('X27 counts neither successes nor entries without an address', async () => {
      const writer = use.createWriter({ maxPerAddress: 1 });
      void writer.record(entryWith({ outcome: 'succeeded' }));
      void writer.record(entryWith({ ip: null }));
      await use.timers.tickAsync(200);
      expect(use.log.removals).to.deep.equal([]);
    });
  });
});
