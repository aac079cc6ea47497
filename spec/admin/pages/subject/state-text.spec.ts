/** The state of a subject in sentences. */
import { expect } from 'chai';
import { stateText } from '../../../../lib/admin/pages/subject/state-text.js';
import { HOUR, lock, NOW } from '../../../support/fixtures/now-snapshots.js';
import { lockedName, unknownName } from '../../../support/fixtures/subject-snapshots.js';

describe('stateText', () => {
  it('says how long a lock holds, and what comes next', () => {
    expect(stateText({ ...lockedName, hardStop: null })).to.equal(
      'Locked for 1 h 48 m more. 6 failures; at 10 it is locked for 1 d.',
    );
  });

  it('says that an operator blocked it until reset', () => {
    const blocked = { ...lock({ cause: 'operator', until: null }), since: NOW - HOUR };
    expect(stateText({ ...unknownName, lock: blocked })).to.equal(
      'Blocked by an operator until reset. No failures; at 3 it is locked for 15 m.',
    );
  });

  it('says that nothing has happened', () => {
    expect(stateText(unknownName)).to.equal('Not locked. No failures; at 3 it is locked for 15 m.');
  });

  it('says that past the ladder every failure locks', () => {
    expect(stateText({ ...unknownName, failures: 120 })).to.equal(
      'Not locked. 120 failures; every further failure locks it again.',
    );
  });

  it('names a tier without an end', () => {
    expect(stateText({ ...unknownName, failures: 10 })).to.equal(
      'Not locked. 10 failures; at 100 it is locked until reset.',
    );
  });

  it('warns of the hard stop once it is half way there', () => {
    expect(stateText({ ...unknownName, consecutiveFailures: 49 })).to.not.contain('in a row');
    expect(stateText({ ...unknownName, consecutiveFailures: 50 })).to.contain(
      '50 failures in a row; at 100 it is locked until reset.',
    );
  });

  it('needs no ladder', () => {
    expect(stateText({ ...unknownName, steps: [] })).to.equal('Not locked. No failures.');
  });
});
