import { expect } from 'chai';
import { parseFilter, toQuery } from '../../../../lib/admin/pages/attempts/filter.js';

const parse = (search: string) => parseFilter(new URLSearchParams(search), 64);

describe('The filter of attempts', () => {
  it('is empty without parameters, and with empty ones', () => {
    expect(parse('').filter).to.deep.equal(parse('since=&until=&outcome=&ip=&username=+&text=&not-ip=').filter);
    expect(parse('ip=').mistakes).to.deep.equal({});
  });

  for (const [text, iso] of [
    ['2026-11-26T14:03', '2026-11-26T14:03:00.000Z'],
    ['2026-11-26T14:03:22', '2026-11-26T14:03:22.000Z'],
    ['2026-11-26T14:03:22Z', '2026-11-26T14:03:22.000Z'],
    ['2026-11-26T14:03:22.5Z', '2026-11-26T14:03:22.500Z'],
  ] as const) {
    it(`reads ${text} as UTC`, () => {
      expect(parse(`since=${text}`).filter.since).to.equal(Date.parse(iso));
    });
  }

  for (const [search, field] of [
    ['since=yesterday', 'since'],
    ['since=2026-02-31T10:00', 'since'],
    ['until=2026-11-26', 'until'],
    ['until=99999-01-01T00:00', 'until'],
    ['since=2026-11-26T14:03&until=2026-11-26T14:03', 'until'],
    ['outcome=lost', 'outcome'],
    ['ip=localhost', 'ip'],
    ['ip=203.0.113.0/24', 'ip'],
    [`username=${'x'.repeat(4_097)}`, 'username'],
  ] as const) {
    it(`says what is wrong with ${search.slice(0, 50)}`, () => {
      expect(Object.keys(parse(search).mistakes)).to.deep.equal([field]);
    });
  }

  for (const ip of ['203.0.113.9', '2001:db8::1', '2001:db8::/64', `%hmac:${'a'.repeat(43)}`]) {
    it(`accepts the address ${ip}`, () => {
      expect(parse(new URLSearchParams({ ip }).toString())).to.deep.include({ mistakes: {} });
    });
  }

  it('means the same after it has been written into a link', () => {
    const search =
      'since=2026-11-26T14%3A03%3A22Z&until=2026-11-26T15%3A00%3A00.250Z&outcome=failed&username=a%26b&ip=203.0.113.9' +
      '&dimension=ip&reason=locked&text=curl&not-outcome=refused&not-ip=192.0.2.1&not-ip=192.0.2.2';
    const { filter } = parse(search);
    const written = new URLSearchParams();
    for (const [name, value] of Object.entries(toQuery(filter))) {
      for (const one of [value].flat()) if (one !== undefined) written.append(name, String(one));
    }
    expect(parse(written.toString()).filter).to.deep.equal(filter);
    expect(filter.without).to.deep.equal({ outcome: ['refused'], ip: ['192.0.2.1', '192.0.2.2'] });
  });

  it('leaves out at most ten values: each is in every link of the page', () => {
    const search = Array.from({ length: 30 }, (_, index) => `not-ip=192.0.2.${index}&not-username=u${index}`).join('&');
    expect(Object.values(parse(search).filter.without).flat()).to.have.length(10);
  });
});
