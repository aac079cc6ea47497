/** What the final action of a strategy means for the credentials. */
import { expect } from 'chai';
import { type VerdictRules, verdictOf, withAttemptsLeft } from '../../lib/passport/verdict.js';

const RULES: VerdictRules = {
  rules: {},
  profile: { countsFailures: true, passIsFailure: false },
};
const PROVIDER: VerdictRules = { ...RULES, profile: { countsFailures: false, passIsFailure: false } };
const PASSING: VerdictRules = { ...RULES, profile: { countsFailures: true, passIsFailure: true } };
const unauthorized = Object.assign(new Error('wrong'), { status: 401 });

describe('The verdict:', () => {
  describe('verdictOf', () => {
    for (const [what, rules, action, args, verdict] of [
      ['returns success for success', RULES, 'success', [{ id: 1 }], 'success'],
      ['returns failure for fail', RULES, 'fail', [{ message: 'wrong' }], 'failure'],
      ['returns failure for fail with a challenge', RULES, 'fail', ['Basic realm="Users"'], 'failure'],
      ['returns failure for fail with 401', RULES, 'fail', [{ message: 'wrong' }, 401], 'failure'],
      ['returns failure for fail with 499', RULES, 'fail', [{ message: 'wrong' }, 499], 'failure'],
      ['returns release for fail with 500', RULES, 'fail', [{ message: 'down' }, 500], 'release'],
      ['returns release for fail with 503 alone', RULES, 'fail', [503], 'release'],
      ['X14 counts fail with a code of the application, 1001', RULES, 'fail', [1001], 'failure'],
      ['returns release for a redirect', RULES, 'redirect', ['/login'], 'release'],
      ['returns release for pass', RULES, 'pass', [], 'release'],
      ['returns failure for pass if a wrong credential ends so', PASSING, 'pass', [], 'failure'],
      ['returns release for fail if a provider has judged', PROVIDER, 'fail', [], 'release'],
      ['returns release for an error', RULES, 'error', [new Error('database is down')], 'release'],
      ['returns failure for an error with 401', RULES, 'error', [unauthorized], 'failure'],
      ['returns release for an error with 401 if a provider has judged', PROVIDER, 'error', [unauthorized], 'release'],
      ['returns release for an error with 500', RULES, 'error', [{ status: 500 }], 'release'],
      ['returns release for an error that is not an object', RULES, 'error', ['down'], 'release'],
      ['returns release for an error that is null', RULES, 'error', [null], 'release'],
    ] as const) {
      it(what, () => {
        expect(verdictOf(rules, { name: action, args }, {}, false)).to.equal(verdict);
      });
    }

    for (const [what, rules, action, args, verdict] of [
      ['returns failure for pass', RULES, 'pass', [], 'failure'],
      ['returns failure for a redirect', RULES, 'redirect', ['/login'], 'failure'],
      ['returns failure for an error', RULES, 'error', [new Error('no')], 'failure'],
      ['returns success for success', RULES, 'success', [{ id: 1 }], 'success'],
      ['returns release for fail with 503', RULES, 'fail', [503], 'release'],
      ['returns release for pass if a provider has judged', PROVIDER, 'pass', [], 'release'],
      ['returns release for an error if a provider has judged', PROVIDER, 'error', [unauthorized], 'release'],
    ] as const) {
      it(`${what} after verify has said no`, () => {
        expect(verdictOf(rules, { name: action, args }, {}, true)).to.equal(verdict);
      });
    }

    it('leaves the last word to isFailure', () => {
      const req = {};
      const isFailure = (seen: object) => {
        expect(seen).to.deep.equal({ called: 'success', args: ['alice'], req });
        return true;
      };
      const failing = { ...RULES, rules: { isFailure } };
      const forgiving = { ...RULES, rules: { isFailure: () => false } };
      expect(verdictOf(failing, { name: 'success', args: ['alice'] }, req, false)).to.equal('failure');
      expect(verdictOf(forgiving, { name: 'fail', args: [] }, req, true)).to.equal('release');
    });
  });

  describe('withAttemptsLeft', () => {
    for (const [what, args, expected] of [
      ['adds the number to an info', [{ message: 'wrong' }, 401], [{ message: 'wrong', attemptsLeft: 2 }, 401]],
      ['makes an info if there is none', [], [{ attemptsLeft: 2 }]],
      ['makes an info of null', [null, 401], [{ attemptsLeft: 2 }, 401]],
      ['leaves a challenge as it is', ['Bearer', 401], ['Bearer', 401]],
      ['leaves a list of challenges as it is', [['Bearer', 'Basic']], [['Bearer', 'Basic']]],
    ] as const) {
      it(what, () => {
        expect(withAttemptsLeft(args, 2)).to.deep.equal(expected);
      });
    }
  });
});
