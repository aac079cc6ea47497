import { expect } from 'chai';
import { block } from '../../lib/policy/manage.js';
import { settle } from '../../lib/policy/settle.js';
import { type Lease, type SubjectState, UNKNOWN_SUBJECT, type Verdict } from '../../lib/policy/state.js';
import { DAY, failed, HOUR, MINUTE, NOON, policyWith, SECOND, stateWith } from './examples.js';

const FOREVER = Number.POSITIVE_INFINITY;
const VERDICTS: readonly Verdict[] = ['failure', 'success', 'release'];

describe('The policy function settle', () => {
  const policy = policyWith();
  const lease: Lease = { id: 'mine', until: NOON + 30 * SECOND };
  const other: Lease = { id: 'other', until: NOON + 30 * SECOND };
  const late = lease.until + SECOND;
  const marks = { source: { place: 'home', spelling: 'alice' } };
  const failedHere = (failures: number, changes: Partial<SubjectState> = {}) =>
    failed(failures, { sources: [{ ...marks.source, failures, firstAt: NOON, lastAt: NOON }], ...changes });
  const holding = (state: SubjectState, ...leases: Lease[]): SubjectState => ({ ...state, leases });

  describe('for a failure', () => {
    it('counts it and frees its slot', () => {
      const before = stateWith({ leases: [lease, other] });

      const { state, didLock } = settle(before, policy, NOON, lease, 'failure', marks);

      expect(didLock).to.equal(false);
      expect(state).to.deep.equal(failedHere(1, { leases: [other] }));
    });

    it('locks when it reaches a tier, and reports it', () => {
      const { state, didLock } = settle(holding(failed(2), lease), policy, NOON + SECOND, lease, 'failure');
      expect(didLock).to.equal(true);
      expect(state).to.include({
        failures: 3,
        cause: 'tier',
        tier: 0,
        limit: 3,
        lockedUntil: NOON + SECOND + 15 * MINUTE,
        reason: null,
        by: null,
      });
    });

    it('keeps what an operator wrote into the record', () => {
      const blocked = holding(failed(2, { lockedUntil: NOON, reason: 'spam', by: 'admin' }), lease);
      expect(settle(blocked, policy, NOON, lease, 'failure').state).to.include({ tier: 0, reason: null, by: null });
    });

    it('F11 does not lock again after a lock, unless a tier is reached', () => {
      const released = holding(failed(3, { lockedUntil: NOON - 1, tier: 0 }), lease);
      const { state, didLock } = settle(released, policy, NOON, lease, 'failure');
      expect(didLock).to.equal(false);
      expect(state.failures).to.equal(4);
      expect(state.lockedUntil).to.equal(NOON - 1);
    });

    it('locks each time past the last tier', () => {
      const { state, didLock } = settle(holding(failed(41), lease), policy, NOON, lease, 'failure');
      expect(didLock).to.equal(true);
      expect(state).to.include({ cause: 'tier', tier: 2, lockedUntil: NOON + DAY });
    });

    it('still counts it when it is later than its lease', () => {
      const { state } = settle(holding(failed(1), lease), policy, late, lease, 'failure');
      expect(state.failures).to.equal(2);
      expect(state.leases).to.deep.equal([]);
    });

    it('still counts it when its lease has been taken back meanwhile', () => {
      expect(settle(failed(1), policy, late, lease, 'failure').state.failures).to.equal(2);
    });

    it('keeps the time of the first failure', () => {
      const { state } = settle(holding(failed(1), lease), policy, NOON + SECOND, lease, 'failure');
      expect(state).to.include({ firstFailureAt: NOON, lastFailureAt: NOON + SECOND });
    });

    it('takes it as the first if the record does not know its first', () => {
      const { state } = settle(holding(failed(1, { firstFailureAt: null }), lease), policy, NOON + 5, lease, 'failure');
      expect(state.firstFailureAt).to.equal(NOON + 5);
    });
  });

  describe('forgetAt', () => {
    const FORGETTING = [
      { title: 'runs from the last failure', forgetFrom: 'last', before: 1, forgetAt: NOON + MINUTE + DAY },
      { title: 'runs from the end of a lock', forgetFrom: 'last', before: 2, forgetAt: NOON + 16 * MINUTE + DAY },
      {
        title: 'runs from the first failure if forgetFrom is first',
        forgetFrom: 'first',
        before: 1,
        forgetAt: NOON + DAY,
      },
      {
        title: 'is not moved by a lock if it runs from the first',
        forgetFrom: 'first',
        before: 2,
        forgetAt: NOON + DAY,
      },
    ] as const;
    for (const { title, forgetFrom, before, forgetAt } of FORGETTING) {
      it(title, () => {
        const rules = policyWith({ forgetFrom });
        const { state } = settle(holding(failed(before), lease), rules, NOON + MINUTE, lease, 'failure');
        expect(state.forgetAt).to.equal(forgetAt);
      });
    }
  });

  describe('a repeat', () => {
    const known = holding(failedHere(1, { guesses: ['a'] }), lease, other);
    const repeat = { ...marks, guess: 'a' };

    it('gives its slot back and changes nothing but the count of repeats', () => {
      const { state, isRepeat } = settle(known, policy, NOON + SECOND, lease, 'failure', repeat);

      expect(isRepeat).to.equal(true);
      expect(state).to.deep.equal({ ...known, leases: [other], repeats: { count: 1, since: NOON + SECOND } });
    });

    it('counts when it comes later than its lease', () => {
      const { state, isRepeat } = settle(known, policy, late, lease, 'failure', repeat);
      expect(isRepeat).to.equal(false);
      expect(state).to.deep.include({ failures: 2, repeats: null, guesses: ['a'] });
    });

    it('counts under a lock', () => {
      const { state, isRepeat } = settle(
        { ...known, lockedUntil: NOON + HOUR },
        policy,
        NOON,
        lease,
        'failure',
        repeat,
      );
      expect(isRepeat).to.equal(false);
      expect(state).to.include({ failures: 2, repeats: null });
    });

    it('is used up once, however often it is told', () => {
      const once = settle(known, policy, NOON, lease, 'failure', repeat);
      expect(settle(once.state, policy, NOON, lease, 'failure', repeat).state).to.equal(once.state);
    });
  });

  describe('the row alone', () => {
    const hardStop = { failures: 3, forgetAfterMs: 30 * DAY };
    const row = policyWith({ hardStop, rowOnly: true });
    const consecutive = (failures: number): Partial<SubjectState> => ({
      consecutiveFailures: failures,
      consecutiveUntil: NOON + 30 * DAY,
      spellings: [{ spelling: 'alice', failures }],
    });
    const byTier = { lockedUntil: NOON + HOUR, tier: 0, cause: 'tier' } as const;

    it('counts a failure of a known device, and nothing else of it', () => {
      const { state } = settle(stateWith({ leases: [lease] }), row, NOON, lease, 'failure', { ...marks, guess: 'a' });
      expect(state).to.deep.equal(stateWith(consecutive(1)));
    });

    it("goes on under a tier's lock, up to the hard stop, which takes its place", () => {
      const locked = holding(failedHere(2, { ...byTier, ...consecutive(2) }), lease);
      const { state, didLock } = settle(locked, row, NOON, lease, 'failure', marks);
      expect(didLock).to.equal(true);
      expect(state).to.include({ cause: 'hardStop', tier: null, limit: 3, lockedUntil: FOREVER, failures: 2 });
    });

    it("stops one short of the hard stop under an operator's lock", () => {
      const blocked = holding(stateWith({ lockedUntil: NOON + HOUR, cause: 'operator', ...consecutive(2) }), lease);
      const { state, didLock } = settle(blocked, row, NOON, lease, 'failure', marks);
      expect(didLock).to.equal(false);
      expect(state).to.include({ cause: 'operator', consecutiveFailures: 2 });
    });

    it("passes a repeat under a tier's lock, or an old program would lead to the hard stop", () => {
      const locked = holding(failedHere(2, { ...byTier, ...consecutive(2) }), lease);
      const { state, isRepeat } = settle(locked, row, NOON, lease, 'failure', { ...marks, isRepeat: true });
      expect(isRepeat).to.equal(true);
      expect(state).to.deep.equal({ ...locked, leases: [], repeats: { count: 1, since: NOON } });
    });

    it("ends with a success under a tier's lock, which stays", () => {
      const locked = failedHere(2, byTier);
      const { state } = settle(holding({ ...locked, ...consecutive(2) }, lease), row, NOON, lease, 'success', marks);
      expect(state).to.deep.equal(locked);
    });

    it('has nothing to count without a hard stop', () => {
      const { state } = settle(
        stateWith({ leases: [lease] }),
        { ...row, hardStop: null },
        NOON,
        lease,
        'failure',
        marks,
      );
      expect(state).to.deep.equal(stateWith());
    });
  });

  describe('for a success', () => {
    it('takes back the failures of its source and keeps the other slots', () => {
      const before = holding(failedHere(2), lease, other);

      const { state, didLock } = settle(before, policy, NOON, lease, 'success', marks);

      expect(didLock).to.equal(false);
      expect(state).to.deep.equal(stateWith({ leases: [other], takenBackAt: [NOON, NOON] }));
    });

    it('keeps the failures if its source is unknown', () => {
      expect(settle(holding(failedHere(2), lease), policy, NOON, lease, 'success').state).to.deep.equal(failedHere(2));
    });

    it('keeps the failures if resetOnSuccess is false', () => {
      const rules = policyWith({ resetOnSuccess: false });
      const { state } = settle(holding(failedHere(2), lease), rules, NOON, lease, 'success', marks);
      expect(state).to.deep.equal(failedHere(2));
    });

    it('forgives everything, wherever it came from, if resetOnSuccess is all', () => {
      const before = {
        ...failedHere(2),
        failures: 5,
        consecutiveFailures: 5,
        takenBackAt: [NOON],
        leases: [lease, other],
      };
      const { state } = settle(before, policyWith({ resetOnSuccess: 'all' }), NOON, lease, 'success');
      expect(state).to.deep.equal(stateWith({ leases: [other] }));
    });

    for (const resetOnSuccess of [true, 'all', false] as const) {
      it(`keeps what was revoked where resetOnSuccess is ${resetOnSuccess}`, () => {
        const revocation = { before: NOON, until: NOON + DAY };
        const before = holding(failedHere(2, { revocation }), lease);
        expect(settle(before, policyWith({ resetOnSuccess }), NOON, lease, 'success', marks).state.revocation).to.equal(
          revocation,
        );
      });
    }

    it('ends no repeats of this minute where it takes all failures back', () => {
      const repeats = { count: 10, since: NOON };
      const before = holding(failedHere(2, { guesses: ['a'], repeats }), lease);
      const { state } = settle(before, policy, NOON, lease, 'success', marks);
      expect(state).to.deep.equal(stateWith({ takenBackAt: [NOON, NOON], repeats }));
    });

    it('lifts no lock that was set meanwhile', () => {
      const locked = failed(2, { lockedUntil: NOON + HOUR, by: 'admin' });
      expect(settle(holding(locked, lease), policy, NOON, lease, 'success').state).to.deep.equal(locked);
    });
  });

  describe('for the failure that locked, passed a second time,', () => {
    const locked = settle(holding(failed(2), lease), policy, NOON, lease, 'failure').state;

    it('returns the same tier again, since the first reply may have been lost', () => {
      const again = settle(locked, policy, NOON + SECOND, lease, 'failure');
      expect(again.didLock).to.equal(true);
      expect(again.state).to.equal(locked);
    });

    it('returns the tier for this lease only', () => {
      expect(settle(locked, policy, NOON + SECOND, other, 'failure').didLock).to.equal(false);
    });

    it('returns no tier once the lock is over', () => {
      const short = policyWith({ tiers: [{ failures: 3, cooloffMs: SECOND }] });
      const { state } = settle(holding(failed(2), lease), short, NOON, lease, 'failure');
      expect(settle(state, short, NOON + SECOND, lease, 'failure').didLock).to.equal(false);
    });

    it('returns no tier once an operator has locked instead', () => {
      const { state } = block(locked, NOON, { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: 'admin' });
      expect(settle(state, policy, NOON, lease, 'failure').didLock).to.equal(false);
    });
  });

  it('only frees the slot if the attempt was not judged', () => {
    const { state, didLock } = settle(holding(failed(2), lease, other), policy, NOON, lease, 'release');
    expect(didLock).to.equal(false);
    expect(state).to.deep.equal(holding(failed(2), other));
  });

  for (const verdict of VERDICTS) {
    it(`changes nothing when a ${verdict} is passed a second time`, () => {
      const first = settle(holding(failed(1), lease), policy, NOON, lease, verdict);
      const second = settle(first.state, policy, NOON + SECOND, lease, 'failure');
      expect(second.state).to.equal(first.state);
      expect(second.didLock).to.equal(false);
    });

    it(`F9 creates no record when a ${verdict} comes after the record was deleted`, () => {
      const { state, didLock } = settle(UNKNOWN_SUBJECT, policy, NOON, lease, verdict);
      expect(state).to.equal(UNKNOWN_SUBJECT);
      expect(didLock).to.equal(false);
    });
  }

  for (const verdict of ['success', 'release'] as const) {
    it(`F9 restores nothing when a late ${verdict} comes after the failures were forgotten`, () => {
      const { state } = settle(holding(failed(2), lease), policy, NOON + 2 * DAY, lease, verdict);
      expect(state).to.deep.equal(UNKNOWN_SUBJECT);
    });
  }

  it('F9 counts a late failure from zero, never from below, after the failures were forgotten', () => {
    const { state } = settle(holding(failed(2), lease), policy, NOON + 2 * DAY, lease, 'failure');
    expect(state).to.include({ failures: 1, firstFailureAt: NOON + 2 * DAY });
  });

  describe('under a lock', () => {
    const until = NOON + HOUR;
    const locked = (failures: number, changes: Partial<SubjectState> = {}) =>
      failed(failures, { lockedUntil: until, leases: [lease], ...changes });

    it('counts a failure without changing the lock', () => {
      const { state, didLock } = settle(locked(0, { tier: null, by: 'admin' }), policy, NOON, lease, 'failure');
      expect(didLock).to.equal(false);
      expect(state).to.include({ failures: 1, lockedUntil: until, tier: null, by: 'admin', lastFailureAt: NOON });
    });

    it('stops one short of the next tier, which must not be passed without its lock', () => {
      const { state, didLock } = settle(locked(2), policy, NOON + 1, lease, 'failure');
      expect(didLock).to.equal(false);
      expect(state).to.deep.equal(locked(2, { leases: [] }));
    });

    it('does not count past the last tier, where every failure would be a tier', () => {
      expect(settle(locked(12), policy, NOON, lease, 'failure').state.failures).to.equal(12);
    });

    it('does not start to forget before the lock ends', () => {
      expect(settle(locked(0), policy, NOON, lease, 'failure').state.forgetAt).to.equal(until + DAY);
    });

    it('starts to forget at a failure that is later than the end of the lock', () => {
      const rules = policyWith({ forgetFrom: 'first' });
      expect(settle(locked(0), rules, NOON, lease, 'failure').state.forgetAt).to.equal(NOON + DAY);
    });

    it('keeps the time of the first failure, or takes its own if the record does not know it', () => {
      const known = settle(locked(1), policy, NOON + 5, lease, 'failure').state;
      const unknown = settle(locked(1, { firstFailureAt: null }), policy, NOON + 5, lease, 'failure').state;
      expect([known.firstFailureAt, unknown.firstFailureAt]).to.deep.equal([NOON, NOON + 5]);
    });
  });

  const LONG_COOLOFFS = [
    { title: '25 days, beyond the 2^31 ms of a timer', cooloffMs: 25 * DAY },
    { title: '90 days', cooloffMs: 90 * DAY },
    { title: '10 years', cooloffMs: 3_650 * DAY },
  ];
  for (const { title, cooloffMs } of LONG_COOLOFFS) {
    it(`F15 F50 locks for ${title}, to the millisecond`, () => {
      const rules = policyWith({ tiers: [{ failures: 1, cooloffMs }] });
      const { state } = settle(holding(UNKNOWN_SUBJECT, lease), rules, NOON, lease, 'failure');
      expect(state.lockedUntil).to.equal(NOON + cooloffMs);
      expect(state.forgetAt).to.equal(NOON + cooloffMs + DAY);
    });
  }

  it('F15 locks until reset, and forgets nothing before that', () => {
    const rules = policyWith({ tiers: [{ failures: 1, cooloffMs: FOREVER }] });
    const { state } = settle(holding(UNKNOWN_SUBJECT, lease), rules, NOON, lease, 'failure');
    expect(state).to.include({ lockedUntil: FOREVER, forgetAt: FOREVER, failures: 1 });
  });

  const LONG_MEMORIES = [
    { title: '90 days', forgetAfterMs: 90 * DAY },
    { title: 'for ever', forgetAfterMs: FOREVER },
  ];
  for (const { title, forgetAfterMs } of LONG_MEMORIES) {
    it(`F50 remembers failures ${title}`, () => {
      const rules = policyWith({ forgetAfterMs });
      const { state } = settle(holding(UNKNOWN_SUBJECT, lease), rules, NOON, lease, 'failure');
      expect(state.forgetAt).to.equal(NOON + forgetAfterMs);
    });
  }
});
