import { expect } from 'chai';
import { currentState, expiresAt, isLocked, resetState, UNKNOWN_SUBJECT } from '../../lib/policy/state.js';
import { DAY, failed, MINUTE, NOON, stateWith } from './examples.js';

const FOREVER = Number.POSITIVE_INFINITY;

describe('The state of a subject:', () => {
  it('an unknown subject has an empty state that nobody can write into', () => {
    expect(UNKNOWN_SUBJECT).to.include({ failures: 0, lockedUntil: 0, forgetAt: 0 });
    expect(Object.isFrozen(UNKNOWN_SUBJECT)).to.equal(true);
    expect(Object.isFrozen(UNKNOWN_SUBJECT.leases)).to.equal(true);
  });

  it('isLocked holds until the very millisecond at which the lock ends', () => {
    const state = failed(3, { lockedUntil: NOON + MINUTE });
    expect(isLocked(state, NOON + MINUTE - 1)).to.equal(true);
    expect(isLocked(state, NOON + MINUTE)).to.equal(false);
  });

  it('isLocked holds for ever when locked until reset', () => {
    expect(isLocked(failed(3, { lockedUntil: FOREVER }), Number.MAX_SAFE_INTEGER)).to.equal(true);
  });

  describe('currentState', () => {
    it('returns the same object while nothing is over', () => {
      const state = failed(2, { leases: [{ id: 'a', until: NOON + 1 }] });
      expect(currentState(state, NOON)).to.equal(state);
    });

    it('drops leases that have timed out and keeps the others', () => {
      const leases = [
        { id: 'over', until: NOON },
        { id: 'live', until: NOON + 1 },
      ];
      const state = currentState(failed(1, { leases }), NOON);
      expect(state.leases).to.deep.equal([{ id: 'live', until: NOON + 1 }]);
      expect(state.failures).to.equal(1);
    });

    it('forgets failures at the millisecond they are due', () => {
      const state = failed(2, { forgetAt: NOON + DAY });
      expect(currentState(state, NOON + DAY - 1).failures).to.equal(2);
      expect(currentState(state, NOON + DAY)).to.equal(UNKNOWN_SUBJECT);
    });

    it('keeps nothing of a lock that has ended if there are no failures, however long they would be remembered', () => {
      const state = stateWith({ lockedUntil: NOON, forgetAt: NOON + DAY, by: 'admin', cause: 'operator' });
      expect(currentState(state, NOON)).to.equal(UNKNOWN_SUBJECT);
      expect(currentState(state, NOON - 1)).to.equal(state);
    });

    it('keeps the leases when it forgets the failures', () => {
      const lease = { id: 'live', until: NOON + DAY + MINUTE };
      const state = currentState(failed(2, { leases: [lease] }), NOON + DAY);
      expect(state).to.deep.equal(stateWith({ leases: [lease] }));
    });

    it('forgets nothing under a lock', () => {
      const state = failed(3, { forgetAt: NOON, lockedUntil: NOON + DAY });
      expect(currentState(state, NOON + DAY - 1).failures).to.equal(3);
      expect(currentState(state, NOON + DAY).failures).to.equal(0);
    });

    it('does not modify its argument', () => {
      const state = failed(2, { leases: [{ id: 'over', until: NOON }] });
      currentState(state, NOON + 2 * DAY);
      expect(state).to.deep.equal(failed(2, { leases: [{ id: 'over', until: NOON }] }));
    });
  });

  describe('resetState', () => {
    it('returns that of an unknown subject', () => {
      expect(resetState(failed(5, { lockedUntil: FOREVER, by: 'admin' }))).to.equal(UNKNOWN_SUBJECT);
    });

    it('keeps the leases', () => {
      const leases = [{ id: 'a', until: NOON + 1 }];
      expect(resetState(failed(5, { leases }))).to.deep.equal(stateWith({ leases }));
    });
  });

  describe('expiresAt', () => {
    const EXPIRIES = [
      { title: 'at once when nothing is known', state: UNKNOWN_SUBJECT, at: 0 },
      { title: 'when the failures are forgotten', state: failed(1), at: NOON + DAY },
      {
        title: 'when the lock ends, if that is later',
        state: failed(1, { lockedUntil: NOON + 2 * DAY }),
        at: NOON + 2 * DAY,
      },
      { title: 'never under a lock until reset', state: stateWith({ lockedUntil: FOREVER }), at: FOREVER },
      {
        title: 'when the last lease ends, if that is the latest',
        state: stateWith({
          leases: [
            { id: 'b', until: NOON + 2 },
            { id: 'a', until: NOON + 1 },
          ],
        }),
        at: NOON + 2,
      },
      { title: 'whatever forgetAt says when there is no failure', state: stateWith({ forgetAt: NOON + DAY }), at: 0 },
    ];
    for (const { title, state, at } of EXPIRIES) {
      it(`ends the record ${title}`, () => {
        expect(expiresAt(state)).to.equal(at);
      });
    }
  });
});
