/** What the memory store shows of its subjects, and what operators do to them. */
import { createHook } from 'node:async_hooks';
import { expect } from 'chai';
import sinon from 'sinon';
import { LockoutConfigError } from '../../../lib/errors.js';
import { MemoryStore } from '../../../lib/stores/memory/memory-store.js';
import { DAY, HOUR, MINUTE, NOON, policyWith, SECOND } from '../../policy/examples.js';
import { ip, username } from '../examples.js';
import { ALICE, EVERYTHING, FOREVER, MemoryUnderTest, ORDER, POLICY } from './memory-under-test.js';

describe('MemoryStore', () => {
  let use: MemoryUnderTest;

  beforeEach(() => {
    use = new MemoryUnderTest();
  });

  describe('read', () => {
    it('returns null for a subject that never failed', () => {
      expect(use.store.read(ALICE.key)).to.equal(null);
    });

    it('returns everything about a subject that failed', () => {
      use.guess(ALICE);
      use.now += SECOND;
      use.guess(ALICE);
      use.reserve(ALICE);
      expect(use.store.read(ALICE.key)).to.deep.equal({
        key: 'username=alice',
        dimension: 'username',
        parts: { username: 'alice' },
        failures: 2,
        places: 1,
        takenBack: 0,
        devicesSince: 0,
        consecutiveFailures: 0,
        verifying: 1,
        lock: null,
        by: null,
        lockedBy: null,
        firstFailureAt: NOON,
        lastFailureAt: NOON + SECOND,
      });
    });

    it('returns null once the failures are forgotten', () => {
      use.guess(ALICE);
      use.now += DAY - 1;
      expect(use.store.read(ALICE.key)?.failures).to.equal(1);
      use.now += 1;
      expect(use.store.read(ALICE.key)).to.equal(null);
    });

    it('omits leases that are over', () => {
      use.guess(ALICE);
      use.reserve(ALICE);
      use.now += 30 * SECOND;
      expect(use.store.read(ALICE.key)).to.include({ failures: 1, verifying: 0 });
    });
  });

  describe('list', () => {
    beforeEach(() => {
      for (const name of ['carol', 'alice', 'bob']) use.guess(username(name));
      use.guess(ip('203.0.113.9'));
      use.store.block(username('bob'), ORDER);
    });

    it('orders records by key, ascending', () => {
      expect(use.keys()).to.deep.equal(['ip=203.0.113.9', 'username=alice', 'username=bob', 'username=carol']);
    });

    it('returns the records of one dimension', () => {
      expect(use.keys({ dimension: 'ip' })).to.deep.equal(['ip=203.0.113.9']);
    });

    it('returns only locked records with lockedOnly', () => {
      expect(use.keys({ lockedOnly: true })).to.deep.equal(['username=bob']);
      use.now += HOUR;
      expect(use.keys({ lockedOnly: true })).to.deep.equal([]);
    });

    it('returns each subject exactly once, page by page', () => {
      const { cursor } = use.page({ limit: 3 });
      expect(use.keys({ limit: 3, cursor })).to.deep.equal(['username=carol']);
    });

    it('returns the smallest keys on a page, whichever came in first', () => {
      expect(use.keys({ limit: 1 })).to.deep.equal(['ip=203.0.113.9']);
      expect(use.keys({ limit: 1, dimension: 'username' })).to.deep.equal(['username=alice']);
    });

    it('omits expired records', () => {
      use.now += DAY;
      expect(use.keys()).to.deep.equal([]);
    });

    it('returns a cursor only if another page follows', () => {
      expect(use.page({ limit: 3 }).cursor).to.be.a('string');
      expect(use.page({ limit: 4 }).cursor).to.equal(null);
      expect(use.page({ limit: 1, lockedOnly: true, order: 'lockedUntil' }).cursor).to.equal(null);
    });
  });

  describe('block', () => {
    it('locks an unknown subject, with reason and actor', () => {
      const { record, wasLocked } = use.store.block(ALICE, ORDER);
      expect(wasLocked).to.equal(false);
      expect(record).to.deep.equal(use.store.read(ALICE.key));
      expect(record).to.deep.include({
        failures: 0,
        by: 'admin',
        lock: {
          failures: 0,
          places: 0,
          consecutiveFailures: 0,
          cause: 'operator',
          tier: null,
          limit: null,
          remainingMs: HOUR,
          lockedUntil: NOON + HOUR,
          reason: 'stuffing',
        },
      });
    });

    it('may shorten a lock, and reports that there was one', () => {
      use.store.block(ALICE, { ...ORDER, forMs: FOREVER });
      expect(use.store.block(ALICE, ORDER)).to.deep.include({ wasLocked: true });
      use.now += HOUR;
      expect(use.store.reserve(ALICE, POLICY, 'x').outcome).to.equal('taken');
    });

    it('ends by itself and leaves nothing', () => {
      use.store.block(ALICE, ORDER);
      use.now += HOUR;
      expect(use.store.read(ALICE.key)).to.equal(null);
    });
  });

  describe('reset', () => {
    it('returns what was there and frees the subject', () => {
      use.guess(ALICE);
      use.store.block(ALICE, ORDER);
      expect(use.store.reset(ALICE.key)).to.deep.include({ failures: 1, by: 'admin' });
      expect(use.store.read(ALICE.key)).to.equal(null);
      expect(use.store.size).to.equal(0);
    });

    it('returns null if there was nothing, or nothing any more', () => {
      use.guess(ALICE);
      use.now += DAY;
      expect(use.store.reset('username=nobody')).to.equal(null);
      expect(use.store.reset(ALICE.key)).to.equal(null);
      expect(use.store.size).to.equal(0);
    });

    it('keeps the slots of attempts being verified', () => {
      const lease = use.reserve(ALICE);
      use.guess(ALICE);
      use.store.reset(ALICE.key);
      expect(use.store.read(ALICE.key)).to.include({ failures: 0, verifying: 1 });
      expect(use.store.settle(ALICE, POLICY, lease, 'failure').failures).to.equal(1);
    });
  });

  describe('erase', () => {
    it('leaves nothing in memory, not even expired data', () => {
      use.guess(ALICE);
      use.now += DAY;
      expect(use.store.size).to.equal(1);
      expect(use.store.erase(ALICE.key)).to.include({ key: ALICE.key, failures: 0, lock: null });
      expect(use.store.size).to.equal(0);
    });
  });

  describe('close', () => {
    it('may be called twice', () => {
      use.guess(ALICE);
      use.store.close();
      use.store.close();
      expect(use.store.read(ALICE.key)?.failures).to.equal(1);
    });

    it('has nothing to stop: no timer or handle is ever created', () => {
      const made: string[] = [];
      const hook = createHook({ init: (_, type) => made.push(type) }).enable();
      try {
        const lease = use.reserve(ALICE);
        use.store.settle(ALICE, policyWith({ tiers: [{ failures: 1, cooloffMs: 3_650 * DAY }] }), lease, 'failure');
        use.store.block(username('bob'), { ...ORDER, forMs: FOREVER });
        use.store.list(EVERYTHING);
      } finally {
        hook.disable();
      }
      expect(made).to.deep.equal([]);
    });
  });

  describe('without a clock', () => {
    let timers: sinon.SinonFakeTimers;
    let store: MemoryStore;
    const locked = () => store.read(ALICE.key)?.lock?.remainingMs;

    beforeEach(() => {
      timers = sinon.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ['Date', 'performance'] });
      store = new MemoryStore();
      store.block(ALICE, { ...ORDER, forMs: 15 * MINUTE });
    });
    afterEach(() => timers.restore());

    it('starts at the time of the system and advances', () => {
      expect(store.clock()).to.equal(Date.UTC(2026, 0, 1));
      timers.tick(5 * MINUTE);
      expect(store.clock()).to.equal(Date.UTC(2026, 0, 1, 0, 5));
      expect(locked()).to.equal(10 * MINUTE);
    });

    it('X36 frees nobody when the system clock is set forward', () => {
      timers.setSystemTime(Date.UTC(2036, 0, 1));
      expect(locked()).to.equal(15 * MINUTE);
    });

    it('X36 locks nobody for years when the system clock is set back', () => {
      timers.setSystemTime(Date.UTC(2016, 0, 1));
      timers.tick(15 * MINUTE);
      expect(locked()).to.equal(undefined);
    });
  });

  const BAD_OPTIONS = [
    {
      input: { clock: 5 },
      message: 'MemoryStore options.clock: expected a function that returns epoch milliseconds, got 5 (a number)',
    },
    {
      input: { maxSubjects: 0 },
      message: 'MemoryStore options.maxSubjects: expected a whole number from 1, got 0 (a number)',
    },
    {
      input: { maxSubjects: 1.5 },
      message: 'MemoryStore options.maxSubjects: expected a whole number from 1, got 1.5 (a number)',
    },
    {
      input: { maxSubjects: '9' },
      message: 'MemoryStore options.maxSubjects: expected a whole number from 1, got "9" (a string)',
    },
    {
      input: { maxAttempts: 0 },
      message: 'MemoryStore options.maxAttempts: expected a whole number from 1, got 0 (a number)',
    },
    {
      input: { maxSubject: 9 },
      message: 'MemoryStore options.maxSubject: there is no such option; did you mean maxSubjects?',
    },
    { input: null, message: 'MemoryStore options: expected an object of options, got null' },
  ];
  for (const { input, message } of BAD_OPTIONS) {
    it(`F46 throws for ${JSON.stringify(input)}`, () => {
      expect(() => Reflect.construct(MemoryStore, [input]))
        .to.throw(LockoutConfigError)
        .with.property('message', message);
    });
  }
});
