/** Which tokens come with a request, who can keep them, and where they are put. */
import { expect } from 'chai';
import { RequestDevices } from '../../lib/devices/device-of-request.js';
import { type ResolvedKnownDevices, resolveKnownDevices } from '../../lib/devices/resolve.js';
import type { KnownDevicesOptions } from '../../lib/devices/types.js';
import type { AnyRequest } from '../../lib/subject/attempt.js';

const [one, two, three] = ['1', '2', '3'].map((char) => `${char.repeat(41)}A`) as [string, string, string];
const BOTH = `${one}.${two}`;

function devices(options: KnownDevicesOptions = {}, { isProduction = true } = {}): RequestDevices {
  return new RequestDevices(resolveKnownDevices(options) as ResolvedKnownDevices, isProduction);
}

const withCookie = (cookie: string, members: object = {}) => ({ headers: { cookie }, ...members }) as AnyRequest;
const HTTPS: readonly (readonly [string, object])[] = [
  ['req.secure', { secure: true }],
  ['req.protocol', { protocol: 'https' }],
  ['the socket', { socket: { encrypted: true } }],
];
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new TypeError('a getter of a framework');
    },
  },
);

describe('devices/device-of-request', () => {
  describe('the tokens of a request', () => {
    it('are those of the cookie with the prefix', () => {
      expect(devices().tokensOf(withCookie(`a=b; __Host-lockout_device=${BOTH}`))).to.deep.equal([one, two]);
      expect(devices().tokensOf(withCookie(`lockout_device=${BOTH}`))).to.deep.equal([]);
    });

    it('are those of the cookie without it where the options say so', () => {
      const req = withCookie(`x=${BOTH}; __Host-x=${three}`);
      for (const cookie of [{ secure: false }, { path: '/app' }, { domain: 'example.com' }]) {
        expect(devices({ cookie: { name: 'x', ...cookie } }).tokensOf(req)).to.deep.equal([one, two]);
      }
    });

    for (const [how, members] of HTTPS) {
      it(`are outside production those for plain http, unless ${how} tells of https`, () => {
        const cookies = `lockout_device=${one}; __Host-lockout_device=${two}`;
        const tried = devices({}, { isProduction: false });
        expect(tried.tokensOf(withCookie(cookies, { secure: false, protocol: 'http', socket: {} }))).to.deep.equal([
          one,
        ]);
        expect(tried.tokensOf(withCookie(cookies, members))).to.deep.equal([two]);
      });
    }

    it('are those of a Request of the Fetch Standard', () => {
      const headers = { cookie: `__Host-lockout_device=${BOTH}` };
      expect(devices().tokensOf(new Request('http://app.example/', { headers }))).to.deep.equal([one, two]);
      const https = new Request('https://app.example/', { headers });
      expect(devices({}, { isProduction: false }).tokensOf(https)).to.deep.equal([one, two]);
    });

    it('are those that a parser has found, where there is no header', () => {
      expect(devices().tokensOf({ cookies: { '__Host-lockout_device': BOTH } } as AnyRequest)).to.deep.equal([
        one,
        two,
      ]);
    });

    it('are what the option read returns, text or texts', () => {
      const read = devices({ read: (req) => req.headers?.['x-device-token'] });
      expect(read.tokensOf({ headers: { 'x-device-token': BOTH } })).to.deep.equal([one, two]);
      expect(read.tokensOf({ headers: { 'x-device-token': [BOTH, three] } })).to.deep.equal([one, two, three]);
      expect(read.tokensOf(withCookie(`__Host-lockout_device=${BOTH}`))).to.deep.equal([]);
      expect(devices({ read: () => null }).tokensOf({})).to.deep.equal([]);
    });

    it('are none where it shows nothing, or throws', () => {
      const odd = [{}, { headers: null }, { headers: { cookie: 5 } }, { cookies: null }, { cookies: 'x' }, hostile];
      for (const req of odd as readonly AnyRequest[]) expect(devices().tokensOf(req)).to.deep.equal([]);
    });

    it('are an error where the option read throws: a bug, not a stranger', () => {
      const read = () => {
        throw new RangeError('a bug in read');
      };
      expect(() => devices({ read }).tokensOf({})).to.throw(RangeError, 'a bug in read');
    });
  });

  describe('a client', () => {
    const authorization = 'Basic YWxpY2U6eA==';
    const write = () => {};
    const NOT_MINE: AnyRequest = { headers: { authorization } };
    for (const [what, req, options, can] of [
      ['with a form', { headers: {} }, {}, true],
      ['without headers', {}, {}, true],
      ['with credentials in a header and no cookie', NOT_MINE, {}, false],
      ['with credentials in a header and an empty one', { headers: { authorization, cookie: '' } }, {}, false],
      [
        'with credentials in a header and any cookie',
        withCookie('a=b', { headers: { authorization, cookie: 'a=b' } }),
        {},
        true,
      ],
      ['with credentials in a header and parsed cookies', { ...NOT_MINE, cookies: { a: 'b' } }, {}, true],
      [
        "with credentials in a header and Koa's object of cookies",
        { ...NOT_MINE, cookies: { request: {}, secure: true } },
        {},
        false,
      ],
      ['with credentials in a header that read finds a token for', NOT_MINE, { read: () => one }, true],
      ['with credentials in a header that read finds nothing for', NOT_MINE, { read: () => undefined }, false],
      ['with credentials in a header that write cares for', NOT_MINE, { write }, true],
    ] as readonly (readonly [string, AnyRequest, KnownDevicesOptions, boolean])[]) {
      it(`${what} can ${can ? '' : 'not '}keep a token`, () => {
        expect(devices(options).canKeep(req)).to.equal(can);
      });
    }
  });

  describe('a new token', () => {
    it('is put before those that came, and waits for a hook where no response is seen', () => {
      const req = withCookie(`__Host-lockout_device=${BOTH}`);
      const given = devices().give(req, three);
      const header = `__Host-lockout_device=${three}.${BOTH}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure`;
      expect(given).to.deep.equal({ header, isSet: false, isSecure: true });
      expect(devices().cookieOf(req)).to.equal(header);
      expect(devices().cookieOf(withCookie('a=b'))).to.equal(undefined);
    });

    it('is among those of the request from then on, also for another lockout with the same cookie', () => {
      const req = withCookie(`__Host-lockout_device=${one}`);
      devices().give(req, two);
      devices().give(req, three);
      expect(devices().tokensOf(req)).to.deep.equal([three, two, one]);
      expect(devices({ cookie: { name: 'other' } }).tokensOf(req)).to.deep.equal([]);
      expect(devices({ cookie: { name: 'other' } }).cookieOf(req)).to.equal(undefined);
    });

    it('waits by the Request of the Fetch Standard itself', () => {
      const req = new Request('https://app.example/');
      const { header } = devices().give(req, one);
      expect(devices().cookieOf(req)).to.equal(header);
    });

    it('is handed to the option write, and then not to a hook', () => {
      const told: unknown[] = [];
      const own = devices({ read: () => one, write: (req, value) => told.push([req, value]) });
      const req: AnyRequest = { headers: {} };
      expect(own.give(req, two).isSet).to.equal(true);
      own.give(req, three);
      expect(told).to.deep.equal([
        [req, `${two}.${one}`],
        [req, `${three}.${two}.${one}`],
      ]);
      expect(own.cookieOf(req)).to.equal(undefined);
    });

    it('is for plain http outside production without prefix and Secure', () => {
      const { header } = devices({}, { isProduction: false }).give({ headers: {} }, one);
      expect(header).to.equal(`lockout_device=${one}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`);
    });

    it('ends nothing where the request throws', () => {
      expect(devices().give(hostile as AnyRequest, one).isSet).to.equal(false);
    });
  });
});
