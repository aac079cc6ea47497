/** The bound of the memory store: how many subjects it keeps, and who has to go first. */
import { expect } from 'chai';
import fc from 'fast-check';
import { LockoutStoreError } from '../../../lib/errors.js';
import type { Policy } from '../../../lib/policy/state.js';
import { DAY, HOUR, MINUTE, policyWith, SECOND } from '../../policy/examples.js';
import { username } from '../examples.js';
import { ALICE, FOREVER, MARKS, MemoryUnderTest, ORDER, POLICY } from './memory-under-test.js';

const LEASE = POLICY.leaseTimeoutMs;

describe('MemoryStore', () => {
  let use: MemoryUnderTest;

  beforeEach(() => {
    use = new MemoryUnderTest();
  });

  describe('with maxSubjects', () => {
    const fail = (...names: string[]) => {
      for (const name of names) use.guess(username(name));
    };
    const names = () => use.keys().map((key) => key.slice('username='.length));

    it('F39 keeps no more subjects than that', () => {
      use = new MemoryUnderTest(3);
      fail('a', 'b', 'c', 'd', 'e');
      expect(use.store.size).to.equal(3);
    });

    it('lists and counts what is locked again, when the end of the first lock has been dealt with', () => {
      use = new MemoryUnderTest(3);
      for (const forMs of [SECOND, HOUR]) {
        use.store.block(username('a'), { forMs, forgetAfterMs: DAY, reason: null, by: null });
        use.now += SECOND;
      }
      fail('b');
      expect(use.store.countLocked(undefined).count).to.equal(1);
      const { records } = use.store.list({ dimension: undefined, lockedOnly: true, cursor: null, limit: 10 });
      expect(records.map(({ key }) => key)).to.deep.equal(['username=a']);
    });

    it('F39 evicts expired subjects first', () => {
      use = new MemoryUnderTest(3);
      fail('expired');
      use.now += DAY - SECOND;
      fail('a', 'b');
      use.now += SECOND;
      expect(use.store.size).to.equal(3);
      fail('c');
      expect(names()).to.deep.equal(['a', 'b', 'c']);
    });

    it('F39 evicts all expired subjects, not only as many as it needs room for', () => {
      fail('a', 'b', 'c');
      use.now += DAY;
      fail('d');
      expect(use.store.size).to.equal(1);
    });

    it('F39 then evicts those that would be forgotten soonest, even if they came last', () => {
      use = new MemoryUnderTest(3);
      const forgetful = policyWith({ forgetAfterMs: HOUR });
      fail('a', 'b');
      use.guess(username('soon'), 'failure', forgetful);
      fail('d');
      expect(names()).to.deep.equal(['a', 'b', 'd']);
    });

    it('X18 evicts those with fewer failures first, even if they would be remembered longer', () => {
      use = new MemoryUnderTest(3);
      const forgetful = policyWith({ forgetAfterMs: HOUR });
      use.guess(username('address'), 'failure', forgetful);
      use.guess(username('address'), 'failure', forgetful);
      fail('a', 'b', 'c', 'd');
      expect(names()).to.have.members(['address', 'c', 'd']);
    });

    it('X18 treats what was taken back today as failures', () => {
      use = new MemoryUnderTest(3);
      for (const verdict of ['failure', 'failure', 'success'] as const) use.guess(username('taken back'), verdict);
      fail('a', 'b', 'c', 'd');
      // Nobody who looks sees what was taken back.
      expect(names()).to.have.members(['c', 'd']);
      expect(use.store.size).to.equal(3);
    });

    it('F39 takes into account that a further failure is remembered longer', () => {
      use = new MemoryUnderTest(2);
      fail('a');
      use.now += SECOND;
      fail('b');
      use.now += SECOND;
      fail('a', 'c');
      expect(names()).to.deep.equal(['a', 'c']);
    });

    it('F39 takes into account that a success brings the end nearer', () => {
      use = new MemoryUnderTest(2);
      const lease = use.reserve(username('a'));
      fail('b', 'a');
      use.store.settle(username('a'), policyWith({ maxTakenBack: FOREVER }), lease, 'success', MARKS);
      expect(use.store.size).to.equal(1);
      fail('c');
      expect(names()).to.deep.equal(['b', 'c']);
    });

    it('F39 evicts neither locked subjects nor those being verified', () => {
      use = new MemoryUnderTest(3);
      use.store.block(username('locked'), { ...ORDER, forMs: MINUTE });
      use.reserve(username('verifying'));
      fail('a', 'b', 'c', 'd');
      expect(names()).to.deep.equal(['d', 'locked', 'verifying']);
    });

    it('F39 evicts subjects like any other once they are no longer locked or being verified', () => {
      use = new MemoryUnderTest(3);
      fail('verified', 'released');
      use.reserve(username('verified'));
      use.store.block(username('released'), { ...ORDER, forMs: MINUTE });
      use.now += MINUTE;
      fail('a', 'b', 'c');
      expect(names()).to.deep.equal(['a', 'b', 'c']);
    });

    it('X18 does not evict what was revoked, however often its subject is used, until it no longer matters', () => {
      use = new MemoryUnderTest(2);
      const devicesSince = use.store.revokeDevices(ALICE, { forMs: 2 * DAY });
      for (const round of ['a', 'b', 'c']) {
        use.guess(ALICE, 'failure');
        use.guess(ALICE, 'success');
        fail(`${round}1`, `${round}2`, `${round}3`);
        expect(use.store.read(ALICE.key)).to.include({ devicesSince });
      }
      use.now += 2 * DAY;
      fail('d', 'e');
      expect(names()).to.deep.equal(['d', 'e']);
    });

    it('X18 refuses to revoke where there is no room, so that nobody believes that it did', () => {
      use = new MemoryUnderTest(1);
      use.store.revokeDevices(username('revoked'), { forMs: DAY });
      expect(() => use.store.revokeDevices(ALICE, { forMs: DAY }))
        .to.throw(LockoutStoreError)
        .with.property('code', 'ERR_LOCKOUT_STORE_FULL');
      expect(use.store.read('username=revoked')).to.include({ devicesSince: use.now + 1 });
    });

    it('X18 rejects a new subject if all are locked or being verified, and loses none of them', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('locked'), { ...ORDER, forMs: MINUTE });
      use.reserve(username('verifying'));

      expect(() => use.reserve(username('new')))
        .to.throw(LockoutStoreError, 'all 2 subjects are locked or being verified, or have revoked devices')
        .with.property('code', 'ERR_LOCKOUT_STORE_FULL');

      expect(names()).to.deep.equal(['locked', 'verifying']);
    });

    it('X18 takes no slot of several subjects if there is no room for one, known or not', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('locked'), ORDER);
      for (const first of ['new', 'known']) {
        if (first === 'known') fail('known');
        const requests = [first, 'newer'].map((name) => ({ subject: username(name), policy: POLICY, leaseId: name }));
        expect(() => use.store.reserveAll(requests)).to.throw(
          'all 2 subjects are locked or being verified, or have revoked devices',
        );
        expect(use.store.read(username(first).key)?.verifying ?? 0).to.equal(0);
      }
      expect(names()).to.deep.equal(['known', 'locked']);
    });

    it('X18 counts no verdict on any of several subjects if there is no room for one', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('locked'), ORDER);
      const lease = use.reserve(username('verifying'));
      const over = { id: 'over', until: use.now };
      const verdicts = [
        { subject: username('verifying'), policy: POLICY, lease: over, verdict: 'failure' as const },
        { subject: username('gone'), policy: POLICY, lease: over, verdict: 'failure' as const },
      ];

      expect(() => use.store.settleAll(verdicts)).to.throw(
        'all 2 subjects are locked or being verified, or have revoked devices',
      );

      expect(use.store.read(username('verifying').key)).to.include({ failures: 0, verifying: 1 });
      expect(use.store.settle(username('verifying'), POLICY, lease, 'failure').failures).to.equal(1);
    });

    it('X18 counts the subjects it holds, however full it is', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('locked'), ORDER);
      const lease = use.reserve(username('verifying'));

      expect(use.store.settle(username('verifying'), POLICY, lease, 'failure').failures).to.equal(1);
      expect(use.store.reserve(username('locked'), POLICY, 'again').outcome).to.equal('locked');
    });

    it('X18 counts with room for one subject only', () => {
      use = new MemoryUnderTest(1);
      expect([use.guess(ALICE), use.guess(ALICE), use.guess(ALICE)].at(-1)?.didLock).to.equal(true);
    });

    it('F39 accepts new subjects again as soon as one of them may be evicted', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('short'), { ...ORDER, forMs: MINUTE });
      use.store.block(username('long'), { ...ORDER, forMs: DAY });
      use.now += MINUTE;
      fail('new');
      expect(names()).to.deep.equal(['long', 'new']);
    });

    it('F39 accepts a new subject if the lease of another is over', () => {
      use = new MemoryUnderTest(2);
      const lockAtOnce: Policy = policyWith({ tiers: [{ failures: 1, cooloffMs: DAY }] });
      use.guess(username('locked'), 'failure', lockAtOnce);
      use.reserve(username('verifying'));
      use.now += LEASE;
      use.reserve(username('verifying too'));
      expect(names()).to.deep.equal(['locked', 'verifying too']);
    });

    it('F39 evicts a subject that is forgotten during verification as soon as its lease is over', () => {
      for (const _ of [1, 2]) fail('a');
      use.now += DAY;
      use.reserve(username('a'));
      use.now += LEASE;
      fail('b');
      expect(use.store.size).to.equal(1);
    });

    it('F39 evicts a subject whose lease is over before others, whatever leases were granted before it', () => {
      use = new MemoryUnderTest(3);
      use.reserve(username('long'));
      use.reserve(username('short'), policyWith({ leaseTimeoutMs: SECOND }));
      fail('a');
      use.now += SECOND;
      fail('b');
      expect(names()).to.deep.equal(['a', 'b', 'long']);
    });

    it('F39 keeps a subject until the last of its leases is over', () => {
      use = new MemoryUnderTest(2);
      use.reserve(username('a'), policyWith({ leaseTimeoutMs: SECOND }));
      use.reserve(username('a'));
      use.now += SECOND;
      fail('b', 'c', 'd');
      expect(names()).to.deep.equal(['a', 'd']);
      use.now += LEASE - SECOND;
      fail('e');
      expect(names()).to.deep.equal(['d', 'e']);
    });

    it('F39 evicts a subject when its lease is over if a later lease was returned', () => {
      use = new MemoryUnderTest(2);
      use.reserve(username('a'), policyWith({ leaseTimeoutMs: SECOND }));
      const later = use.reserve(username('a'));
      use.store.settle(username('a'), POLICY, later, 'release');
      use.now += SECOND;
      fail('b', 'c');
      expect(names()).to.deep.equal(['b', 'c']);
    });

    it('F39 X18 keeps what an operator orders for a subject that is being verified', () => {
      use = new MemoryUnderTest(3);
      for (const name of ['locked', 'revoked']) use.reserve(username(name));
      use.store.block(username('locked'), ORDER);
      use.store.revokeDevices(username('revoked'), { forMs: DAY });
      use.now += LEASE;
      fail('a', 'b', 'c');
      expect(use.store.reserve(username('locked'), POLICY, 'again').outcome).to.equal('locked');
      expect(use.store.read(username('revoked').key)).to.include({ devicesSince: use.now - LEASE + 1 });
    });

    it('F39 keeps one record of a subject that one step names twice', () => {
      use = new MemoryUnderTest(2);
      const requests = ['first', 'second'].map((leaseId) => ({ subject: ALICE, policy: POLICY, leaseId }));
      const [reply] = use.store.reserveAll(requests);
      expect(use.store.size).to.equal(1);
      if (reply?.outcome !== 'taken') throw new Error('expected a slot');
      for (const verdict of ['failure', 'success'] as const) {
        const one = { subject: ALICE, policy: POLICY, lease: reply.lease, verdict };
        use.store.settleAll([one, one]);
        expect(use.store.size).to.equal(1);
      }
      use.now += DAY;
      fail('b');
      expect(use.store.size).to.equal(1);
    });

    it('F39 counts on for a known subject that made room for another subject of its own step', () => {
      use = new MemoryUnderTest(2);
      fail('known', 'other', 'other');
      const subjects = [username('new'), username('known')];
      const taken = use.store.reserveAll(
        subjects.map((subject) => ({ subject, policy: POLICY, leaseId: subject.key })),
      );
      expect(taken.map(({ outcome }) => outcome)).to.deep.equal(['taken', 'taken']);
      expect(names()).to.deep.equal(['known', 'new']);
      const lease = { id: 'username=known', until: use.now + LEASE };
      expect(use.store.settle(username('known'), POLICY, lease, 'failure').failures).to.equal(2);
    });

    it('F39 evicts a subject that was skipped during verification like any other once it is judged', () => {
      use = new MemoryUnderTest(2);
      const lease = use.reserve(username('a'));
      fail('b', 'c');
      expect(names()).to.deep.equal(['a', 'c']);
      use.store.settle(username('a'), POLICY, lease, 'failure');
      use.now += 1;
      fail('d', 'd', 'e', 'e');
      expect(names()).to.deep.equal(['d', 'e']);
    });

    it('F39 makes room if an operator has shortened a lock', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('a'), { ...ORDER, forMs: DAY });
      use.store.block(username('b'), { ...ORDER, forMs: HOUR });
      use.store.block(username('a'), { ...ORDER, forMs: MINUTE });
      use.now += MINUTE;
      use.store.block(username('c'), ORDER);
      expect(names()).to.deep.equal(['b', 'c']);
    });

    it('F39 keeps a subject whose lock an operator has prolonged', () => {
      use = new MemoryUnderTest(2);
      use.store.block(username('a'), { ...ORDER, forMs: SECOND });
      use.store.block(username('a'), { ...ORDER, forMs: DAY });
      use.now += SECOND;
      fail('b', 'c', 'd');
      expect(names()).to.deep.equal(['a', 'd']);
    });

    it('F39 loses no lock in a flood of random names', () => {
      const room = 1_000;
      use = new MemoryUnderTest(room);
      for (let locked = 0; locked < room / 2; locked += 1) use.store.block(username(`locked-${locked}`), ORDER);
      for (let flood = 0; flood < 20_000; flood += 1) {
        use.now += 1;
        use.guess(username(`flood-${flood}`));
      }
      expect(use.store.size).to.equal(room);
      expect(use.keys({ lockedOnly: true, limit: room })).to.have.lengthOf(room / 2);
    });

    it('F39 X18 never exceeds its bound, nor loses a lock or a lease, in any history', () => {
      const bound = 4;
      const step = fc.record({
        name: fc.constantFrom(...'abcdefgh'),
        do: fc.constantFrom('guess', 'guess', 'reserve', 'block', 'reset'),
        wait: fc.constantFrom(0, 1, 20 * SECOND, 40 * SECOND, HOUR, DAY),
        forMs: fc.constantFrom(MINUTE, 2 * HOUR, FOREVER),
      });
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
          use = new MemoryUnderTest(bound);
          for (const { name, do: action, wait, forMs } of steps) {
            use.now += wait;
            const subject = username(name);
            const before = use.page().records;
            try {
              if (action === 'block') use.store.block(subject, { ...ORDER, forMs });
              else if (action === 'reset') use.store.reset(subject.key);
              else {
                const reply = use.store.reserve(subject, POLICY, use.nextId());
                if (action === 'guess' && reply.outcome === 'taken')
                  use.store.settle(subject, POLICY, reply.lease, 'failure');
              }
            } catch (error) {
              expect(error).to.have.property('code', 'ERR_LOCKOUT_STORE_FULL');
              expect(before.filter(({ lock, verifying }) => lock || verifying > 0)).to.have.lengthOf(bound);
            }
            expect(use.store.size).to.be.at.most(bound);
            const left = new Set(use.keys());
            const lost = before.filter(({ key }) => !left.has(key) && key !== subject.key);
            if (before.length < bound) expect(lost).to.deep.equal([]);
            expect(lost.filter(({ lock, verifying }) => lock || verifying > 0)).to.deep.equal([]);
          }
        }),
        { numRuns: 1_000 },
      );
    });
  });
});
