/** One attempt on the memory store. */

import { expect } from 'chai';
import fc from 'fast-check';
import type { Lease, Verdict } from '../../../lib/policy/state.js';
import { lockReport, settleReply } from '../../../lib/testing/replies.js';
import { DAY, MINUTE, NOON, policyWith, SECOND } from '../../policy/examples.js';
import { Guessing } from '../../policy/guessing.js';
import { ALICE, FOREVER, MARKS, MemoryUnderTest, POLICY } from './memory-under-test.js';

describe('MemoryStore', () => {
  let use: MemoryUnderTest;

  beforeEach(() => {
    use = new MemoryUnderTest();
  });

  describe('with an attempt', () => {
    it('answers in the same turn', () => {
      expect(use.store.isLocal).to.equal(true);
      expect(use.store.reserve(ALICE, POLICY, 'a')).to.deep.equal({
        outcome: 'taken',
        lease: { id: 'a', until: NOON + 30 * SECOND },
        freeSlots: 2,
        devicesSince: 0,
      });
    });

    it('returns how many failures there are, and how many may follow', () => {
      expect(use.guess(ALICE)).to.deep.equal(settleReply({ failures: 1, freeSlots: 2 }));
      expect(use.guess(ALICE, 'success')).to.deep.equal(settleReply({ failures: 0, freeSlots: 3 }));
    });

    it('makes it wait while all slots are being verified', () => {
      for (let taken = 0; taken < 3; taken += 1) use.reserve(ALICE);
      expect(use.store.reserve(ALICE, POLICY, 'fourth')).to.deep.equal({ outcome: 'busy' });
    });

    it('reports the tier that it reaches, and the lock to those after it', () => {
      use.guess(ALICE);
      use.guess(ALICE);
      const until = NOON + 15 * MINUTE;
      const lock = lockReport({
        failures: 3,
        cause: 'tier',
        tier: 0,
        limit: 3,
        remainingMs: 15 * MINUTE,
        lockedUntil: until,
      });
      expect(use.guess(ALICE)).to.deep.equal(
        settleReply({ failures: 3, freeSlots: 0, didLock: true, lock, isFirstToday: true }),
      );
      use.now += MINUTE;
      const left = { ...lock, remainingMs: 14 * MINUTE };
      expect(use.store.reserve(ALICE, POLICY, 'x')).to.deep.equal({ outcome: 'locked', lock: left });
    });

    it('reports that a lock until reset is endless', () => {
      const rules = policyWith({ tiers: [{ failures: 1, cooloffMs: FOREVER }] });
      expect(use.guess(ALICE, 'failure', rules).lock).to.include({ remainingMs: FOREVER, lockedUntil: FOREVER });
    });

    it('F9 restores no record that was cleared meanwhile', () => {
      const lease = use.reserve(ALICE);
      use.store.settle(ALICE, POLICY, lease, 'release');
      use.store.settle(ALICE, POLICY, lease, 'release');
      expect(use.store.size).to.equal(0);
      expect(use.store.read(ALICE.key)).to.equal(null);
    });

    it('behaves exactly like the policy, in any history', () => {
      const step = fc.record({
        do: fc.constantFrom('reserve', 'reserve', 'settle', 'settle', 'wait'),
        pick: fc.nat(20),
        verdict: fc.constantFrom<Verdict>('failure', 'failure', 'success', 'release'),
        ms: fc.constantFrom(1, SECOND, 31 * SECOND, 15 * MINUTE, DAY),
      });
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
          use = new MemoryUnderTest();
          const model = new Guessing(POLICY);
          const leases: Lease[] = [];
          for (const { do: action, pick, verdict, ms } of steps) {
            if (action === 'wait') model.now = use.now += ms;
            if (action === 'reserve') {
              const expected = model.reserve(`lease-${pick}`);
              const reply = use.store.reserve(ALICE, POLICY, `lease-${pick}`);
              expect(reply.outcome).to.equal(expected.outcome);
              if (reply.outcome === 'taken') leases.push(reply.lease);
            }
            const lease = leases[pick % Math.max(1, leases.length)];
            if (action === 'settle' && lease) {
              const expected = model.settle(lease, verdict, MARKS);
              const reply = use.store.settle(ALICE, POLICY, lease, verdict, MARKS);
              expect(reply).to.include({ failures: expected.state.failures, didLock: expected.didLock });
              expect(reply.lock?.lockedUntil ?? 0).to.equal(model.lockedFor > 0 ? expected.state.lockedUntil : 0);
            }
          }
        }),
        { numRuns: 1_000 },
      );
    });
  });
});
