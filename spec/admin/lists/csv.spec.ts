import { expect } from 'chai';
import { toCsvLine } from '../../../lib/admin/lists/csv.js';

describe('A line of CSV', () => {
  it('has every cell in quotes, and ends as RFC 4180 says', () => {
    expect(toCsvLine(['a', 5, null, 'b,c;d\te'])).to.equal('"a","5","","b,c;d\te"\r\n');
  });

  it('doubles quotes, so that no value ends its cell', () => {
    expect(toCsvLine(['"', '","=1+1'])).to.equal('"""",""",""=1+1"\r\n');
  });

  for (const first of [
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    '＝',
    '＋',
    '－',
    '＠',
    ' =',
    '\u00a0\u3000@',
    '\ufeff+',
  ]) {
    it(`is no formula if a value begins with ${JSON.stringify(first)}`, () => {
      expect(toCsvLine([`${first}cmd|' /C calc'!A1`])).to.equal(`"'${first}cmd|' /C calc'!A1"\r\n`);
    });
  }

  it('leaves a sign in the middle of a value alone', () => {
    expect(toCsvLine(['a=b', 'x@example.com', '1-2'])).to.equal('"a=b","x@example.com","1-2"\r\n');
  });
});
