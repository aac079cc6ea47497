import { expect } from 'chai';
import { freeSlots, reserve } from '../../lib/policy/reserve.js';
import { UNKNOWN_SUBJECT } from '../../lib/policy/state.js';
import { DAY, failed, MINUTE, NOON, policyWith, SECOND, stateWith } from './examples.js';
import { Guessing } from './guessing.js';

describe('The policy function reserve', () => {
  const policy = policyWith();

  it('grants the first attempt a slot for the lease timeout', () => {
    const reservation = reserve(UNKNOWN_SUBJECT, policy, NOON, 'first');
    const lease = { id: 'first', until: NOON + 30 * SECOND };
    expect(reservation).to.deep.equal({
      outcome: 'taken',
      lease,
      state: stateWith({ leases: [lease] }),
      freeSlots: 2,
    });
  });

  it('grants as many slots as there are failures left until the lock, then none', () => {
    const subject = new Guessing(policy);
    const outcomes = Array.from({ length: 60 }, () => subject.reserve().outcome);
    expect(outcomes.slice(0, 3)).to.deep.equal(['taken', 'taken', 'taken']);
    expect(new Set(outcomes.slice(3))).to.deep.equal(new Set(['busy']));
    expect(subject.state.leases).to.have.lengthOf(3);
  });

  it('changes nothing when it is busy', () => {
    const leases = [{ id: 'a', until: NOON + 1 }];
    const state = failed(2, { leases });
    const reservation = reserve(state, policy, NOON, 'b');
    expect(reservation.outcome).to.equal('busy');
    expect(reservation.state).to.equal(state);
  });

  it('returns the same lease for a repeated call and changes nothing', () => {
    const { state } = reserve(UNKNOWN_SUBJECT, policy, NOON, 'same');
    const again = reserve(state, policy, NOON + SECOND, 'same');
    const lease = { id: 'same', until: NOON + 30 * SECOND };
    expect(again).to.deep.equal({ outcome: 'taken', lease, state, freeSlots: 2 });
  });

  it('returns the lease of a repeated call even when all slots are taken', () => {
    const leases = [{ id: 'same', until: NOON + 1 }];
    expect(reserve(failed(2, { leases }), policy, NOON, 'same').outcome).to.equal('taken');
  });

  it('grants a new slot to an id whose lease is over', () => {
    const leases = [{ id: 'same', until: NOON }];
    const { outcome, state } = reserve(failed(2, { leases }), policy, NOON, 'same');
    expect(outcome).to.equal('taken');
    expect(state.leases).to.deep.equal([{ id: 'same', until: NOON + 30 * SECOND }]);
  });

  it('takes back slots that have timed out', () => {
    const leases = ['a', 'b', 'c'].map((id) => ({ id, until: NOON }));
    const { outcome, state } = reserve(stateWith({ leases }), policy, NOON, 'd');
    expect(outcome).to.equal('taken');
    expect(state.leases.map(({ id }) => id)).to.deep.equal(['d']);
  });

  it('refuses a locked subject and changes nothing', () => {
    const state = failed(3, { lockedUntil: NOON + MINUTE, forgetAt: NOON + MINUTE + DAY, tier: 0 });
    const reservation = reserve(state, policy, NOON, 'knock');
    expect(reservation.outcome).to.equal('locked');
    expect(reservation.state).to.equal(state);
  });

  it('refuses even the holder of a lease once the subject is locked', () => {
    const state = failed(1, { lockedUntil: NOON + MINUTE, leases: [{ id: 'mine', until: NOON + 1 }] });
    expect(reserve(state, policy, NOON, 'mine').outcome).to.equal('locked');
  });

  it('grants the slots of the next tier when a lock is over', () => {
    const subject = new Guessing(policy);
    subject.state = failed(3, { lockedUntil: NOON });
    const outcomes = Array.from({ length: 4 }, () => subject.reserve().outcome);
    expect(outcomes).to.deep.equal(['taken', 'taken', 'taken', 'busy']);
  });

  it('X48 grants no more slots at once than the first tier has, which is all that fits below it after a reset', () => {
    const subject = new Guessing(policy);
    subject.state = failed(6, { lockedUntil: NOON });
    const outcomes = Array.from({ length: 4 }, () => subject.reserve().outcome);
    expect(outcomes).to.deep.equal(['taken', 'taken', 'taken', 'busy']);
  });

  it('grants one slot at a time past the last tier', () => {
    const subject = new Guessing(policy);
    subject.state = failed(10, { lockedUntil: NOON });
    expect([subject.reserve().outcome, subject.reserve().outcome]).to.deep.equal(['taken', 'busy']);
  });

  it('starts from zero when the failures are forgotten', () => {
    const { state } = reserve(failed(5), policy, NOON + DAY, 'late');
    expect(state.failures).to.equal(0);
    expect(freeSlots(state, policy)).to.equal(2);
  });

  it('counts as free slots the failures left minus the attempts being verified', () => {
    const leases = [{ id: 'a', until: NOON + 1 }];
    expect(freeSlots(UNKNOWN_SUBJECT, policy)).to.equal(3);
    expect(freeSlots(failed(1, { leases }), policy)).to.equal(1);
    expect(freeSlots(failed(2, { leases }), policy)).to.equal(0);
  });

  describe('the row alone', () => {
    const hardStop = { failures: 5, forgetAfterMs: DAY };
    const row = policyWith({ hardStop, rowOnly: true });

    for (const [title, changes, outcome] of [
      ["is not refused by a tier's lock", { tier: 0, cause: 'tier' }, 'taken'],
      ["is refused by an operator's lock", { tier: null, cause: 'operator' }, 'locked'],
      ["is refused by the hard stop's lock", { tier: null, cause: 'hardStop' }, 'locked'],
    ] as const) {
      it(title, () => {
        const state = failed(3, { lockedUntil: NOON + MINUTE, ...changes });
        expect(reserve(state, row, NOON, 'mine').outcome).to.equal(outcome);
        expect(reserve(state, row, NOON, null).outcome).to.equal(outcome === 'taken' ? 'free' : 'locked');
      });
    }

    it('has the slots that are left until the hard stop, whoever holds the others', () => {
      const leases = [{ id: 'a', until: NOON + 1 }];
      expect(freeSlots(failed(2, { consecutiveFailures: 2, leases }), row)).to.equal(2);
      expect(freeSlots(failed(2, { leases }), { ...row, hardStop: null })).to.equal(Number.POSITIVE_INFINITY);
    });
  });

  it('F12 changes nothing when it is called all day long under a lock', () => {
    const subject = new Guessing(policy);
    subject.state = failed(10, { lockedUntil: NOON + DAY, forgetAt: NOON + 2 * DAY, tier: 2 });
    const locked = subject.state;
    for (; subject.now < NOON + DAY; subject.now += MINUTE) {
      expect(subject.reserve().outcome).to.equal('locked');
      expect(subject.state).to.equal(locked);
    }
    expect(subject.reserve().outcome).to.equal('taken');
  });
});
