import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalIp, parseHop, parseIp } from '../../lib/subject/ip.js';
import { processorTime } from '../support/tools/processor-time.js';

describe('canonicalIp', () => {
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
    it(`F21 maps "${input}" to 1.2.3.4`, () => {
      expect(canonicalIp(input, 64)).to.equal('1.2.3.4');
    });
  }

  const TRANSLATED = [
    '64:ff9b::1.2.3.4',
    '64:FF9B::102:304',
    '::ffff:0:1.2.3.4',
    '0:0:0:0:ffff:0:0102:0304',
    '64:ff9b:1::1.2.3.4',
  ];
  for (const input of TRANSLATED) {
    it(`X30 maps "${input}", as NAT64 and SIIT write it, to 1.2.3.4`, () => {
      expect(canonicalIp(input, 64)).to.equal('1.2.3.4');
    });
  }

  it('X30 distinguishes all clients behind NAT64', () => {
    const clients = Array.from({ length: 256 }, (_, last) =>
      canonicalIp(`64:ff9b::c633:64${last.toString(16).padStart(2, '0')}`, 64),
    );
    expect(new Set(clients).size).to.equal(256);
    expect(clients.at(-1)).to.equal('198.51.100.255');
  });

  const NOT_TRANSLATED = [
    { input: '64:ff9b:0:0:1::1.2.3.4', subject: '64:ff9b::/64' },
    { input: '2001:db8::1.2.3.4', subject: '2001:db8::/64' },
  ];
  for (const { input, subject } of NOT_TRANSLATED) {
    it(`X30 maps ${input}, which no translator writes, to ${subject}`, () => {
      expect(canonicalIp(input, 64)).to.equal(subject);
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
    it(`maps ${input} with a prefix of ${bits} bits to ${subject}`, () => {
      expect(canonicalIp(input, bits)).to.equal(subject);
    });
  }

  it('F22 maps 20 addresses of one /64 to one subject, and those of two to two', () => {
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
    { title: 'an empty string', input: '' },
    { title: 'a blank', input: ' ' },
    { title: 'a short IPv4 form', input: '127.1' },
    { title: 'a hexadecimal octet', input: '0x7f.0.0.1' },
    { title: 'an octal octet', input: '0177.0.0.1' },
    { title: 'a leading zero', input: '01.2.3.4' },
    { title: 'a decimal address', input: '2130706433' },
    { title: 'an octet over 255', input: '1.2.3.256' },
    { title: 'a mapped octet over 255', input: '::ffff:1.2.3.256' },
    { title: 'five octets', input: '1.2.3.4.5' },
    { title: 'a port alone', input: ':80' },
    { title: 'an address with an empty port', input: '1.2.3.4:' },
    { title: 'a port of six digits', input: '1.2.3.4:123456' },
    { title: 'a port that is not a number', input: '1.2.3.4:http' },
    { title: 'two ports', input: '1.2.3.4:80:80' },
    { title: 'a short IPv4 form with a port', input: '127.1:80' },
    { title: 'IPv4 in brackets', input: '[1.2.3.4]:80' },
    { title: 'an open bracket', input: '[::1' },
    { title: 'a closing bracket', input: '::1]' },
    { title: 'brackets in brackets', input: '[[::1]]' },
    { title: 'empty brackets', input: '[]:80' },
    { title: 'brackets and no port', input: '[::1]:' },
    { title: 'a range', input: '10.0.0.0/8' },
    { title: 'a list', input: '1.2.3.4, 5.6.7.8' },
    { title: 'a second line', input: '1.2.3.4\n5.6.7.8' },
    { title: 'two gaps', input: '1::2::3' },
    { title: 'too many groups', input: '1:2:3:4:5:6:7:8:9' },
    { title: 'unknown', input: 'unknown' },
    { title: 'a host name', input: 'localhost' },
  ];
  for (const { title, input } of JUNK) {
    it(`rejects ${title}`, () => {
      expect(parseIp(input)).to.equal(undefined);
      expect(parseHop(input)).to.equal(undefined);
      expect(canonicalIp(input, 64)).to.equal(undefined);
    });
  }

  const WITH_PORTS = [
    { input: '203.0.113.9:5123', subject: '203.0.113.9' },
    { input: ' 203.0.113.9:443 ', subject: '203.0.113.9' },
    { input: '[2001:db8::1]:443', subject: '2001:db8::/64' },
    { input: '[2001:db8::1]', subject: '2001:db8::/64' },
    { input: '[::ffff:203.0.113.9]:443', subject: '203.0.113.9' },
    { input: '[fe80::1%eth0]:443', subject: 'fe80::/64' },
  ];
  for (const { input, subject } of WITH_PORTS) {
    it(`maps "${input}", as Azure and IIS write it, to ${subject}`, () => {
      expect(canonicalIp(input, 64)).to.equal(subject);
    });
  }

  it('does not take the end of an IPv6 address for a port', () => {
    expect(canonicalIp('2001:db8::1:443', 128)).to.equal('2001:db8::1:443');
  });

  // The table of defender's own tests: what it takes for an address, blanks and ports dropped.
  const DEFENDER = [
    { input: '127.0.0.1', subject: '127.0.0.1' },
    { input: '  127.0.0.1  ', subject: '127.0.0.1' },
    { input: '192.168.100.34:6000', subject: '192.168.100.34' },
    { input: '::ffff:192.0.2.128', subject: '192.0.2.128' },
    { input: '2001:db8::1:0:0:1', subject: '2001:db8::1:0:0:1' },
    { input: '2001:0db8:85a3:0000:0000:8a2e:0370:7334', subject: '2001:db8:85a3::8a2e:370:7334' },
    { input: '[2001:db8::1]:8080', subject: '2001:db8::1' },
    { input: '0x7f.0.0.1', subject: undefined },
    { input: '0xFF.0xFF.0xFF.0xFF', subject: undefined },
    { input: '198.84.193.157.258', subject: undefined },
    { input: '256.1.1.1', subject: undefined },
    { input: 'x', subject: undefined },
    { input: '', subject: undefined },
    { input: null, subject: undefined },
  ];
  for (const { input, subject } of DEFENDER) {
    it(`maps ${JSON.stringify(input)} to ${subject ?? 'no address, and to no shared bucket either'}`, () => {
      expect(canonicalIp(input, 128)).to.equal(subject);
    });
  }

  it('maps every IPv4 address to itself, IPv4-mapped or not', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(canonicalIp(address, 64)).to.equal(address);
        expect(canonicalIp(`::ffff:${address}`, 64)).to.equal(address);
      }),
      { numRuns: 1_000 },
    );
  });

  it('maps two spellings of one IPv6 address to one subject, and two networks to two', () => {
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

  it('takes time linear in the length of its input', () => {
    const timeOf = (chars: number) => processorTime(() => canonicalIp(`${'%'.repeat(chars)}\nx`, 64));
    // Ten times as long; quadratic it were a hundred times, and seconds.
    expect(timeOf(200_000)).to.be.below(Math.max(timeOf(20_000), 5) * 30);
  });

  it('throws for no string', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.%/ [\]]*$/)), (text) => {
        const subject = canonicalIp(text, 64);
        expect(subject === undefined || subject.length <= 43).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
