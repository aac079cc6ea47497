import { expect } from 'chai';
import {
  block,
  erase,
  type Restoration,
  reset,
  resetLockedBy,
  restore,
  revokeDevices,
} from '../../lib/policy/manage.js';
import { currentState, expiresAt, keptUntil, mattersUntil, UNKNOWN_SUBJECT } from '../../lib/policy/state.js';
import { DAY, failed, HOUR, MINUTE, NOON, stateWith } from './examples.js';

describe('The policy function', () => {
  const order = { forMs: HOUR, forgetAfterMs: DAY, reason: 'credential stuffing', by: 'admin' };

  describe('restore', () => {
    const lifted: Restoration = {
      failures: 3,
      lockedUntil: NOON + HOUR,
      forgetAt: NOON + DAY,
      firstFailureAt: NOON - HOUR,
      lastFailureAt: NOON - MINUTE,
      cause: 'tier',
      tier: 1,
      limit: 3,
      reason: null,
      by: null,
      lockedBy: 'lease',
    };

    it('locks an unknown subject as it was locked', () => {
      expect(restore(UNKNOWN_SUBJECT, NOON, lifted)?.state).to.deep.equal(stateWith(lifted));
    });

    it('keeps the larger number of failures, the first and the last date', () => {
      const since = failed(4, { firstFailureAt: NOON - MINUTE, lastFailureAt: NOON, forgetAt: NOON + 2 * DAY });
      expect(restore(since, NOON, lifted)?.state).to.include({
        failures: 4,
        firstFailureAt: NOON - HOUR,
        lastFailureAt: NOON,
        forgetAt: NOON + 2 * DAY,
        lockedUntil: NOON + HOUR,
      });
    });

    it('does nothing to a subject that is locked, and nothing when the lock would have ended', () => {
      expect(restore(stateWith({ lockedUntil: NOON + 1 }), NOON, lifted)).to.equal(null);
      expect(restore(UNKNOWN_SUBJECT, NOON + HOUR, lifted)).to.equal(null);
    });
  });

  describe('block', () => {
    it('locks an unknown subject', () => {
      const { state, wasLocked } = block(UNKNOWN_SUBJECT, NOON, order);
      expect(wasLocked).to.equal(false);
      expect(state).to.deep.equal(
        stateWith({ lockedUntil: NOON + HOUR, cause: 'operator', reason: 'credential stuffing', by: 'admin' }),
      );
    });

    const LOCKS = [
      { title: 'shortens', lockedUntil: NOON + DAY },
      { title: 'prolongs', lockedUntil: NOON + MINUTE },
      { title: 'ends the endlessness of', lockedUntil: Number.POSITIVE_INFINITY },
    ];
    for (const { title, lockedUntil } of LOCKS) {
      it(`${title} a lock, as no traffic can`, () => {
        const { state, wasLocked } = block(failed(3, { lockedUntil, tier: 0 }), NOON, order);
        expect(wasLocked).to.equal(true);
        expect(state).to.include({ lockedUntil: NOON + HOUR, cause: 'operator', tier: null, by: 'admin', failures: 3 });
      });
    }

    it('locks until reset', () => {
      const { state } = block(UNKNOWN_SUBJECT, NOON, { ...order, forMs: Number.POSITIVE_INFINITY });
      expect(state.lockedUntil).to.equal(Number.POSITIVE_INFINITY);
    });

    it('keeps the slots of attempts being verified, and drops those that have timed out', () => {
      const live = { id: 'live', until: NOON + 1 };
      const { state } = block(stateWith({ leases: [{ id: 'over', until: NOON }, live] }), NOON, order);
      expect(state.leases).to.deep.equal([live]);
    });
  });

  describe('reset', () => {
    it('lifts the lock and forgets the failures', () => {
      const { state, wasLocked } = reset(failed(3, { lockedUntil: NOON + HOUR, tier: 0 }), NOON);
      expect(wasLocked).to.equal(true);
      expect(state).to.equal(UNKNOWN_SUBJECT);
    });

    it('reports that nothing was locked if the lock was over', () => {
      expect(reset(failed(3, { lockedUntil: NOON }), NOON).wasLocked).to.equal(false);
    });

    it('keeps the slots of attempts being verified, so that a burst across a reset stays within the limit', () => {
      const leases = [{ id: 'live', until: NOON + 1 }];
      expect(reset(failed(2, { leases }), NOON).state).to.deep.equal(stateWith({ leases }));
    });
  });

  describe('resetLockedBy', () => {
    const locked = failed(3, { lockedUntil: NOON + HOUR, tier: 0, lockedBy: 'the third' });

    it('clears the lock set by this lease', () => {
      expect(resetLockedBy(locked, NOON, 'the third')).to.deep.equal({ state: UNKNOWN_SUBJECT, wasLocked: true });
    });

    it('keeps the lock of another lease or of an operator, and a lock that is over', () => {
      expect(resetLockedBy(locked, NOON, 'the second')).to.equal(null);
      expect(resetLockedBy(block(locked, NOON, order).state, NOON, 'the third')).to.equal(null);
      expect(resetLockedBy(locked, NOON + HOUR, 'the third')).to.equal(null);
    });
  });

  describe('revokeDevices', () => {
    const forMs = 365 * DAY;
    const revocation = { before: NOON + 1, until: NOON + forMs };

    it('revokes what was issued until this very millisecond, for as long as it would have been accepted', () => {
      expect(revokeDevices(UNKNOWN_SUBJECT, NOON, { forMs })).to.deep.equal(stateWith({ revocation }));
    });

    it('leaves everything else as it is', () => {
      const state = failed(3, { lockedUntil: NOON + HOUR, tier: 0, leases: [{ id: 'live', until: NOON + 1 }] });
      expect(revokeDevices(state, NOON, { forMs })).to.deep.equal({ ...state, revocation });
    });

    it('takes nothing back of an earlier revocation: not when the clock was put back, nor by a shorter one', () => {
      const revoked = stateWith({ revocation });
      expect(revokeDevices(revoked, NOON - HOUR, { forMs: HOUR })).to.deep.equal(revoked);
    });

    it('knows nothing of an earlier revocation that is over', () => {
      const revoked = stateWith({ revocation: { before: NOON + HOUR, until: NOON } });
      expect(revokeDevices(revoked, NOON, { forMs }).revocation).to.deep.equal(revocation);
    });

    it('keeps the record until it is over, though there is nothing to see', () => {
      const revoked = stateWith({ revocation });
      expect([expiresAt(revoked), keptUntil(revoked), mattersUntil(revoked)]).to.deep.equal([
        NOON + forMs,
        NOON + forMs,
        0,
      ]);
      expect(currentState(revoked, NOON + forMs - 1)).to.equal(revoked);
      expect(currentState(revoked, NOON + forMs)).to.deep.equal(UNKNOWN_SUBJECT);
    });

    it('outlives the failures, a reset, a block and a lock that was lifted, but not the subject', () => {
      const locked = failed(3, { lockedUntil: NOON + HOUR, tier: 0, lockedBy: 'the third', revocation });
      const order = { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: null };
      expect(currentState(locked, NOON + 2 * DAY)).to.deep.equal(stateWith({ revocation }));
      expect(reset(locked, NOON).state).to.deep.equal(stateWith({ revocation }));
      expect(block(locked, NOON, order).state.revocation).to.equal(revocation);
      expect(resetLockedBy(locked, NOON, 'the third')?.state).to.deep.equal(stateWith({ revocation }));
      expect(erase(locked, NOON)).to.deep.equal({ state: UNKNOWN_SUBJECT, wasLocked: true });
    });
  });
});
