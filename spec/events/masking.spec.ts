/** F: what the option `sensitive` keeps out of logs, and what listeners still get. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { type BlockedEvent, Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { EventLog } from '../support/tools/events.js';

const IP = '203.0.113.9';
const ATTEMPT = {
  username: 'Alice',
  req: {
    ip: `${IP}:5123`,
    method: 'POST',
    originalUrl: '/tenants/acme/login',
    headers: { 'user-agent': 'curl/8' },
  },
};

/** As pino does it: the own enumerable properties of what is logged, each as JSON. */
function walk(payload: object): string {
  return Object.entries(payload)
    .map(([name, value]) => `"${name}":${JSON.stringify(value)}`)
    .join();
}

/** Ways in which a payload gets into a log. */
const LOGS: Readonly<Record<string, (payload: object) => string>> = {
  'JSON.stringify': (payload) => JSON.stringify(payload),
  'JSON.stringify of a copy': (payload) => JSON.stringify({ at: 1, ...payload }),
  'JSON.stringify in something else': (payload) => JSON.stringify({ events: [payload] }),
  'util.inspect': (payload) => inspect(payload, { depth: 9 }),
  'util.inspect with all that is hidden': (payload) => inspect(payload, { depth: 9, showHidden: true }),
  'util.inspect in something else': (payload) => inspect([{ payload }], { depth: 9 }),
  'a walk over the properties': walk,
  structuredClone: (payload) => {
    const { remaining: _, ...clonable } = payload as BlockedEvent;
    return inspect(structuredClone(clonable), { depth: 9 });
  },
};

function tenant(): string {
  return 'acme';
}

/** All kinds of events that tell of somebody. */
async function eventsWith(options: LockoutOptions): Promise<EventLog> {
  const lockout = new Lockout({
    dimensions: ['username', 'ip', ['ip', 'username']],
    tiers: [{ failures: 2, cooloff: { minutes: 15 } }],
    // The lock that lasts longest is the one reported: here all last equally long.
    store: new MemoryStore({ clock: new ManualClock().read }),
    ...options,
  });
  const log = new EventLog(lockout);
  await lockout.protect(ATTEMPT, () => true);
  for (let index = 0; index < 3; index += 1) await lockout.protect(ATTEMPT, () => false);
  await lockout.reset({ username: 'alice' });
  await lockout.reset({ ip: IP });
  await lockout.block({ ip: IP }, { for: { hours: 1 }, by: 'carol' });
  return log;
}

describe('The option sensitive', () => {
  const KINDS = [
    'attempt_succeeded',
    'attempt_failed',
    'attempt_refused',
    'blocked',
    'username_blocked',
    'ip_blocked',
    'unblocked',
  ];

  it('masks nothing by default: events are plain objects', async () => {
    const { all } = await eventsWith({});

    expect([...new Set(all.map(({ name }) => name))]).to.have.members(KINDS);
    for (const { payload } of all) expect(Object.getOwnPropertySymbols(payload)).to.deep.equal([]);
    expect(JSON.stringify(all)).to.include('alice').and.include(IP);
  });

  for (const [way, print] of Object.entries(LOGS)) {
    it(`keeps usernames and addresses out of ${way}, in every event`, async () => {
      const { all } = await eventsWith({ sensitive: ['username', 'ip'] });

      expect([...new Set(all.map(({ name }) => name))]).to.have.members(KINDS);
      for (const { name, payload } of all) {
        const text = print(payload);
        expect(text, name).not.to.match(/alice/i);
        expect(text, name).not.to.include(IP);
        expect(text, name).to.match(/dimension|subjects|reason/);
      }
    });
  }

  it('shows asterisks in place of masked values, and everything else unchanged', async () => {
    const log = await eventsWith({ sensitive: ['username'] });
    const [blocked] = log.of('username_blocked');

    expect(JSON.parse(JSON.stringify(blocked))).to.deep.include({
      dimension: 'username',
      parts: { username: '********' },
      key: 'username=********',
      username: '********',
      cause: 'tier',
      tier: 0,
      failures: 2,
      lockedUntil: blocked?.lockedUntil?.toJSON(),
      remaining: 'PT900S',
      attempt: {
        username: '********',
        ip: IP,
        address: IP,
        userAgent: 'curl/8',
        method: 'POST',
        path: '/tenants/acme/login',
      },
    });
    const pair = log.of('blocked').find(({ dimension }) => dimension === 'ip+username');
    expect(JSON.parse(JSON.stringify(pair))).to.deep.include({
      key: `ip=${IP}&username=********`,
      parts: { ip: IP, username: '********' },
    });
    expect(inspect(blocked)).to.include("parts: { username: '********' }").and.include('lockedUntil: 2100-01-01');
  });

  it('lets listeners read every value by its name', async () => {
    const plain = await eventsWith({});
    const masked = await eventsWith({ sensitive: ['username', 'ip', 'userAgent', 'path'] });

    const facts = ({ dimension, key, parts, attempt }: BlockedEvent) => ({
      dimension,
      key,
      ip: parts['ip'],
      username: parts['username'],
      attempt: [attempt?.username, attempt?.ip, attempt?.address, attempt?.userAgent, attempt?.path],
    });
    expect(masked.of('blocked').map(facts)).to.deep.equal(plain.of('blocked').map(facts));
    expect(masked.of('attempt_refused')[0]?.refusedBy?.parts['username']).to.equal(
      plain.of('attempt_refused')[0]?.refusedBy?.parts['username'],
    );
    expect(masked.of('attempt_failed')[0]?.subjects.map(({ key }) => key)).to.deep.equal([
      'username=alice',
      `ip=${IP}`,
      `ip=${IP}&username=alice`,
    ]);
    expect(masked.of('unblocked')[0]?.parts['username']).to.equal('alice');
  });

  it('keeps the name of the operator who blocked', async () => {
    const log = await eventsWith({ sensitive: ['username', 'ip'] });
    expect(JSON.parse(JSON.stringify(log.of('ip_blocked').at(-1)))).to.include({
      by: 'carol',
      key: 'ip=********',
      ip: '********',
    });
  });

  it('hides the user agent and the path', async () => {
    const log = await eventsWith({ sensitive: ['userAgent', 'path'] });
    const text = JSON.stringify(log.of('attempt_failed')[0]);

    expect(text).to.include('"userAgent":"********"').and.include('"path":"********"').and.include('alice');
  });

  it('hides the value of a dimension function by the name of the function', async () => {
    const log = await eventsWith({ dimensions: ['ip', [tenant, 'username']], sensitive: ['tenant'] });
    const [event] = log.of('attempt_failed');

    expect(JSON.stringify(event?.subjects)).to.include('tenant=********&username=alice').and.not.include('acme');
    expect(event?.subjects[1]?.key).to.equal('tenant=acme&username=alice');
  });

  it('hides a part named like a property that every object has', async () => {
    const inherited = Object.defineProperty(() => 'acme', 'name', { value: 'toString' });
    const log = await eventsWith({ dimensions: ['ip', [inherited, 'username']], sensitive: ['toString'] });
    const [event] = log.of('attempt_failed');

    expect(JSON.stringify(event?.subjects)).to.include('toString=********&username=alice').and.not.include('acme');
  });

  it('adds nothing for values that are unknown', async () => {
    const lockout = new Lockout({ sensitive: ['username', 'ip'] });
    const log = new EventLog(lockout);
    await lockout.protect({ ip: IP }, () => false);

    expect(JSON.stringify(log.of('attempt_failed')[0]?.attempt)).to.equal('{"ip":"********","address":"********"}');
  });
});
