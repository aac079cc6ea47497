/** What the final action of a strategy says about the credentials. */
import { expect } from 'chai';
import { type VerdictRules, verdictOf, withAttemptsLeft } from '../../lib/passport/verdict.js';

const RULES: VerdictRules = {
  rules: {},
  profile: { countsFailures: true, passIsFailure: false },
};
const PROVIDER: VerdictRules = { ...RULES, profile: { countsFailures: false, passIsFailure: false } };
const PASSING: VerdictRules = { ...RULES, profile: { countsFailures: true, passIsFailure: true } };
const unauthorized = Object.assign(new Error('wrong'), { status: 401 });

describe('passport/verdict', () => {
  describe('verdictOf', () => {
    for (const [what, rules, action, args, verdict] of [
      ['takes success for a success', RULES, 'success', [{ id: 1 }], 'success'],
      ['takes fail for a failure', RULES, 'fail', [{ message: 'wrong' }], 'failure'],
      ['takes fail with a challenge for a failure', RULES, 'fail', ['Basic realm="Users"'], 'failure'],
      ['takes fail with 401 for a failure', RULES, 'fail', [{ message: 'wrong' }, 401], 'failure'],
      ['takes fail with 499 for a failure', RULES, 'fail', [{ message: 'wrong' }, 499], 'failure'],
      ['judges nothing by fail with 500', RULES, 'fail', [{ message: 'down' }, 500], 'release'],
      ['judges nothing by fail with 503 alone', RULES, 'fail', [503], 'release'],
      ['X14 counts fail with a code of the application, 1001', RULES, 'fail', [1001], 'failure'],
      ['judges nothing by a redirect', RULES, 'redirect', ['/login'], 'release'],
      ['judges nothing by pass', RULES, 'pass', [], 'release'],
      ['takes pass for a failure where a wrong credential ends so', PASSING, 'pass', [], 'failure'],
      ['judges nothing by fail where a provider has judged', PROVIDER, 'fail', [], 'release'],
      ['judges nothing by an error', RULES, 'error', [new Error('database is down')], 'release'],
      ['takes an error with 401 for a failure', RULES, 'error', [unauthorized], 'failure'],
      ['judges nothing by an error with 401 where a provider has judged', PROVIDER, 'error', [unauthorized], 'release'],
      ['judges nothing by an error with 500', RULES, 'error', [{ status: 500 }], 'release'],
      ['judges nothing by an error that is no object', RULES, 'error', ['down'], 'release'],
      ['judges nothing by an error that is null', RULES, 'error', [null], 'release'],
    ] as const) {
      it(what, () => {
        expect(verdictOf(rules, { name: action, args }, {}, false)).to.equal(verdict);
      });
    }

    for (const [what, rules, action, args, verdict] of [
      ['takes pass for a failure', RULES, 'pass', [], 'failure'],
      ['takes a redirect for a failure', RULES, 'redirect', ['/login'], 'failure'],
      ['takes an error for a failure', RULES, 'error', [new Error('no')], 'failure'],
      ['takes success for a success', RULES, 'success', [{ id: 1 }], 'success'],
      ['judges nothing by fail with 503', RULES, 'fail', [503], 'release'],
      ['judges nothing by pass where a provider has judged', PROVIDER, 'pass', [], 'release'],
      ['judges nothing by an error where a provider has judged', PROVIDER, 'error', [unauthorized], 'release'],
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
      ['adds them to an info', [{ message: 'wrong' }, 401], [{ message: 'wrong', attemptsLeft: 2 }, 401]],
      ['makes an info where there is none', [], [{ attemptsLeft: 2 }]],
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
