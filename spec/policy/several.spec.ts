import { expect } from 'chai';
import { type ReserveRequest, reserveAll, type SettleRequest, settleAll } from '../../lib/policy/several.js';
import { type SubjectState, UNKNOWN_SUBJECT } from '../../lib/policy/state.js';
import { failed, MINUTE, NOON, policyWith, SECOND, stateWith } from './examples.js';

const policy = policyWith();
const LEASE = { id: 'mine', until: NOON + SECOND };
const busy = stateWith({ leases: ['a', 'b', 'c'].map((id) => ({ id, until: NOON + SECOND })) });
const locked = stateWith({ failures: 3, lockedUntil: NOON + MINUTE, forgetAt: NOON + MINUTE });

const asked = (state: SubjectState, leaseId: string | null = 'mine'): ReserveRequest => ({ state, policy, leaseId });
const outcomes = (...all: readonly ReserveRequest[]) => reserveAll(all, NOON).map(({ outcome }) => outcome);

describe('policy/several', () => {
  it('takes a slot of each subject', () => {
    expect(outcomes(asked(UNKNOWN_SUBJECT), asked(stateWith({ failures: 2 })))).to.deep.equal(['taken', 'taken']);
  });

  for (const [name, state, outcome] of [
    ['busy', busy, 'busy'],
    ['locked', locked, 'locked'],
  ] as const) {
    it(`takes none where one is ${name}, wherever it stands`, () => {
      expect(outcomes(asked(state), asked(UNKNOWN_SUBJECT))).to.deep.equal([outcome, 'free']);
      expect(outcomes(asked(UNKNOWN_SUBJECT), asked(state))).to.deep.equal(['free', outcome]);
    });

    it(`takes the others where one that is only looked at is ${name}`, () => {
      const [looked, other] = outcomes(asked(state, null), asked(UNKNOWN_SUBJECT));
      expect([looked === 'locked', other]).to.deep.equal([outcome === 'locked', 'taken']);
    });
  }

  it('leaves the state as it stands now of what is not taken', () => {
    const past = stateWith({ leases: [{ id: 'past', until: NOON }] });
    const [first] = reserveAll([asked(past), asked(locked)], NOON);
    expect(first).to.deep.equal({ outcome: 'free', state: stateWith({}) });
  });

  it('still takes what was taken before under the same id, where another is refused', () => {
    expect(outcomes(asked(stateWith({ leases: [LEASE] })), asked(locked))).to.deep.equal(['taken', 'locked']);
  });

  it('takes no slot anew whose lease is over, where another is refused', () => {
    const over = stateWith({ leases: [{ id: 'mine', until: NOON }] });
    expect(outcomes(asked(over), asked(locked))).to.deep.equal(['free', 'locked']);
  });

  describe('with verdicts that follow guesses', () => {
    const told = (state: SubjectState, marks: SettleRequest['marks']): SettleRequest => {
      return { state: { ...state, leases: [LEASE] }, policy, lease: LEASE, verdict: 'failure', marks };
    };
    const remembering = failed(1, { guesses: ['old'] });
    const repeats = (...all: readonly SettleRequest[]) => settleAll(all, NOON).map(({ isRepeat }) => isRepeat);
    const follower = told(UNKNOWN_SUBJECT, { followsGuess: true });

    it('counts them if a guess counts, wherever it stands', () => {
      expect(repeats(told(remembering, { guess: 'new' }), follower)).to.deep.equal([false, false]);
      expect(repeats(follower, told(remembering, { guess: 'new' }))).to.deep.equal([false, false]);
    });

    it('does not count them if the guess is a repeat, wherever it stands', () => {
      expect(repeats(told(remembering, { guess: 'old' }), follower)).to.deep.equal([true, true]);
      expect(repeats(follower, told(remembering, { guess: 'old' }))).to.deep.equal([true, true]);
    });

    it('counts them if one of two guesses counts', () => {
      const both = [told(remembering, { guess: 'old' }), told(UNKNOWN_SUBJECT, { guess: 'old' })];
      expect(repeats(...both, follower)).to.deep.equal([true, false, false]);
    });

    it('counts them if there is no guess', () => {
      expect(repeats(follower, told(remembering, {}))).to.deep.equal([false, false]);
    });
  });
});
