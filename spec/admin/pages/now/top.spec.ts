/** The lists of who fails most, made of entries of the attempt log. */
import { expect } from 'chai';
import { toNetwork } from '../../../../lib/admin/core/networks.js';
import { tallyUp } from '../../../../lib/admin/pages/now/top.js';
import type { NewAttemptEntry } from '../../../../lib/stores/attempt-log.js';
import { entryWith } from '../../../support/fixtures/attempt-entries.js';

function tally(...entries: readonly Partial<NewAttemptEntry>[]) {
  const stored = entries.map((entry, index) => ({ ...entryWith(entry), id: `${index}`, at: 1000 - index }));
  return tallyUp(stored, 0, (parts) => JSON.stringify(parts));
}

const FAILED = { outcome: 'failed', ip: '203.0.113.9', username: 'alice' } as const;

describe('tallyUp', () => {
  it('counts an entry as often as it happened', () => {
    const { entries, failures, since, addresses } = tally(FAILED, { ...FAILED, outcome: 'refused', count: 40 });
    expect({ entries, failures, since }).to.deep.equal({ entries: 2, failures: 41, since: 999 });
    expect(addresses[0]?.failures).to.equal(41);
  });

  it('lists addresses by their failures, with the names that they tried', () => {
    const { addresses } = tally(
      { ...FAILED, ip: '192.0.2.1' },
      FAILED,
      { ...FAILED, username: 'bob' },
      { ...FAILED, username: 'bob', outcome: 'succeeded' },
    );
    expect(addresses).to.deep.equal([
      {
        subject: { key: '{"ip":"203.0.113.9"}', dimension: 'ip', parts: { ip: '203.0.113.9' } },
        failures: 2,
        succeeded: 1,
        names: 2,
      },
      {
        subject: { key: '{"ip":"192.0.2.1"}', dimension: 'ip', parts: { ip: '192.0.2.1' } },
        failures: 1,
        succeeded: 0,
        names: 1,
      },
    ]);
  });

  it('lists names with the addresses that tried them', () => {
    const { names, distinctNames, distinctAddresses } = tally(FAILED, { ...FAILED, ip: '192.0.2.1' });
    expect(names).to.have.length(1);
    expect(names[0]).to.include({ failures: 2, succeeded: 0, addresses: 2 });
    expect([distinctNames, distinctAddresses]).to.deep.equal([1, 2]);
  });

  it('groups addresses to networks', () => {
    const { networks } = tally(
      FAILED,
      { ...FAILED, ip: '203.0.113.77', username: 'bob' },
      { ...FAILED, ip: '2001:db8:1:2::/64' },
      { ...FAILED, ip: '2001:db8:1:2:3::/80' },
    );
    expect(networks).to.deep.equal([
      { network: '2001:db8:1:2::/64', failures: 2, addresses: 2, names: 1 },
      { network: '203.0.113.0/24', failures: 2, addresses: 2, names: 2 },
    ]);
  });

  it('knows whose name logged in, and lists nobody who did not fail', () => {
    const { knownNames, names } = tally({ ...FAILED, outcome: 'succeeded' }, { ...FAILED, username: 'bob' });
    expect([...knownNames]).to.deep.equal(['{"username":"alice"}']);
    expect(names.map(({ subject }) => subject.parts['username'])).to.deep.equal(['bob']);
  });

  it('lists 8 at most, and equal ones always in the same order', () => {
    const entries = Array.from({ length: 20 }, (_, index) => ({ ...FAILED, username: `user ${index + 10}` }));
    const inOrder = tally(...entries).names.map(({ subject }) => subject.parts['username']);
    expect(inOrder).to.deep.equal(Array.from({ length: 8 }, (_, index) => `user ${index + 10}`));
    expect(tally(...entries.toReversed()).names.map(({ subject }) => subject.parts['username'])).to.deep.equal(inOrder);
  });

  it('counts what merged refusals do not say as nothing', () => {
    const { failures, names, addresses } = tally({ ...FAILED, outcome: 'refused', username: null, count: 9 });
    expect([failures, names.length, addresses[0]?.names]).to.deep.equal([9, 0, 0]);
  });

  it('lists what is recent, and knows names from before', () => {
    const stored = [
      { ...entryWith(FAILED), id: '2', at: 1000 },
      { ...entryWith({ ...FAILED, username: 'bob', outcome: 'succeeded' }), id: '1', at: 999 },
      { ...entryWith({ ...FAILED, username: 'bob' }), id: '0', at: 998 },
    ];
    const { entries, since, names, knownNames } = tallyUp(stored, 1000, (parts) => `${parts['username']}`);
    expect({ entries, since, names: names.length }).to.deep.equal({ entries: 1, since: 1000, names: 1 });
    expect([...knownNames]).to.deep.equal(['bob']);
  });

  it('leaves logouts out', () => {
    expect(tally({ ...FAILED, outcome: 'logout' })).to.include({ failures: 0, distinctNames: 0 });
  });

  it('returns empty lists of an empty log', () => {
    expect(tally()).to.deep.include({ entries: 0, since: null, addresses: [], networks: [], names: [] });
  });
});

describe('toNetwork', () => {
  for (const [ip, network] of [
    ['203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
    ['2001:db8:1::/48', '2001:db8:1::/48'],
    ['%hmac:abc', undefined],
  ] as const) {
    it(`returns ${network ?? 'nothing'} for ${ip}`, () => {
      expect(toNetwork(ip)).to.equal(network);
    });
  }
});
