import { expect } from 'chai';
import { createListMatcher } from '../../lib/subject/access-list.js';
import { parseNetwork } from '../../lib/subject/network.js';
import { canonicalUsername } from '../../lib/subject/username.js';
import { attemptOf } from './examples.js';

describe('Access lists:', () => {
  const isOn = (list: Parameters<typeof createListMatcher>[0], facts: Parameters<typeof attemptOf>[0]) =>
    createListMatcher(list, canonicalUsername)?.(attemptOf(facts));

  describe('parseNetwork', () => {
    const NETWORKS = [
      { input: '10.0.0.0/8', address: '10.0.0.0', bits: 8 },
      { input: ' 10.0.0.0/8 ', address: '10.0.0.0', bits: 8 },
      { input: '0.0.0.0/0', address: '0.0.0.0', bits: 0 },
      { input: '192.0.2.1', address: '192.0.2.1', bits: 32 },
      { input: '192.0.2.1/32', address: '192.0.2.1', bits: 32 },
      { input: '2001:db8::/32', address: '2001:db8::', bits: 32 },
      { input: '2001:db8::1', address: '2001:db8::1', bits: 128 },
      { input: '::/0', address: '::', bits: 0 },
      { input: '::ffff:10.0.0.0/104', address: '10.0.0.0', bits: 8 },
      { input: '::ffff:0:0/96', address: '0.0.0.0', bits: 0 },
      { input: '::ffff:10.0.0.1', address: '10.0.0.1', bits: 32 },
    ];
    for (const { input, address, bits } of NETWORKS) {
      it(`parses "${input}" as ${address}/${bits}`, () => {
        const network = parseNetwork(input);
        expect(network && [network[0].toString(), network[1]]).to.deep.equal([address, bits]);
      });
    }

    const TRANSLATED = [
      { input: '64:ff9b::10.0.0.0/104', address: '10.0.0.0', bits: 8 },
      { input: '::ffff:0:10.0.0.0/104', address: '10.0.0.0', bits: 8 },
      { input: '64:ff9b::/96', address: '0.0.0.0', bits: 0 },
    ];
    for (const { input, address, bits } of TRANSLATED) {
      it(`X30 parses "${input}" as ${address}/${bits}`, () => {
        const network = parseNetwork(input);
        expect(network && [network[0].toString(), network[1]]).to.deep.equal([address, bits]);
      });
    }

    const JUNK = [
      '',
      '/8',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '10.0.0.0/eight',
      '10.0.0.0/255.0.0.0',
      '10.0.0/8',
      '10.*',
      '10.0.0.1:80',
      '[2001:db8::]/32',
      '2001:db8::/129',
      '::ffff:10.0.0.0/95',
      'localhost',
    ];
    for (const input of JUNK) {
      it(`rejects "${input}" as a network`, () => {
        expect(parseNetwork(input)).to.equal(undefined);
      });
    }
  });

  for (const address of ['64:ff9b::10.1.2.3', '::ffff:0:10.1.2.3']) {
    it(`X30 a list with 10.0.0.0/8 contains ${address}, and one with 11.0.0.0/8 does not`, () => {
      expect(isOn({ ips: ['10.0.0.0/8'] }, { address })).to.equal(true);
      expect(isOn({ ips: ['11.0.0.0/8'] }, { address })).to.equal(false);
    });
  }

  const ADDRESSES = [
    { ips: ['10.0.0.0/8'], address: '10.255.0.1', on: true },
    { ips: ['10.0.0.0/8'], address: '11.0.0.1', on: false },
    { ips: ['10.0.0.0/8'], address: '::ffff:10.1.2.3', on: true },
    { ips: ['::ffff:10.0.0.0/104'], address: '10.1.2.3', on: true },
    { ips: ['192.0.2.1'], address: '192.0.2.1', on: true },
    { ips: ['192.0.2.1'], address: '192.0.2.10', on: false },
    { ips: ['192.0.2.0/31'], address: '192.0.2.1', on: true },
    { ips: ['192.0.2.0/31'], address: '192.0.2.2', on: false },
    { ips: ['2001:db8::/32'], address: '2001:db8:ffff::1', on: true },
    { ips: ['2001:db8::/32'], address: '2001:db9::1', on: false },
    { ips: ['2001:db8::1'], address: '2001:db8::2', on: false },
    { ips: ['::/0'], address: '192.0.2.1', on: false },
    { ips: ['0.0.0.0/0'], address: '2001:db8::1', on: false },
    { ips: ['192.0.2.1', '10.0.0.0/8'], address: '10.0.0.1', on: true },
    { ips: ['10.0.0.0/8'], address: '10.0.0.1:5123', on: true },
    { ips: ['2001:db8::/32'], address: '[2001:db8::1]:443', on: true },
    { ips: ['10.0.0.0/8'], address: undefined, on: false },
    { ips: ['10.0.0.0/8'], address: '10.0.0.1, 192.0.2.1', on: false },
  ];
  for (const { ips, address, on } of ADDRESSES) {
    it(`a list of ${ips.join(', ')} ${on ? 'contains' : 'does not contain'} ${address ?? 'a missing address'}`, () => {
      expect(isOn({ ips }, { address })).to.equal(on);
    });
  }

  it('a list compares the address itself, not the network it is counted in', () => {
    const facts = { address: '2001:db8::2', ip: '2001:db8::/64' };
    expect(isOn({ ips: ['2001:db8::2'] }, facts)).to.equal(true);
    expect(isOn({ ips: ['2001:db8::'] }, facts)).to.equal(false);
  });

  it('a list compares usernames in canonical spelling', () => {
    expect(isOn({ usernames: [' Root'] }, { username: canonicalUsername('ROOT ') })).to.equal(true);
    expect(isOn({ usernames: [' Root'] }, { username: 'groot' })).to.equal(false);
  });

  it('a list folds usernames as the application does', () => {
    const matcher = createListMatcher({ usernames: ['Alice@example.com'] }, (name) => String(name).split('@')[0]);
    expect(matcher?.(attemptOf({ username: 'Alice' }))).to.equal(true);
  });

  it('a list of usernames contains no attempt without a username, not even next to an empty name', () => {
    expect(isOn({ usernames: ['root', '  '] }, { username: undefined })).to.equal(false);
  });

  const VERDICTS = [true, false];
  for (const verdict of VERDICTS) {
    it(`a list calls its function with the attempt and accepts ${verdict}`, () => {
      const when = ({ path }: { path: string | undefined }) => (path === '/internal') === verdict;
      expect(isOn({ when }, { path: '/internal' })).to.equal(verdict);
    });
  }

  it('a list contains an attempt that matches any of its parts', () => {
    const list = { ips: ['10.0.0.0/8'], usernames: ['root'], when: () => false };
    expect(isOn(list, { address: '192.0.2.1', username: 'root' })).to.equal(true);
    expect(isOn(list, { address: '10.0.0.1', username: 'alice' })).to.equal(true);
    expect(isOn(list, { address: '192.0.2.1', username: 'alice' })).to.equal(false);
  });

  const EMPTY = [undefined, {}, { ips: [], usernames: [] }, { ips: undefined, usernames: undefined, when: undefined }];
  for (const list of EMPTY) {
    it(`a list without entries costs nothing: ${JSON.stringify(list) ?? 'undefined'}`, () => {
      expect(createListMatcher(list, canonicalUsername)).to.equal(undefined);
    });
  }
});
