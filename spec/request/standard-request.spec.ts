/** Requests of the Fetch Standard, wherever a request is taken. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutRequest, MemoryStore, trustedProxies } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { guarded, right } from '../support/sites/guarded.js';
import { EventLog } from '../support/tools/events.js';

const request = (url = 'https://app.example/de/login?next=%2F#form') =>
  new Request(url, {
    method: 'POST',
    headers: { 'User-Agent': 'a browser', 'Accept-Language': 'fr', 'X-Real-IP': '203.0.113.9' },
    body: 'username=alice&password=x',
  });

describe('A Request of the Fetch Standard', () => {
  let seen: LockoutRequest[];
  const see = <T>(req: LockoutRequest, answer: T): T => {
    seen.push(req);
    return answer;
  };

  beforeEach(() => {
    seen = [];
  });

  it('provides protect with user agent, method, path and language', async () => {
    const lockout = new Lockout();
    const events = new EventLog(lockout);
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });

    const result = await lockout.protect({ req: request(), username: 'alice', ip: '203.0.113.9' }, () => true);

    expect(events.of('attempt_refused')[0]?.attempt).to.include({
      ip: '203.0.113.9',
      userAgent: 'a browser',
      method: 'POST',
      path: '/de/login',
    });
    expect(result.outcome === 'refused' && result.locked.message).to.match(/Veuillez réessayer dans 15 minutes/);
  });

  it('reaches every option function in the shape of all requests, with itself as `standard`', async () => {
    const req = request();
    const options: LockoutOptions = {
      skip: (given) => see(given, false),
      clientIp: (given) => see(given, given.standard?.headers.get('x-real-ip') ?? undefined),
      locale: (given) => see(given, given.url?.slice(1, 3)),
      deny: { when: ({ req: given }) => see(given as LockoutRequest, true) },
    };
    const lockout = new Lockout(options);
    const events = new EventLog(lockout);

    const result = await lockout.protect({ req, username: 'alice' }, () => true);

    expect(seen).to.have.length(4);
    expect(new Set(seen).size).to.equal(1);
    expect(seen[0]?.standard).to.equal(req);
    expect(seen[0]?.headers?.['accept-language']).to.equal('fr');
    expect(seen[0]?.url).to.equal('/de/login?next=%2F');
    expect(events.of('attempt_refused')[0]?.attempt.ip).to.equal('203.0.113.9');
    expect(result.outcome === 'refused' && result.locked.message).to.match(/^Zu viele/);
  });

  for (const [url, path] of [
    ['https://app.example', '/'],
    ['https://app.example/a//b?c', '/a//b'],
    ['custom+x://app/a', '/a'],
    ['/relative?x', '/relative'],
  ] as const) {
    it(`for ${url} is logged with the path ${path}`, async () => {
      const lockout = new Lockout();
      const headers = new Headers();

      await lockout.protect(
        { req: { method: 'POST', url, headers }, username: 'alice', ip: '203.0.113.9' },
        () => true,
      );

      expect((await lockout.attempts()).items[0]).to.include({ path, method: 'POST' });
    });
  }

  it('has the address that a framework adds to it', async () => {
    const lockout = new Lockout();
    await lockout.protect({ req: Object.assign(request(), { ip: '203.0.113.9' }), username: 'alice' }, () => false);

    expect(await lockout.status({ ip: '203.0.113.9' })).to.include({ failures: 1 });
  });

  it('has no address for trustedProxies, whatever its headers say', () => {
    expect(trustedProxies(['loopback', 'unix'], { header: 'x-real-ip' })(request() as never)).to.equal(undefined);
  });

  it('is accepted by recordLogout', async () => {
    const lockout = new Lockout();
    await lockout.recordLogout(request('https://app.example/logout'), { username: 'alice' });

    expect((await lockout.attempts()).items[0]).to.include({
      outcome: 'logout',
      path: '/logout',
      userAgent: 'a browser',
      sessionHash: null,
    });
  });

  it('is accepted by a wrapped strategy, whose refusal is in its language', async () => {
    const lockout = new Lockout({ store: new MemoryStore(), onLocked: 'respond', clientIp: () => '203.0.113.9' });
    await lockout.block({ ip: '203.0.113.9' }, { for: { minutes: 15 } });
    const standard = new Proxy(request(), {
      get: (target, name) => {
        if (name === 'body') return { username: 'alice', password: 'x' };
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });

    const { actions } = drive(guarded(right, lockout), standard);

    expect(actions.map(([name, info]) => `${name}: ${info}`)).to.deep.equal([
      'fail: Trop de tentatives de connexion ont échoué. Veuillez réessayer dans 15 minutes.',
    ]);
  });
});
