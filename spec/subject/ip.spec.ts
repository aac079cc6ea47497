import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalIp, parseIp } from '../../lib/subject/ip.js';

describe('subject/ip', () => {
  const SAME = [
    '1.2.3.4',
    ' 1.2.3.4 ',
    '::ffff:1.2.3.4',
    '::FFFF:1.2.3.4',
    '::ffff:102:304',
    '0:0:0:0:0:ffff:0102:0304',
    '::ffff:1.2.3.4%eth0',
  ];
  for (const input of SAME) {
    it(`F21 takes "${input}" for 1.2.3.4`, () => {
      expect(canonicalIp(input, 64)).to.equal('1.2.3.4');
    });
  }

  const NETWORKS = [
    { input: '2001:db8:1:2:3:4:5:6', bits: 64, subject: '2001:db8:1:2::/64' },
    { input: '2001:DB8:1:2::', bits: 64, subject: '2001:db8:1:2::/64' },
    { input: '2001:0db8:0001:0002:ffff:ffff:ffff:ffff', bits: 64, subject: '2001:db8:1:2::/64' },
    { input: '2001:db8:1:2::1', bits: 56, subject: '2001:db8:1::/56' },
    { input: '2001:db8:1:2::1', bits: 32, subject: '2001:db8::/32' },
    { input: '2001:db8:1:2::1', bits: 127, subject: '2001:db8:1:2::/127' },
    { input: '2001:db8:1:2:0:0:0:1', bits: 128, subject: '2001:db8:1:2::1' },
    { input: 'fe80::1%eth0', bits: 64, subject: 'fe80::/64' },
    { input: 'fe80::1%25eth0', bits: 64, subject: 'fe80::/64' },
    { input: '::1', bits: 64, subject: '::/64' },
    { input: '1.2.3.4', bits: 32, subject: '1.2.3.4' },
    { input: '::ffff:1.2.3.4', bits: 32, subject: '1.2.3.4' },
  ];
  for (const { input, bits, subject } of NETWORKS) {
    it(`takes ${input} with a prefix of ${bits} bits for ${subject}`, () => {
      expect(canonicalIp(input, bits)).to.equal(subject);
    });
  }

  it('F22 takes 20 addresses of one /64 for one subject, and those of two for two', () => {
    const addresses = (network: string) =>
      Array.from({ length: 20 }, (_, index) => `${network}::${index.toString(16)}`);
    const subjects = (list: string[]) => new Set(list.map((address) => canonicalIp(address, 64))).size;
    expect(subjects(addresses('2001:db8:0:1'))).to.equal(1);
    expect(subjects([...addresses('2001:db8:0:1'), ...addresses('2001:db8:0:2')])).to.equal(2);
  });

  const JUNK = [
    { title: 'undefined', input: undefined },
    { title: 'null', input: null },
    { title: 'a number', input: 2_130_706_433 },
    { title: 'an array', input: ['1.2.3.4'] },
    { title: 'an empty text', input: '' },
    { title: 'a blank', input: ' ' },
    { title: 'a short IPv4 form', input: '127.1' },
    { title: 'a hexadecimal octet', input: '0x7f.0.0.1' },
    { title: 'an octal octet', input: '0177.0.0.1' },
    { title: 'a leading zero', input: '01.2.3.4' },
    { title: 'a decimal address', input: '2130706433' },
    { title: 'an octet over 255', input: '1.2.3.256' },
    { title: 'a mapped octet over 255', input: '::ffff:1.2.3.256' },
    { title: 'five octets', input: '1.2.3.4.5' },
    { title: 'a port', input: '1.2.3.4:80' },
    { title: 'brackets', input: '[::1]' },
    { title: 'brackets and a port', input: '[::1]:80' },
    { title: 'a range', input: '10.0.0.0/8' },
    { title: 'a list', input: '1.2.3.4, 5.6.7.8' },
    { title: 'a second line', input: '1.2.3.4\n5.6.7.8' },
    { title: 'two gaps', input: '1::2::3' },
    { title: 'too many groups', input: '1:2:3:4:5:6:7:8:9' },
    { title: 'unknown', input: 'unknown' },
    { title: 'a host name', input: 'localhost' },
  ];
  for (const { title, input } of JUNK) {
    it(`takes ${title} for no address`, () => {
      expect(parseIp(input)).to.equal(undefined);
      expect(canonicalIp(input, 64)).to.equal(undefined);
    });
  }

  it('finds every IPv4 address to be itself, mapped or not', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(canonicalIp(address, 64)).to.equal(address);
        expect(canonicalIp(`::ffff:${address}`, 64)).to.equal(address);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives two spellings of one IPv6 address one subject, and two networks two', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 8, maxLength: 8 }),
        (one, other) => {
          const short = one.map((bits) => bits.toString(16)).join(':');
          const long = one.map((bits) => bits.toString(16).padStart(4, '0').toUpperCase()).join(':');
          expect(canonicalIp(short, 64)).to.equal(canonicalIp(long, 64));

          const sameNetwork = one.slice(0, 4).join() === other.slice(0, 4).join();
          const elsewhere = other.map((bits) => bits.toString(16)).join(':');
          expect(canonicalIp(elsewhere, 64) === canonicalIp(short, 64)).to.equal(sameNetwork);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('takes no text at all with an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.%/ ]*$/)), (text) => {
        const subject = canonicalIp(text, 64);
        expect(subject === undefined || subject.length <= 43).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
