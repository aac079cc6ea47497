import { expect } from 'chai';
import { onlyErrors } from '../../../lib/checks/runtime/findings.js';

class WrongPassword extends Error {}

describe('The isFailure recommended by the warning about errors only', () => {
  const rules = [...onlyErrors('local').message.matchAll(/\{ isFailure: (.+?) \} for (a strategy|protect)/g)];

  for (const [, text, what] of rules) {
    it(`X14 counts the error that says wrong, and nothing else, for ${what}`, () => {
      const isFailure = new Function('WrongPassword', `return ${text}`)(WrongPassword);
      const error = new WrongPassword();
      expect(isFailure({ called: 'error', args: [error], error })).to.equal(true);
      expect(isFailure({ called: 'fail', args: ['no', 401], result: false })).to.equal(undefined);
      const other = new Error('the directory is down');
      expect(isFailure({ called: 'error', args: [other], error: other })).to.equal(undefined);
    });
  }

  it('X14 has a version for a strategy and one for protect', () => {
    expect(rules.map(([, , what]) => what)).to.deep.equal(['a strategy', 'protect']);
  });
});
