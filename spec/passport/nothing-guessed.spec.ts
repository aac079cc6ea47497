/** Strategies of which nothing but `authenticate` is known: an empty form is no guess, whatever they answer. */
import { expect } from 'chai';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';

const LIMIT_3 = { dimensions: ['ip'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] } as const;
const IP = '203.0.113.9';

/** Its check is held by a closure. */
function opaque(status?: number): StrategyLike {
  return {
    name: 'opaque',
    authenticate(this: { fail(info: object, status?: number): void }) {
      this.fail({ message: 'no' }, status);
    },
  };
}

/** What browsers and programs send beside any form. */
const HEADERS = {
  host: 'example.org',
  'user-agent': 'Mozilla/5.0',
  accept: '*/*',
  'accept-language': 'de',
  'content-type': 'application/x-www-form-urlencoded',
  'content-length': '19',
  origin: 'https://example.org',
  'sec-fetch-site': 'same-origin',
  'x-forwarded-for': IP,
};
const EXPRESS = { url: '/login', query: {}, params: {}, headers: HEADERS };
const EMPTY = { username: '', password: '' };
/** As a page is loaded. */
const GET = {
  host: 'example.org',
  'user-agent': 'Mozilla/5.0',
  accept: 'text/html',
  'accept-language': 'de',
  'accept-encoding': 'gzip',
  connection: 'keep-alive',
  'upgrade-insecure-requests': '1',
  'sec-fetch-dest': 'document',
  'sec-ch-ua-platform': '"Linux"',
};
const load = (headers: object = {}, more: object = {}) => ({ ...EXPRESS, headers: { ...GET, ...headers }, ...more });
const post = (headers: object, more: object) => load({ 'content-type': 'application/json', ...headers }, more);

/** What stands between, and what it adds. */
const PROXIES: readonly (readonly [who: string, headers: object])[] = [
  ['nginx', { 'x-real-ip': IP, 'x-forwarded-for': IP, 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' }],
  ['ingress-nginx', { 'x-request-id': 'f3a', 'x-scheme': 'https', 'x-forwarded-scheme': 'https' }],
  ['Cloudflare', { 'cf-ray': '7d-FRA', 'cf-connecting-ip': IP, 'cf-visitor': '{}', 'cdn-loop': 'cloudflare' }],
  ['Cloudflare, Enterprise', { 'true-client-ip': IP, 'cf-ipcountry': 'DE' }],
  ['a load balancer of AWS', { 'x-amzn-trace-id': 'Root=1-67', 'x-forwarded-port': '443' }],
  ['CloudFront', { 'x-amz-cf-id': 'x==', via: '2.0 x', 'cloudfront-viewer-country': 'DE' }],
  ['Google Cloud', { 'x-cloud-trace-context': '105/1;o=1', forwarded: 'for=x', traceparent: '00-1-2-01' }],
  ['Azure', { 'x-azure-ref': 'x', 'x-azure-clientip': IP, 'x-arr-log-id': 'x', 'x-arr-ssl': 'x', 'client-ip': IP }],
  ['Envoy and Istio', { 'x-envoy-attempt-count': '1', 'x-envoy-external-address': IP, 'x-b3-traceid': 'x', b3: '0' }],
  ['Vercel', { 'x-vercel-id': 'x', 'x-vercel-forwarded-for': IP, 'x-vercel-ip-country': 'DE' }],
  ['Fly.io', { 'fly-client-ip': IP, 'fly-region': 'fra', 'fly-request-id': 'x' }],
  ['Akamai', { 'akamai-origin-hop': '1', 'x-akamai-config-log-detail': 'x' }],
  ['Heroku', { 'x-request-start': '1', via: '1.1 vegur', 'x-request-id': 'x' }],
  ['Datadog', { 'x-datadog-trace-id': '1', 'x-datadog-parent-id': '2', tracestate: 'dd=s:1' }],
  ['Sentry', { 'sentry-trace': 'x', baggage: 'sentry-public=1' }],
  ['another proxy', { 'x-client-ip': IP, 'x-cluster-client-ip': IP, 'early-data': '1', 'alt-used': 'example.org' }],
];
const COOKIES = [
  'sid=1',
  'connect.sid=s%3Ax.y',
  '__Host-session=x; session.sig=y',
  'JSESSIONID=1; PHPSESSID=2; ASP.NET_SessionId=3; koa.sess=4; koa.sess.sig=5',
  '_ga=GA1.1.1; _ga_XYZ=GS1; _gid=1; _gcl_au=1; _fbp=fb.1; _hjSessionUser_1=x; _pk_id.1.2=x; hubspotutk=x',
  '__cf_bm=x; cf_clearance=x; AWSALB=x; AWSALBCORS=x; ARRAffinity=x; BIGipServerpool=x; GCLB=x',
  '_csrf=x; XSRF-TOKEN=x; csrftoken=x',
  'lang=de; i18next=de; theme=dark; tz=Europe%2FBerlin; cookieconsent_status=dismiss; OptanonConsent=x',
] as const;

const NOT_COUNTED: readonly (readonly [what: string, request: object, status?: number])[] = [
  ['no form', { headers: GET, query: {} }],
  ['a form without fields', { ...EXPRESS, headers: { ...HEADERS, 'content-length': '0' }, body: {} }],
  ['an empty object in JSON', post({ 'content-length': '2' }, { body: {} })],
  ['an empty form in chunks', post({ 'transfer-encoding': 'chunked' }, { body: EMPTY })],
  ['no file', { ...EXPRESS, body: EMPTY, fields: {}, files: [] }],
  ['a page', load()],
  ['a page by a framework that parses no query', { url: '/login', headers: GET }],
  ['a page of a version', load({}, { url: '/api/v1/sign-in/index.html' })],
  ['a page of a fixed route', load({}, { url: '/area51', route: { path: '/area51' }, baseUrl: '' })],
  ['a page of Fastify', load({}, { url: '/area51', routeOptions: { url: '/area51' } })],
  [
    'a page by HTTP/2',
    load({ ':method': 'GET', ':path': '/login', ':authority': 'x', ':scheme': 'https' }, { method: 'GET' }),
  ],
  ['a page by a program', load({ 'x-requested-with': 'XMLHttpRequest', 'x-csrf-token': 'x', range: 'bytes=0-' })],
  ...PROXIES.map(([who, headers]) => [`a page through ${who}`, load(headers)] as const),
  ...COOKIES.map((cookie) => [`a page with the cookies ${cookie}`, load({ cookie })] as const),
  ['a form of empty fields', { ...EXPRESS, body: EMPTY }],
  ['a form of empty fields within others', { ...EXPRESS, body: { user: { name: '', roles: [] }, password: null } }],
  ['an empty form of a test, without headers', { body: EMPTY }],
  ['a name without a password (failing with 400)', { ...EXPRESS, body: { username: 'alice', password: '' } }, 400],
  [
    'empty fields of many kinds of names',
    { ...EXPRESS, body: { userName: '', 'user[mail]': '', _csrf: '', Zip_Code: '' } },
  ],
  ['a page with words in the query', load({}, { url: '/login?logout', query: { logout: '' } })],
  [
    'a name without a password in a form with the usual extras (failing with 400)',
    { ...EXPRESS, body: { user_id: 'alice', password: '', _csrf: 'x', rememberMe: 'on', submit: 'Log in', next: '/' } },
    400,
  ],
  ['an empty form with a session (failing with 400)', { ...EXPRESS, headers: { cookie: 'sid=1' }, body: EMPTY }, 400],
];
const COUNTED: readonly (readonly [what: string, request: object, status?: number])[] = [
  ['a password', { ...EXPRESS, body: { password: 'x' } }],
  ['a password (failing with 400)', { ...EXPRESS, body: { username: 'alice', password: 'x' } }, 400],
  ['a guess as the name of an empty field', load({}, { query: { sw0rdfish: '' } })],
  ['a guess as the name of an empty field within others', { ...EXPRESS, body: { door: { '4711': {} } } }],
  ['a long word as the name of an empty field', { ...EXPRESS, body: { ['x'.repeat(33)]: '' } }],
  ['a password under a name of another language', { ...EXPRESS, body: { login: 'alice', haslo: 'x' } }, 400],
  ['a password under a name that begins with the user’s', { ...EXPRESS, body: { user_haslo: 'x' } }, 400],
  ['any field (failing with 400)', { ...EXPRESS, body: { word: 'x' } }, 400],
  ['any field', { ...EXPRESS, body: { signature: 'x' } }],
  ['a name without a password (failing with 401)', { ...EXPRESS, body: { username: 'alice', password: '' } }, 401],
  ['a field of the query', { ...EXPRESS, body: {}, query: { t: 'x' } }],
  ['a part of the path', { ...EXPRESS, params: { code: 'x' } }],
  ['a form that no parser has read', { headers: HEADERS, query: {} }],
  ['a header that begins as others do', load({ secondfactor: 'x' })],
  ['a header of its own', { ...EXPRESS, headers: { ...HEADERS, 'x-api-key': 'x' } }],
  ['Authorization (failing with 400)', { ...EXPRESS, headers: { authorization: 'Basic eDp4' } }, 400],
  ['JSON that the strategy reads itself', post({ 'content-length': '40' }, {})],
  ['JSON that the strategy reads itself, in chunks', post({ 'transfer-encoding': 'chunked' }, {})],
  ['JSON that no parser took', post({ 'content-length': '40' }, { body: {} })],
  ['a body of unknown length', post({ 'content-length': 'x' }, {})],
  ['a body without a type', load({ 'content-length': '4' }, {})],
  ['a body by HTTP/2', load({ ':method': 'POST' }, { method: 'POST' })],
  ['a field of express-formidable', { ...EXPRESS, body: EMPTY, fields: { pin: '1' } }],
  ['a file', { ...EXPRESS, body: EMPTY, file: { fieldname: 'key', buffer: Buffer.from('x') } }],
  ['several files', { ...EXPRESS, body: EMPTY, files: [{ fieldname: 'key', buffer: Buffer.from('x') }] }],
  ['a number in the path', load({}, { url: '/door/1234' })],
  ['a long word in the path', load({}, { url: `/magic/${'x'.repeat(40)}` })],
  ['a token in the path of a mounted application', load({}, { url: '/', originalUrl: '/door/x1y2' })],
  [
    'a token in front of a fixed route',
    load({}, { originalUrl: '/x1y2/go', baseUrl: '/x1y2', route: { path: '/go' } }),
  ],
  ['a part of the path that a route has not named', load({}, { url: '/door/1234', route: { path: /^.door.*/ } })],
  ['a token of Cloudflare Access', load({ 'cf-access-jwt-assertion': 'x' })],
  ['a token of a proxy that logs in', load({ 'x-forwarded-access-token': 'x' })],
  ['a token of an AWS load balancer', load({ 'x-amzn-oidc-data': 'x' })],
  ['a secret of Vercel', load({ 'x-vercel-protection-bypass': 'x' })],
  ['a protocol of a WebSocket, which may hold a token', load({ 'sec-websocket-protocol': 'token, x' })],
  ['a cookie', load({ cookie: 'door=1' })],
  ['a cookie beside a session', load({ cookie: 'sid=1; _ga=2; remember=x' })],
  ['a cookie without a name', load({ cookie: 'sid=1; swordfish' })],
  ['a token of a session', load({ cookie: 'next-auth.session-token=x' })],
  [
    'a cookie called like a secret (failing with 400)',
    { ...EXPRESS, headers: { cookie: 'sid=1; login_token=x' } },
    400,
  ],
  ['a string as body', { ...EXPRESS, body: 'x' }],
  ['a string as body (failing with 400)', { ...EXPRESS, body: 'x' }, 400],
  ['bytes as body', { ...EXPRESS, body: Buffer.from('x') }],
  ['a body that no parser has read', { ...EXPRESS, body: {}, headers: { 'content-type': 'multipart/form-data' } }],
  ['a query that nobody has parsed', { url: '/login?t=x', headers: HEADERS, body: {} }],
  [
    'more fields than are looked at',
    {
      ...EXPRESS,
      body: Object.fromEntries(
        Array(2_000)
          .fill('')
          .map((_, i) => [i, '']),
      ),
    },
  ],
];

describe('An opaque strategy', () => {
  it("X22 does not lock an office's address for hundreds of page loads", async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(opaque(), lockout, { ipOnly: true });
    for (const [, headers] of PROXIES) {
      for (const cookie of COOKIES) {
        for (let times = 0; times < 3; times += 1) drive(strategy, { ip: IP, ...load({ ...headers, cookie }) });
      }
    }
    expect(await lockout.status({ ip: IP })).to.include({ failures: 0, verifying: 0 });
  });

  async function failuresAfter(request: object, status?: number): Promise<number> {
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(opaque(status), lockout, { ipOnly: true });
    drive(strategy, { ip: IP, ...request });
    const { failures, verifying } = await lockout.status({ ip: IP });
    expect(verifying).to.equal(0);
    return failures;
  }

  for (const [what, request, status] of NOT_COUNTED) {
    it(`X22 counts nothing for ${what}`, async () => {
      expect(await failuresAfter(request, status)).to.equal(0);
    });
  }

  for (const [what, request, status] of COUNTED) {
    it(`X22 counts a failure for ${what}`, async () => {
      expect(await failuresAfter(request, status)).to.equal(1);
    });
  }

  it('X22 does not lock the address for three empty forms', () => {
    const strategy = withLockout(opaque(), LIMIT_3, { ipOnly: true });
    const ends = Array.from({ length: 4 }, () => drive(strategy, { ip: IP, ...EXPRESS, body: EMPTY }).actions[0]?.[2]);
    expect(ends).to.deep.equal([undefined, undefined, undefined, undefined]);
  });

  for (const [what, request] of [
    ['a word of the path', load({}, { url: '/door/swordfish' })],
    ['a word as the name of an empty field', load({}, { query: { swordfish: '' } })],
    ['a header of every browser', load({ 'user-agent': 'swordfish' })],
    ['a cookie of analytics', load({ cookie: '_ga=swordfish' })],
  ] as const) {
    it(`X22 counts nothing for a guess in an unusual place unless isFailure says so: ${what}`, async () => {
      const every = new Lockout(LIMIT_3);
      const isFailure = ({ called }: { readonly called: string }) => (called === 'fail' ? true : undefined);
      drive(withLockout(opaque(), every, { ipOnly: true, isFailure }), { ip: IP, ...request });
      expect((await every.status({ ip: IP })).failures).to.equal(1);
      expect(await failuresAfter(request)).to.equal(0);
    });
  }

  it('X22 counts for an empty form what isFailure says', async () => {
    const lockout = new Lockout(LIMIT_3);
    drive(withLockout(opaque(), lockout, { ipOnly: true, isFailure: () => true }), { ip: IP, ...EXPRESS, body: EMPTY });
    expect((await lockout.status({ ip: IP })).failures).to.equal(1);
  });
});
