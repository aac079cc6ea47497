/** The checker of the soak finds each fault that it is for, and nothing in a history that lib/policy allows. */
import { expect } from 'chai';
import { type CheckRules, check } from '../../../bench/soak/check/check.js';
import type { Evidence } from '../../../bench/soak/records.js';
import { RULES } from '../../../bench/soak/settings.js';
import { NAME, onRecord, WrittenJournal } from './journals.js';

const LOCK_MS = 700;
/** Longer than a lease of the soak. */
const LEASE_MS = 5_000;

describe('the checker of the soak', () => {
  let journal: WrittenJournal;

  beforeEach(() => {
    journal = new WrittenJournal();
  });

  const rulesOf = (evidence: Evidence, more: Partial<CheckRules> = {}) =>
    check(evidence, { ...RULES, readsLater: false, ...more }).violations.map(({ rule }) => rule);

  describe('finds nothing', () => {
    it('in failures, the lock that they reach, a refusal under it and a login after it', () => {
      journal.guessesUntilLocked(LOCK_MS);
      journal.isRefused(journal.begins(true), 'locked');
      journal.passes(2 * LOCK_MS);
      const id = journal.begins(true);
      journal.verifies(id).succeeds(id, 0).ends();

      expect(rulesOf(journal.evidence())).to.deep.equal([]);
    });

    it('in counts that were answered in another order than the attempts began', () => {
      const [first, second] = [journal.begins(false), journal.begins(false)];
      journal.verifies(first).verifies(second).fails(first, 2).fails(second, 1).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(2)] }))).to.deep.equal([]);
    });

    it('in two locks of a name that end in the same millisecond, the first of them lifted', () => {
      journal.guessesUntilLocked(4 * LOCK_MS);
      const until = journal.now - 1 + 4 * LOCK_MS;
      journal.write({ t: 'act', act: 'a1', what: 'unblock', part: 'username', value: NAME });
      journal.write({ t: 'acted', act: 'a1', failed: false }).guess(1).guess(2);
      const id = journal.begins(false);
      journal.verifies(id).locks(id, 3, 0);
      const [first, second] = journal.lines.filter((line) => line.t === 'blocked');
      Object.assign(second as object, { until, failures: 3 });
      Object.assign(first as object, { until, failures: 6, limit: 6 });
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).not.to.include('twice');
    });

    it('in a verdict under a lock that a late one has set, whose slot had been given away', () => {
      journal.guess(1);
      const late = [journal.begins(false), journal.begins(false)] as const;
      for (const id of late) journal.write({ t: 'verify', id });
      journal.passes(LEASE_MS);
      const next = journal.begins(false);
      journal.write({ t: 'verify', id: next });
      journal.write({ t: 'verified', id: late[0] }).isLate(late[0], 2);
      journal.write({ t: 'verified', id: late[1] }).isLate(late[1], 3, LOCK_MS);
      journal.write({ t: 'verified', id: next }).locks(next, 4, LOCK_MS);
      journal.lines.splice(
        journal.lines.findLastIndex(({ t }) => t === 'blocked'),
        1,
      );
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(4)] }))).to.deep.equal([]);
    });

    it('in a success that takes back nothing beside another attempt', () => {
      journal.guess(1).guess(2);
      const [right, wrong] = [journal.begins(true), journal.begins(false)];
      journal.verifies(right).verifies(wrong).succeeds(right, 2).locks(wrong, 3, LOCK_MS).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal([]);
    });

    it('in failures that an operator has reset', () => {
      journal.guess(1).guess(2);
      journal.write({ t: 'act', act: 'a1', what: 'reset', part: 'username', value: NAME });
      journal.write({ t: 'acted', act: 'a1', failed: false }).guess(1).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal([]);
    });

    for (const [what, count] of [
      ['was counted', 2],
      ['was not counted', 1],
    ] as const) {
      it(`in a killed process whose last guess ${what}, and names the guess`, () => {
        journal.guess(1);
        journal.verifies(journal.begins(false));
        const checked = check(journal.evidence({ records: [onRecord(count)] }), { ...RULES, readsLater: false });

        expect(checked.violations).to.deep.equal([]);
        expect(checked.uncertain).to.deep.equal(['w0-2']);
        expect(checked.counted).to.have.length(count - 1);
      });
    }

    it('in a guess of a killed process that was counted after a lock, beside one before it that was not', () => {
      const tiers = [{ failures: 1, cooloffMs: LOCK_MS }];
      const policyOf = (dimension: string) => ({ ...RULES.policyOf(dimension), tiers });
      journal.verifies(journal.begins(false));
      const [first, second] = [journal.begins(false), journal.begins(false)];
      journal
        .verifies(first)
        .locks(first, 1, LOCK_MS)
        .passes(3 * LOCK_MS);
      journal.verifies(second).passes(3 * LOCK_MS);
      const third = journal.begins(false);
      journal.verifies(third).locks(third, 3, LOCK_MS);

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }), { policyOf })).to.deep.equal([]);
    });

    it('in a refusal shortly after a lock, which an answer that was on its way had reported', () => {
      const waitMs = RULES.lockCacheTtlMs + RULES.storeTimeoutMs;
      journal.guessesUntilLocked(LOCK_MS).passes(LOCK_MS + waitMs - 100);
      journal.isRefused(journal.begins(true), 'locked');
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal([]);
    });

    it('in a count that was read after another failure, of a store that reads it later', () => {
      const [first, second] = [journal.begins(false), journal.begins(false)];
      journal.verifies(first).verifies(second).fails(first, 2).fails(second, 2).ends();
      const evidence = journal.evidence({ records: [onRecord(2)] });

      expect(rulesOf(evidence, { readsLater: true })).to.deep.equal([]);
      expect(rulesOf(evidence)).to.deep.equal(['invented']);
    });
  });

  describe('finds', () => {
    it('a guess that was verified under a lock', () => {
      journal.guessesUntilLocked(LOCK_MS).passes(100).guess(3).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.have.members(['crossed', 'crossed']);
    });

    it('a guess under the lock of an operator, which no event reports', () => {
      journal.guess(1);
      journal.write({ t: 'act', act: 'a1', what: 'block', part: 'username', value: NAME, forMs: LOCK_MS });
      journal
        .write({ t: 'acted', act: 'a1', failed: false, until: journal.now + LOCK_MS })
        .passes(100)
        .guess(2)
        .ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(2)] }))).to.include('crossed');
    });

    it('a lock that comes one failure late', () => {
      journal.guess(1).guess(2).guess(3).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['late']);
    });

    it('a lock that no failures have reached', () => {
      const id = journal.begins(false);
      journal.verifies(id).locks(id, 1, LOCK_MS).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal(['early']);
    });

    it('a lock that is reported twice', () => {
      journal.guess(1).guess(2);
      const id = journal.begins(false);
      const until = journal.now + LOCK_MS;
      journal.verifies(id).locks(id, 3, until - journal.now - 3);
      const { lines } = journal;
      const lock = lines.find(({ t }) => t === 'blocked');
      if (lock) lines.push(lock);
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['twice']);
    });

    it('a failure that was answered as counted, and is gone at the next', () => {
      journal.guess(1).guess(1).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal(['lost']);
      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }), { readsLater: true })).to.deep.equal(['lost']);
    });

    it('a failure that is gone at the end', () => {
      journal.guess(1).guess(2).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal(['lost']);
    });

    it('a failure that nobody made', () => {
      journal.guess(1).guess(3).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['invented']);
    });

    it('a failure on a subject at which nobody failed', () => {
      const evidence = journal.ends().evidence({ records: [onRecord(1)] });

      expect(rulesOf(evidence)).to.deep.equal(['invented']);
    });

    for (const reason of ['locked', 'busy', 'store_error', 'late', 'denied']) {
      it(`a right password refused as "${reason}" for nothing`, () => {
        journal.isRefused(journal.begins(true), reason);
        journal.ends();

        expect(rulesOf(journal.evidence())).to.deep.equal(['refused']);
      });
    }

    it('a refusal long after the lock', () => {
      const waitMs = RULES.lockCacheTtlMs + RULES.storeTimeoutMs + RULES.clockErrorMs;
      journal.guessesUntilLocked(LOCK_MS).passes(LOCK_MS + waitMs + 100);
      journal.isRefused(journal.begins(true), 'locked');
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['refused']);
    });

    it('a right password that is answered as wrong', () => {
      const id = journal.begins(true);
      journal.write({ t: 'answer', id, outcome: 'failed' }).ends();

      expect(rulesOf(journal.evidence())).to.deep.equal(['answer']);
    });

    it('a slot that was never given back', () => {
      journal.guess(1).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1, 1)] }))).to.deep.equal(['slot']);
    });

    it('entries of the attempt log that are there twice, that nobody made, or that say the opposite', () => {
      journal.guess(1).ends();
      const failed = { id: 'w0-1', outcome: 'failed' };
      const log = [failed, failed, { id: 'w0-9', outcome: 'failed' }, { id: 'w0-1', outcome: 'succeeded' }];

      expect(rulesOf(journal.evidence({ records: [onRecord(1)], log }))).to.deep.equal(['log', 'log', 'log']);
    });

    it('a heap that grows', () => {
      for (let minute = 0; minute < 10; minute += 1) {
        journal.write({ t: 'heap', bytes: 20 * 2 ** 20 + minute * 2 * 2 ** 20 }).passes(60_000);
      }
      journal.ends();

      expect(rulesOf(journal.evidence())).to.deep.equal(['heap']);
    });
  });
});
