import { createHook } from 'node:async_hooks';
import { expect } from 'chai';
import fc from 'fast-check';
import { LockoutConfigError } from '../../../lib/errors.js';
import type { Lease, Policy, Verdict } from '../../../lib/policy/state.js';
import { MemoryStore } from '../../../lib/stores/memory/memory-store.js';
import type { StoreQuery } from '../../../lib/stores/store.js';
import type { Subject } from '../../../lib/subject/key.js';
import { DAY, HOUR, MINUTE, NOON, policyWith, SECOND } from '../../policy/examples.js';
import { Guessing } from '../../policy/guessing.js';
import { ip, username } from '../examples.js';

const FOREVER = Number.POSITIVE_INFINITY;

describe('stores/memory', () => {
  let now: number;
  let store: MemoryStore;
  let ids: number;
  const policy = policyWith();
  const alice = username('alice');
  const marks = { source: { place: 'home', spelling: 'alice' } };
  const order = { forMs: HOUR, forgetAfterMs: DAY, reason: 'stuffing', by: 'admin' };
  const everything: StoreQuery = { dimension: undefined, lockedOnly: false, after: undefined, limit: 100 };

  beforeEach(() => {
    now = NOON;
    ids = 0;
    store = storeOf();
  });

  function storeOf(maxSubjects?: number): MemoryStore {
    return new MemoryStore({ clock: () => now, ...(maxSubjects === undefined ? {} : { maxSubjects }) });
  }

  function reserve(subject: Subject, rules = policy): Lease {
    const reply = store.reserve(subject, rules, `lease-${++ids}`);
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  }

  function guess(subject: Subject, verdict: Verdict = 'failure', rules = policy) {
    return store.settle(subject, rules, reserve(subject, rules), verdict, marks);
  }

  const keys = (query: Partial<StoreQuery> = {}) => store.list({ ...everything, ...query }).map(({ key }) => key);

  describe('an attempt', () => {
    it('is answered in the same turn', () => {
      expect(store.isLocal).to.equal(true);
      expect(store.reserve(alice, policy, 'a')).to.deep.equal({
        outcome: 'taken',
        lease: { id: 'a', until: NOON + 30 * SECOND },
        freeSlots: 2,
      });
    });

    it('is told how many failures there are, and how many may follow', () => {
      expect(guess(alice)).to.deep.equal({
        failures: 1,
        consecutiveFailures: 0,
        freeSlots: 2,
        reachedTier: null,
        lock: null,
      });
      expect(guess(alice, 'success')).to.deep.equal({
        failures: 0,
        consecutiveFailures: 0,
        freeSlots: 3,
        reachedTier: null,
        lock: null,
      });
    });

    it('has to wait while all slots are being verified', () => {
      for (let taken = 0; taken < 3; taken += 1) reserve(alice);
      expect(store.reserve(alice, policy, 'fourth')).to.deep.equal({ outcome: 'busy' });
    });

    it('that reaches a tier is told so, and those after it are told of the lock', () => {
      guess(alice);
      guess(alice);
      const until = NOON + 15 * MINUTE;
      const lock = {
        failures: 3,
        places: 1,
        consecutiveFailures: 0,
        tier: 0,
        remainingMs: 15 * MINUTE,
        lockedUntil: until,
        reason: null,
      };
      expect(guess(alice)).to.deep.equal({ failures: 3, consecutiveFailures: 0, freeSlots: 0, reachedTier: 0, lock });
      now += MINUTE;
      const left = { ...lock, remainingMs: 14 * MINUTE };
      expect(store.reserve(alice, policy, 'x')).to.deep.equal({ outcome: 'locked', lock: left });
    });

    it('is told that a lock until reset is endless', () => {
      const rules = policyWith({ tiers: [{ failures: 1, cooloffMs: FOREVER }] });
      expect(guess(alice, 'failure', rules).lock).to.include({ remainingMs: FOREVER, lockedUntil: FOREVER });
    });

    it('F9 brings no record back that was cleared meanwhile', () => {
      const lease = reserve(alice);
      store.settle(alice, policy, lease, 'release');
      store.settle(alice, policy, lease, 'release');
      expect(store.size).to.equal(0);
      expect(store.read(alice.key)).to.equal(null);
    });

    it('answers as the policy itself does, in any history', () => {
      const step = fc.record({
        do: fc.constantFrom('reserve', 'reserve', 'settle', 'settle', 'wait'),
        pick: fc.nat(20),
        verdict: fc.constantFrom<Verdict>('failure', 'failure', 'success', 'release'),
        ms: fc.constantFrom(1, SECOND, 31 * SECOND, 15 * MINUTE, DAY),
      });
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
          now = NOON;
          store = storeOf();
          const model = new Guessing(policy);
          const leases: Lease[] = [];
          for (const { do: action, pick, verdict, ms } of steps) {
            if (action === 'wait') model.now = now += ms;
            if (action === 'reserve') {
              const expected = model.reserve(`lease-${pick}`);
              const reply = store.reserve(alice, policy, `lease-${pick}`);
              expect(reply.outcome).to.equal(expected.outcome);
              if (reply.outcome === 'taken') leases.push(reply.lease);
            }
            const lease = leases[pick % Math.max(1, leases.length)];
            if (action === 'settle' && lease) {
              const expected = model.settle(lease, verdict, marks);
              const reply = store.settle(alice, policy, lease, verdict, marks);
              expect(reply).to.include({ failures: expected.state.failures, reachedTier: expected.reachedTier });
              expect(reply.lock?.lockedUntil ?? 0).to.equal(model.lockedFor > 0 ? expected.state.lockedUntil : 0);
            }
          }
        }),
        { numRuns: 1_000 },
      );
    });
  });

  describe('read', () => {
    it('knows nothing of a subject that never failed', () => {
      expect(store.read(alice.key)).to.equal(null);
    });

    it('tells everything of one that did', () => {
      guess(alice);
      now += SECOND;
      guess(alice);
      reserve(alice);
      expect(store.read(alice.key)).to.deep.equal({
        key: 'username=alice',
        dimension: 'username',
        parts: { username: 'alice' },
        failures: 2,
        places: 1,
        takenBack: 0,
        consecutiveFailures: 0,
        verifying: 1,
        lock: null,
        by: null,
        lockedBy: null,
        firstFailureAt: NOON,
        lastFailureAt: NOON + SECOND,
      });
    });

    it('knows nothing any more once the failures are forgotten', () => {
      guess(alice);
      now += DAY - 1;
      expect(store.read(alice.key)?.failures).to.equal(1);
      now += 1;
      expect(store.read(alice.key)).to.equal(null);
    });

    it('shows no lease that is over', () => {
      guess(alice);
      reserve(alice);
      now += 30 * SECOND;
      expect(store.read(alice.key)).to.include({ failures: 1, verifying: 0 });
    });
  });

  describe('list', () => {
    beforeEach(() => {
      for (const name of ['carol', 'alice', 'bob']) guess(username(name));
      guess(ip('203.0.113.9'));
      store.block(username('bob'), order);
    });

    it('goes by key, ascending', () => {
      expect(keys()).to.deep.equal(['ip=203.0.113.9', 'username=alice', 'username=bob', 'username=carol']);
    });

    it('shows one dimension', () => {
      expect(keys({ dimension: 'ip' })).to.deep.equal(['ip=203.0.113.9']);
    });

    it('shows those that are locked now', () => {
      expect(keys({ lockedOnly: true })).to.deep.equal(['username=bob']);
      now += HOUR;
      expect(keys({ lockedOnly: true })).to.deep.equal([]);
    });

    it('shows no subject twice and none not at all, page by page', () => {
      const first = keys({ limit: 3 });
      const second = keys({ limit: 3, after: first.at(-1) });
      expect([first, second]).to.deep.equal([['ip=203.0.113.9', 'username=alice', 'username=bob'], ['username=carol']]);
    });

    it('has the smallest keys on a page, whichever came in first', () => {
      expect(keys({ limit: 1 })).to.deep.equal(['ip=203.0.113.9']);
      expect(keys({ limit: 1, dimension: 'username' })).to.deep.equal(['username=alice']);
    });

    it('shows nothing that has expired', () => {
      now += DAY;
      expect(keys()).to.deep.equal([]);
    });

    it('has empty pages after the last', () => {
      expect(keys({ after: 'username=carol' })).to.deep.equal([]);
    });
  });

  describe('block', () => {
    it('locks whom nobody knew, with the reason and by whom', () => {
      const { record, wasLocked } = store.block(alice, order);
      expect(wasLocked).to.equal(false);
      expect(record).to.deep.equal(store.read(alice.key));
      expect(record).to.deep.include({
        failures: 0,
        by: 'admin',
        lock: {
          failures: 0,
          places: 0,
          consecutiveFailures: 0,
          tier: null,
          remainingMs: HOUR,
          lockedUntil: NOON + HOUR,
          reason: 'stuffing',
        },
      });
    });

    it('may shorten a lock, and says that there was one', () => {
      store.block(alice, { ...order, forMs: FOREVER });
      expect(store.block(alice, order)).to.deep.include({ wasLocked: true });
      now += HOUR;
      expect(store.reserve(alice, policy, 'x').outcome).to.equal('taken');
    });

    it('ends by itself and leaves nothing', () => {
      store.block(alice, order);
      now += HOUR;
      expect(store.read(alice.key)).to.equal(null);
    });
  });

  describe('clear', () => {
    it('tells what was there and frees the subject', () => {
      guess(alice);
      store.block(alice, order);
      expect(store.clear(alice.key)).to.deep.include({ failures: 1, by: 'admin' });
      expect(store.read(alice.key)).to.equal(null);
      expect(store.size).to.equal(0);
    });

    it('tells nothing where nothing was, or nothing any more', () => {
      guess(alice);
      now += DAY;
      expect(store.clear('username=nobody')).to.equal(null);
      expect(store.clear(alice.key)).to.equal(null);
      expect(store.size).to.equal(0);
    });

    it('keeps the slots of what is being verified', () => {
      const lease = reserve(alice);
      guess(alice);
      store.clear(alice.key);
      expect(store.read(alice.key)).to.include({ failures: 0, verifying: 1 });
      expect(store.settle(alice, policy, lease, 'failure').failures).to.equal(1);
    });
  });

  describe('erase', () => {
    it('leaves nothing in memory, also of what had expired', () => {
      guess(alice);
      now += DAY;
      expect(store.size).to.equal(1);
      expect(store.erase(alice.key)).to.include({ key: alice.key, failures: 0, lock: null });
      expect(store.size).to.equal(0);
    });
  });

  describe('its bound', () => {
    const fail = (...names: string[]) => {
      for (const name of names) guess(username(name));
    };
    const names = () => keys().map((key) => key.slice('username='.length));

    it('F39 keeps no more subjects than it was told', () => {
      store = storeOf(3);
      fail('a', 'b', 'c', 'd', 'e');
      expect(store.size).to.equal(3);
    });

    it('F39 lets expired subjects go first', () => {
      store = storeOf(3);
      fail('expired');
      now += DAY - SECOND;
      fail('a', 'b');
      now += SECOND;
      expect(store.size).to.equal(3);
      fail('c');
      expect(names()).to.deep.equal(['a', 'b', 'c']);
    });

    it('F39 lets all that is expired go, not only what it needs room for', () => {
      fail('a', 'b', 'c');
      now += DAY;
      fail('d');
      expect(store.size).to.equal(1);
    });

    it('F39 then lets those go that would be forgotten soonest, even when they came last', () => {
      store = storeOf(3);
      const forgetful = policyWith({ forgetAfterMs: HOUR });
      fail('a', 'b');
      guess(username('soon'), 'failure', forgetful);
      fail('d');
      expect(names()).to.deep.equal(['a', 'b', 'd']);
    });

    it('F39 knows that a further failure is remembered longer', () => {
      store = storeOf(2);
      fail('a');
      now += SECOND;
      fail('b');
      now += SECOND;
      fail('a', 'c');
      expect(names()).to.deep.equal(['a', 'c']);
    });

    it('F39 knows that a success brings the end nearer', () => {
      store = storeOf(2);
      const unbounded = policyWith({ maxTakenBack: FOREVER });
      const lease = reserve(username('a'));
      fail('b', 'a');
      store.settle(username('a'), unbounded, lease, 'success', marks);
      expect(store.size).to.equal(1);
      fail('c');
      expect(names()).to.deep.equal(['b', 'c']);
    });

    it('F39 evicts the locked and those being verified last', () => {
      store = storeOf(3);
      store.block(username('locked'), { ...order, forMs: MINUTE });
      reserve(username('verifying'));
      fail('a', 'b', 'c', 'd');
      expect(names()).to.deep.equal(['d', 'locked', 'verifying']);
    });

    it('F39 evicts like any other what is locked or being verified no more', () => {
      store = storeOf(3);
      fail('verified', 'released');
      reserve(username('verified'));
      store.block(username('released'), { ...order, forMs: MINUTE });
      now += MINUTE;
      fail('a', 'b', 'c');
      expect(names()).to.deep.equal(['a', 'b', 'c']);
    });

    it('F39 evicts the lock that ends first when every subject is locked', () => {
      store = storeOf(2);
      store.block(username('long'), { ...order, forMs: DAY });
      store.block(username('short'), { ...order, forMs: MINUTE });
      store.block(username('endless'), { ...order, forMs: FOREVER });
      expect(names()).to.deep.equal(['endless', 'long']);
    });

    it('F39 goes by the lock that holds, not by the lease that came before it', () => {
      store = storeOf(2);
      const lockAtOnce: Policy = policyWith({ tiers: [{ failures: 1, cooloffMs: DAY }] });
      guess(username('locked'), 'failure', lockAtOnce);
      now += SECOND;
      reserve(username('verifying'));
      reserve(username('verifying too'));
      expect(names()).to.deep.equal(['locked', 'verifying too']);
    });

    it('F39 keeps a subject whose lock an operator has prolonged', () => {
      store = storeOf(2);
      store.block(username('a'), { ...order, forMs: SECOND });
      store.block(username('a'), { ...order, forMs: DAY });
      now += SECOND;
      fail('b', 'c', 'd');
      expect(names()).to.deep.equal(['a', 'd']);
    });

    it('F39 makes room where an operator has shortened a lock', () => {
      store = storeOf(2);
      store.block(username('a'), { ...order, forMs: DAY });
      store.block(username('b'), { ...order, forMs: HOUR });
      store.block(username('a'), { ...order, forMs: MINUTE });
      store.block(username('c'), order);
      expect(names()).to.deep.equal(['b', 'c']);
    });

    it('F39 loses no lock in a flood of random names', () => {
      const room = 1_000;
      store = storeOf(room);
      for (let locked = 0; locked < room / 2; locked += 1) store.block(username(`locked-${locked}`), order);
      for (let flood = 0; flood < 20_000; flood += 1) {
        now += 1;
        guess(username(`flood-${flood}`));
      }
      expect(store.size).to.equal(room);
      expect(keys({ lockedOnly: true, limit: room })).to.have.lengthOf(room / 2);
    });

    it('F39 never holds more than its bound, nor loses a lock while it holds others, in any history', () => {
      const bound = 4;
      const step = fc.record({
        name: fc.constantFrom(...'abcdefgh'),
        do: fc.constantFrom('guess', 'guess', 'reserve', 'block', 'clear'),
        wait: fc.constantFrom(0, 1, 20 * SECOND, 40 * SECOND, HOUR, DAY),
        forMs: fc.constantFrom(MINUTE, 2 * HOUR, FOREVER),
      });
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
          now = NOON;
          store = storeOf(bound);
          for (const { name, do: action, wait, forMs } of steps) {
            now += wait;
            const subject = username(name);
            const before = store.list(everything);
            if (action === 'block') store.block(subject, { ...order, forMs });
            else if (action === 'clear') store.clear(subject.key);
            else {
              const reply = store.reserve(subject, policy, `lease-${++ids}`);
              if (action === 'guess' && reply.outcome === 'taken')
                store.settle(subject, policy, reply.lease, 'failure');
            }
            expect(store.size).to.be.at.most(bound);
            const left = new Set(keys());
            const lost = before.filter(({ key }) => !left.has(key) && key !== subject.key);
            if (before.length < bound) expect(lost).to.deep.equal([]);
            if (before.some(({ lock, verifying }) => !lock && verifying === 0)) {
              expect(lost.filter(({ lock, verifying }) => lock || verifying > 0)).to.deep.equal([]);
            }
          }
        }),
        { numRuns: 1_000 },
      );
    });

    it('F39 takes 1,000,000 random usernames and keeps what it was told, without a lock lost', () => {
      const room = 100_000;
      store = storeOf(room);
      store.block(username('victim'), order);
      for (let name = 0; name < 1_000_000; name += 1) {
        const subject = username(`${(name * 2_654_435_761) % 4_294_967_296}`);
        store.settle(subject, policy, { id: 'late', until: 0 }, 'failure');
      }
      expect(store.size).to.equal(room);
      expect(store.reserve(username('victim'), policy, 'x').outcome).to.equal('locked');
    });
  });

  describe('closing', () => {
    it('may be asked for twice', () => {
      guess(alice);
      store.close();
      store.close();
      expect(store.read(alice.key)?.failures).to.equal(1);
    });

    it('has nothing to stop: no timer and no handle is ever made', () => {
      const made: string[] = [];
      const hook = createHook({ init: (_, type) => made.push(type) }).enable();
      try {
        const lease = reserve(alice);
        store.settle(alice, policyWith({ tiers: [{ failures: 1, cooloffMs: 3_650 * DAY }] }), lease, 'failure');
        store.block(username('bob'), { ...order, forMs: FOREVER });
        store.list(everything);
      } finally {
        hook.disable();
      }
      expect(made).to.deep.equal([]);
    });
  });

  it('goes by the clock of the process unless given another', () => {
    expect(new MemoryStore().clock).to.equal(Date.now);
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
    it(`F46 refuses ${JSON.stringify(input)}`, () => {
      expect(() => Reflect.construct(MemoryStore, [input]))
        .to.throw(LockoutConfigError)
        .with.property('message', message);
    });
  }
});
