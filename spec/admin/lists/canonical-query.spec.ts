import { expect } from 'chai';
import { canonicalQuery } from '../../../lib/admin/lists/canonical-query.js';
import { expectLinearTime } from '../../support/tools/growth.js';

const NOW = Date.parse('2026-11-26T14:00:00Z');
const canonical = (search: string) => canonicalQuery(new URLSearchParams(search), NOW);

describe('The address of a list', () => {
  it('stays as it is without a range and empty fields', () => {
    expect(canonical('username=alice&not-ip=a&not-ip=b')).to.equal(undefined);
  });

  it('loses empty fields, and keeps every value of the others', () => {
    expect(canonical('username=&not-ip=a&ip=&not-ip=b')).to.deep.equal({ 'not-ip': ['a', 'b'] });
  });

  it('names the beginning of a range in place of the range and of the time before', () => {
    expect(canonical('range=1h&since=2020-01-01T00:00Z&cursor=x&ip=a')).to.deep.equal({
      ip: ['a'],
      since: '2026-11-26T13:00:00Z',
    });
  });

  it('is read in linear time, however many names a client invents', () => {
    const read = (text: string) => canonical(Array.from({ length: text.length / 32 }, (_, n) => `a${n}=`).join('&'));
    expectLinearTime(read, 'a');
  });
});
