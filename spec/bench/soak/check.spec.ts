/** The checker of the soak finds each fault that it is for, and nothing in a history that lib/policy allows. */
import { expect } from 'chai';
import { type CheckRules, check } from '../../../bench/soak/check/check.js';
import type { Evidence, Line } from '../../../bench/soak/records.js';
import { RULES } from '../../../bench/soak/settings.js';
import { ELSEWHERE, NAME, onDevice, onRecord, WrittenJournal } from './journals.js';

const LOCK_MS = 700;
/** Longer than a lease of the soak. */
const LEASE_MS = 5_000;

const endLast = (a: Line, b: Line) => Number(a.t === 'end') - Number(b.t === 'end');

describe('the checker of the soak', () => {
  let journal: WrittenJournal;

  beforeEach(() => {
    journal = new WrittenJournal();
  });

  const rulesOf = (evidence: Evidence, more: Partial<CheckRules> = {}) =>
    check(evidence, { ...RULES, readsLater: 'never', ...more }).violations.map(({ rule }) => rule);

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
      journal.write({ t: 'verified', id: next }).settles(next, 'failure', 4);
      journal.write({ t: 'answer', id: next, outcome: 'failed', code: 'ERR_LOCKOUT_LOCKED' }).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(4)] }))).to.deep.equal([]);
    });

    for (const isOver of [true, false]) {
      const title = 'in a verdict under a lock that an unanswered one has set after its lease';
      it(isOver ? title : `but not ${title.replace('after', 'before the end of')}`, () => {
        journal.guess(1);
        const cut = [journal.begins(false), journal.begins(false)] as const;
        for (const id of cut) journal.verifies(id).isRefused(id, 'store_unavailable');
        if (isOver) journal.passes(LEASE_MS);
        const next = journal.begins(true);
        journal.write({ t: 'verify', id: next }).reportsLock(cut[0], 3, journal.now + LOCK_MS);
        journal.write({ t: 'verified', id: next }).succeeds(next, 3).ends();

        const rules = rulesOf(journal.evidence({ records: [onRecord(3)] }));
        if (isOver) expect(rules).not.to.include('crossed');
        else expect(rules).to.include('crossed');
      });
    }

    it('in a success that takes nothing back beside as many attempts as could then not all fail before the next lock', () => {
      journal.guess(1, ELSEWHERE).guess(2, ELSEWHERE);
      const third = journal.begins(false);
      journal
        .verifies(third)
        .locks(third, 3, LOCK_MS)
        .passes(2 * LOCK_MS);
      const [right, ...wrong] = [journal.begins(true), journal.begins(false), journal.begins(false)];
      journal.verifies(right).succeeds(right, 3);
      for (const [index, id] of wrong.entries()) journal.verifies(id).fails(id, 4 + index);
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(5)] }))).to.deep.equal([]);
    });

    it('in an unblock beside a block, and a guess after both', () => {
      journal.write({ t: 'act', act: 'a1', what: 'block', part: 'username', value: NAME, forMs: LOCK_MS }).passes(10);
      journal.acts('unblock').passes(10);
      const until = journal.now + LOCK_MS;
      journal.reportsBlock(until).write({ t: 'acted', act: 'a1', failed: false, until }).passes(10);
      journal.guess(1).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal([]);
    });

    it('in what is counted of a known device', () => {
      const id = journal.begins(true, { cookie: true });
      journal.verifies(id).write({ t: 'settled', id, verdict: 'success', subjects: onDevice(0) });
      journal.write({ t: 'answer', id, outcome: 'succeeded' }).ends();

      expect(rulesOf(journal.evidence())).to.deep.equal([]);
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
        const checked = check(journal.evidence({ records: [onRecord(count)] }), { ...RULES, readsLater: 'never' });

        expect(checked.violations).to.deep.equal([]);
        expect(checked.uncertain).to.deep.equal(['w0-2']);
        expect(checked.counted).to.have.length(count - 1);
      });
    }

    it('in a guess of a killed process that was counted after a lock, beside one before it that was not', () => {
      const tiers = [{ failures: 1, cooloffMs: LOCK_MS }];
      const policyOf = (dimension: string) => ({
        ...RULES.policyOf(dimension),
        ...(dimension === 'username' && { tiers }),
      });
      journal.verifies(journal.begins(false));
      const [first, second] = [journal.begins(false), journal.begins(false)];
      journal
        .verifies(first)
        .locks(first, 1, LOCK_MS)
        .passes(3 * LOCK_MS);
      journal.verifies(second).passes(3 * LOCK_MS);
      const third = journal.begins(false);
      journal.verifies(third).locks(third, 3, LOCK_MS, 1);

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }), { policyOf })).to.deep.equal([]);
    });

    it('in a refusal shortly after a lock, which an answer that was held up had reported', () => {
      const waitMs = RULES.lockCacheTtlMs + RULES.storeTimeoutMs;
      journal.guessesUntilLocked(LOCK_MS);
      const faults = [{ what: 'connections held up', from: journal.now, to: journal.now + LOCK_MS }];
      journal.passes(LOCK_MS + waitMs - 100);
      journal.isRefused(journal.begins(true), 'locked');
      journal.ends();

      const records = [onRecord(3)];
      expect(rulesOf(journal.evidence({ records, faults }))).to.deep.equal([]);
      expect(rulesOf(journal.evidence({ records }))).to.deep.equal(['refused']);
    });

    it('in a count that was read after another failure, of a store that reads it later', () => {
      const [first, second] = [journal.begins(false), journal.begins(false)];
      journal.verifies(first).verifies(second).fails(first, 2).fails(second, 2).ends();
      const evidence = journal.evidence({ records: [onRecord(2)] });

      expect(rulesOf(evidence, { readsLater: 'always' })).to.deep.equal([]);
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

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal(['early', 'early']);
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
      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }), { readsLater: 'always' })).to.deep.equal(['lost']);
    });

    it('a failure that is gone at the end', () => {
      journal.guess(1).guess(2).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal(['lost']);
    });

    it('a failure that nobody made', () => {
      journal.guess(1).guess(3).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['invented']);
    });

    it('a failure that a killed process made, counted minutes later', () => {
      journal.verifies(journal.begins(false)).passes(3 * 60_000);
      journal.guess(1).passes(10);
      const id = journal.begins(false);
      journal.verifies(id).locks(id, 3, LOCK_MS);

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['early']);
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

    it('a refusal after the lock, though not long', () => {
      journal.guessesUntilLocked(LOCK_MS).passes(LOCK_MS + RULES.calmDelayMs + RULES.clockErrorMs + 10);
      journal.isRefused(journal.begins(true), 'locked');
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['refused']);
    });

    it('a refusal after an operator has lifted the lock, once no process can remember it', () => {
      const ladder = RULES.policyOf('username').tiers;
      const longest = ladder.at(-1)?.cooloffMs ?? 0;
      journal.guessesUntilLocked(longest).acts('unblock');
      const [early, late] = [journal.now, journal.now + RULES.lockCacheTtlMs + RULES.calmDelayMs + 10];
      journal.passes(RULES.lockCacheTtlMs - 10);
      journal.isRefused(journal.begins(true), 'locked');
      journal.passes(late - early);
      journal.isRefused(journal.begins(true), 'locked');
      journal.ends();

      expect(rulesOf(journal.evidence()).filter((rule) => rule === 'refused')).to.have.length(1);
    });

    it('a known device that the lock of the name has refused', () => {
      journal.guessesUntilLocked(LOCK_MS);
      journal.isRefused(journal.begins(true, { cookie: true }), 'locked');
      journal.ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(3)] }))).to.deep.equal(['shut-out']);
    });

    it('a lock that is shorter than its tier says, or longer', () => {
      for (const forMs of [LOCK_MS / 2, 2 * LOCK_MS]) {
        journal = new WrittenJournal();
        journal.guessesUntilLocked(forMs).ends();

        expect(rulesOf(journal.evidence({ records: [onRecord(3)] })), String(forMs)).to.deep.equal(['end']);
      }
    });

    it('a block of an operator that ends early', () => {
      journal.acts('block', { forMs: LOCK_MS, until: journal.now + LOCK_MS / 2 }).ends();

      expect(rulesOf(journal.evidence())).to.deep.equal(['end']);
    });

    it('a block of an operator without an event', () => {
      journal.write({ t: 'act', act: 'a1', what: 'block', part: 'username', value: NAME, forMs: LOCK_MS });
      journal.write({ t: 'acted', act: 'a1', failed: false, until: journal.now + LOCK_MS }).ends();

      expect(rulesOf(journal.evidence())).to.deep.equal(['silent']);
    });

    it('a verdict that is answered without being counted, or before', () => {
      const [never, first] = [journal.begins(false), journal.begins(false)];
      journal.verifies(never).write({ t: 'answer', id: never, outcome: 'failed' });
      journal.verifies(first).write({ t: 'answer', id: first, outcome: 'failed' }).settles(first, 'failure', 1).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.deep.equal(['uncounted', 'uncounted']);
    });

    it('a failure that is counted on the name and not on the address', () => {
      const id = journal.begins(false);
      journal.verifies(id).fails(id, 1).ends();
      for (const line of journal.lines) if (line.t === 'settled') Object.assign(line, { subjects: [line.subjects[0]] });

      expect(rulesOf(journal.evidence({ records: [onRecord(1)] }))).to.include('uncounted');
    });

    it('a failure that is settled as a success, or twice', () => {
      const id = journal.begins(false);
      journal.verifies(id).settles(id, 'success', 0).settles(id, 'success', 0);
      journal.write({ t: 'answer', id, outcome: 'failed' }).ends();

      expect(rulesOf(journal.evidence())).to.include.members(['twice', 'answer']);
    });

    it('an attempt that is never answered', () => {
      journal.begins(true);
      journal.ends();

      expect(rulesOf(journal.evidence())).to.deep.equal(['answer']);
    });

    it('a success that takes nothing back beside one other attempt', () => {
      journal.guess(1);
      const [right, wrong] = [journal.begins(true), journal.begins(false)];
      journal.verifies(right).verifies(wrong).succeeds(right, 1).fails(wrong, 2).ends();

      expect(rulesOf(journal.evidence({ records: [onRecord(2)] }))).to.deep.equal(['invented']);
    });

    it('an attempt that the log lacks, unless its process says so', () => {
      journal.guess(1).passes(20_000).guess(2).ends();
      const evidence = journal.evidence({ records: [onRecord(2)], log: [{ id: 'w0-1', outcome: 'failed' }] });
      const saying = { ...evidence, journals: [[...journal.lines, { t: 'log_lost', at: journal.now } as const]] };

      expect(rulesOf(evidence)).to.deep.equal(['log']);
      expect(rulesOf({ ...saying, journals: saying.journals.map((lines) => lines.toSorted(endLast)) })).to.deep.equal(
        [],
      );
    });

    it('a right password that is answered as wrong', () => {
      const id = journal.begins(true);
      journal.verifies(id).settles(id, 'success', 0).write({ t: 'answer', id, outcome: 'failed' }).ends();

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
