import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import express from 'express';
import fc from 'fast-check';
import { LockoutConfigError, trustedProxies } from '../../lib/index.js';

const PROXIES = ['loopback', '10.0.0.0/8', '2001:db8:ffff::/48'];

const requestFrom = (
  remoteAddress: string | undefined,
  forwarded?: string | readonly string[],
  header = 'x-forwarded-for',
) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { [header]: forwarded },
});

describe('trustedProxies', () => {
  const clientIp = trustedProxies(PROXIES);

  const CASES = [
    {
      title: 'the address of the connection without a header',
      from: '10.0.0.1',
      header: undefined,
      client: '10.0.0.1',
    },
    { title: 'what the proxy appended', from: '10.0.0.1', header: '203.0.113.9', client: '203.0.113.9' },
    { title: 'an IPv6 client', from: '::1', header: '2001:db8::9', client: '2001:db8::9' },
    { title: 'a client of an IPv6 proxy', from: '2001:db8:ffff::1', header: '203.0.113.9', client: '203.0.113.9' },
    { title: 'a client of a mapped proxy', from: '::ffff:10.0.0.1', header: '203.0.113.9', client: '203.0.113.9' },
    {
      title: 'the right-most entry, whatever the client wrote before it',
      from: '10.0.0.1',
      header: '198.51.100.1, 10.0.0.7, 203.0.113.9',
      client: '203.0.113.9',
    },
    {
      title: 'the first untrusted address behind several proxies',
      from: '127.0.0.1',
      header: '198.51.100.1, 203.0.113.9, 10.0.0.2, 10.0.0.1',
      client: '203.0.113.9',
    },
    {
      title: 'the left-most address if all are trusted',
      from: '127.0.0.1',
      header: '10.0.0.3, 10.0.0.2',
      client: '10.0.0.3',
    },
    {
      title: 'the address of an untrusted connection, not its header',
      from: '203.0.113.9',
      header: '198.51.100.1',
      client: '203.0.113.9',
    },
    {
      title: 'nothing from the header if the address of the connection is unknown',
      from: undefined,
      header: '198.51.100.1',
      client: undefined,
    },
    {
      title: 'the address of the proxy that wrote no address',
      from: '127.0.0.1',
      header: '198.51.100.1, unknown, 10.0.0.1',
      client: '10.0.0.1',
    },
    {
      title: 'the address of the connection if the header has none',
      from: '10.0.0.1',
      header: '<script>',
      client: '10.0.0.1',
    },
    {
      title: 'the address of the connection if the header is empty',
      from: '10.0.0.1',
      header: ' , ,',
      client: '10.0.0.1',
    },
    { title: 'an entry before empty ones', from: '10.0.0.1', header: '203.0.113.9, ,', client: '203.0.113.9' },
    {
      title: 'an entry with a port',
      from: '10.0.0.1',
      header: '198.51.100.1, 203.0.113.9:5123',
      client: '203.0.113.9',
    },
    {
      title: 'an entry behind a proxy with a port',
      from: '127.0.0.1',
      header: '203.0.113.9:1, 10.0.0.1:443',
      client: '203.0.113.9',
    },
    { title: 'an IPv6 entry with a port', from: '10.0.0.1', header: '[2001:db8::9]:443', client: '2001:db8::9' },
    {
      title: 'a header that comes as a list',
      from: '10.0.0.1',
      header: ['198.51.100.1', '203.0.113.9'],
      client: '203.0.113.9',
    },
  ];
  for (const { title, from, header, client } of CASES) {
    it(`returns ${title}`, () => {
      expect(clientIp(requestFrom(from, header))).to.equal(client);
    });
  }

  it("returns the connection's address for a request without headers, and nothing without a connection", () => {
    expect(clientIp({ socket: { remoteAddress: '10.0.0.1' } })).to.equal('10.0.0.1');
    expect(clientIp({})).to.equal(undefined);
    expect(clientIp({ socket: null, headers: { 'x-forwarded-for': '203.0.113.9' } })).to.equal(undefined);
  });

  describe("with 'unix'", () => {
    const behindSocket = trustedProxies(['unix', '10.0.0.0/8']);
    let server: Server;
    let folder: string;
    let seen: (string | undefined)[];

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lockout-'));
      seen = [];
      server = createServer((req, res) => {
        seen.push(behindSocket(req), clientIp(req));
        res.end();
      });
    });
    afterEach(async () => {
      server.close();
      await rm(folder, { recursive: true });
    });

    async function ask(headers: Record<string, string>): Promise<void> {
      const socketPath = join(folder, 'socket');
      if (!server.listening) await once(server.listen(socketPath), 'listening');
      const [answer] = await once(request({ socketPath, headers, agent: false }).end(), 'response');
      answer.resume();
    }

    it('X43 returns the address from the proxy on a Unix socket, and nothing without the header', async () => {
      await ask({ 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.0.0.1' });
      await ask({ 'x-forwarded-for': 'unknown' });
      await ask({});

      expect(seen).to.deep.equal(['203.0.113.9', ...Array(5).fill(undefined)]);
    });

    it('X43 trusts no TCP connection whose address is no longer known', () => {
      const address = () => ({ address: '::', family: 'IPv6', port: 443 });
      for (const gone of [{ address, listening: true }, { address: () => null, listening: false }, {}, undefined]) {
        const req = {
          socket: { remoteAddress: undefined, server: gone },
          headers: { 'x-forwarded-for': '203.0.113.9' },
        };
        expect(behindSocket(req)).to.equal(undefined);
      }
    });

    it('X43 treats a server on a file descriptor as one on a Unix socket', () => {
      const socket = { remoteAddress: undefined, server: { address: () => null, listening: true } };
      expect(behindSocket({ socket, headers: { 'x-forwarded-for': '203.0.113.9' } } as object)).to.equal('203.0.113.9');
    });

    it('X43 decides by the address if the connection has one', () => {
      expect(behindSocket(requestFrom('10.0.0.1', '203.0.113.9'))).to.equal('203.0.113.9');
      expect(behindSocket(requestFrom('198.51.100.1', '203.0.113.9'))).to.equal('198.51.100.1');
    });
  });

  it('reads another header instead, from the same proxies only', () => {
    const behindCdn = trustedProxies(['198.51.100.0/24'], { header: 'CF-Connecting-IP' });
    const header = 'cf-connecting-ip';
    expect(behindCdn(requestFrom('198.51.100.1', '203.0.113.9', header))).to.equal('203.0.113.9');
    expect(behindCdn(requestFrom('203.0.113.1', '203.0.113.9', header))).to.equal('203.0.113.1');
    expect(behindCdn(requestFrom('198.51.100.1', '203.0.113.9'))).to.equal('198.51.100.1');
  });

  it('leaves a client no choice: whatever it writes, the address appended by the proxy is used', () => {
    const written = fc.oneof(
      fc.string(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('10.0.0.1', '127.0.0.1', '"', '[', ','),
    );
    fc.assert(
      fc.property(fc.array(written), (entries) => {
        const header = [...entries, '203.0.113.9'].join(', ');
        expect(clientIp(requestFrom('10.0.0.1', header))).to.equal('203.0.113.9');
      }),
      { numRuns: 1_000 },
    );
  });

  it('agrees with Express on every chain of addresses', () => {
    const app = express();
    app.set('trust proxy', PROXIES);
    const inExpress = (req: object) => (Object.assign(Object.create(app.request), req, { app }) as { ip: string }).ip;
    const hop = fc.oneof(
      fc.constantFrom('127.0.0.1', '::1', '10.0.0.1', '10.255.0.1', '::ffff:10.0.0.9', '2001:db8:ffff::2'),
      fc.ipV4(),
      fc.constantFrom('2001:db8::1', '2001:db8:fffe::1'),
    );
    const plain = (address: string | undefined) => address?.replace(/^::ffff:/, '');
    fc.assert(
      fc.property(hop, fc.array(hop, { maxLength: 5 }), (from, hops) => {
        const req = requestFrom(from, hops.join(', '));
        expect(clientIp(req)).to.equal(plain(inExpress(req)));
      }),
      { numRuns: 1_000 },
    );
  });

  const NETWORK = "an IP address, a CIDR range such as 10.0.0.0/8, or 'loopback', 'linklocal', 'uniquelocal', 'unix'";
  const BAD = [
    { networks: [], message: 'trustedProxies networks: expected a list of at least one network, got an empty array' },
    { networks: undefined, message: 'trustedProxies networks: expected a list of at least one network, got undefined' },
    {
      networks: 'loopback',
      message: 'trustedProxies networks: expected a list of at least one network, got "loopback" (a string)',
    },
    {
      networks: ['::1', 'proxy.example'],
      message: `trustedProxies networks[1]: expected ${NETWORK}, got "proxy.example" (a string)`,
    },
    {
      networks: ['10.0.0.0/33'],
      message: `trustedProxies networks[0]: expected ${NETWORK}, got "10.0.0.0/33" (a string)`,
    },
    {
      networks: ['10.0.0.1:80'],
      message: `trustedProxies networks[0]: expected ${NETWORK}, got "10.0.0.1:80" (a string)`,
    },
    { networks: [1], message: `trustedProxies networks[0]: expected ${NETWORK}, got 1 (a number)` },
    {
      networks: ['0.0.0.0/0'],
      message:
        'trustedProxies networks[0]: expected the networks of your proxies, not all addresses, got "0.0.0.0/0" (a string)',
    },
    {
      networks: ['::/0'],
      message:
        'trustedProxies networks[0]: expected the networks of your proxies, not all addresses, got "::/0" (a string)',
    },
  ];
  for (const { networks, message } of BAD) {
    it(`rejects ${JSON.stringify(networks)} as networks`, () => {
      expect(() => trustedProxies(networks as string[]))
        .to.throw(LockoutConfigError)
        .with.property('message', message);
    });
  }

  const HEADER =
    'trustedProxies options.header: expected the name of a header with plain addresses, such as X-Forwarded-For';
  const BAD_OPTIONS = [
    { options: { header: '' }, message: `${HEADER}, got "" (a string)` },
    { options: { header: 'x forwarded' }, message: `${HEADER}, got "x forwarded" (a string)` },
    { options: { header: 'Forwarded' }, message: `${HEADER}, got "Forwarded" (a string)` },
    { options: { header: 1 }, message: `${HEADER}, got 1 (a number)` },
    {
      options: { headers: 'x-real-ip' },
      message: 'trustedProxies options.headers: there is no such option; did you mean header?',
    },
    { options: null, message: 'trustedProxies options: expected an object of options, got null' },
  ];
  for (const { options, message } of BAD_OPTIONS) {
    it(`rejects ${JSON.stringify(options)} as options`, () => {
      expect(() => trustedProxies(['::1'], options as never))
        .to.throw(LockoutConfigError)
        .with.property('message', message);
    });
  }
});
