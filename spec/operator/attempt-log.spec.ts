/** The access log as operators read it, on each store that has one. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import mongoose9, { type Connection } from 'mongoose';
import {
  Lockout,
  LockoutConfigError,
  type LockoutOptions,
  type LockoutStore,
  LockoutStoreError,
  MemoryStore,
} from '../../lib/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../support/servers/mongo-server/test-environment.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const require = createRequire(import.meta.url);
/** Not imported, since its types only declare a module named `mongoose`, which here is version 9. */
const mongoose8 = require('mongoose8') as typeof mongoose9;

const SECRET = 'a secret of at least 32 characters';
const ALICE = { username: 'alice', ip: '203.0.113.9', strategy: 'local' };
const wrong = () => false;
const right = () => true;

type CreateStore = (clock: ManualClock) => LockoutStore;

function itAnswersAttempts(createStore: CreateStore): void {
  let clock: ManualClock;
  let lockout: Lockout;

  function start(options: LockoutOptions = {}): void {
    clock = new ManualClock();
    // Awaited, so that what an attempt left behind can be read right after it.
    lockout = new Lockout({ ...PATIENT, store: createStore(clock), audit: 'await', ...options });
  }

  beforeEach(() => start());
  afterEach(() => lockout.close());

  async function guess(username: string, { ip = '203.0.113.9', verify = wrong as () => boolean } = {}): Promise<void> {
    await lockout.protect({ username, ip }, verify);
    clock.advance({ seconds: 1 });
  }

  const namesOf = async (query: Parameters<Lockout['attempts']>[0] = {}) =>
    (await lockout.attempts(query)).items.map(({ username }) => username);

  it('is empty where nobody tried', async () => {
    expect(await lockout.attempts()).to.deep.equal({ items: [], cursor: null });
  });

  it('tells the whole story of a lock, newest first', async () => {
    const at = new Date(clock.read());
    const req = { method: 'POST', originalUrl: '/login?password=hunter2', headers: { 'user-agent': 'curl/8' } };
    await lockout.protect({ ...ALICE, req }, right);
    for (let index = 0; index < 4; index += 1) await lockout.protect({ ...ALICE, req }, wrong);

    const { items, cursor } = await lockout.attempts();

    expect(items.map(({ outcome, reason, dimension, tier }) => [outcome, reason, dimension, tier])).to.deep.equal([
      ['refused', 'locked', 'username', 0],
      ['failed', null, 'username', 0],
      ['failed', null, null, null],
      ['failed', null, null, null],
      ['succeeded', null, null, null],
    ]);
    expect(new Set(items.map(({ id }) => id)).size).to.equal(5);
    expect({ ...items.at(-1), id: '' }).to.deep.equal({
      id: '',
      at,
      outcome: 'succeeded',
      username: 'alice',
      ip: '203.0.113.9',
      userAgent: 'curl/8',
      method: 'POST',
      path: '/login',
      strategy: 'local',
      sessionHash: null,
      reason: null,
      dimension: null,
      tier: null,
    });
    expect(cursor).to.equal(null);
  });

  it('says why an attempt was refused', async () => {
    start({ deny: { usernames: ['mallory'] } });
    await guess('mallory');

    const { items } = await lockout.attempts();

    expect(items.map(({ outcome, reason, dimension }) => ({ outcome, reason, dimension }))).to.deep.equal([
      { outcome: 'refused', reason: 'denied', dimension: null },
    ]);
  });

  it('holds attempts of which nothing is counted, too', async () => {
    start({ allow: { usernames: ['probe'] } });
    await guess('probe');

    expect(await namesOf({ outcome: 'failed' })).to.deep.equal(['probe']);
  });

  it('does not hold an attempt without a verdict', async () => {
    await lockout.protect(ALICE, () => Promise.reject(new Error('database down'))).catch(() => {});

    expect(await namesOf()).to.deep.equal([]);
  });

  describe('filtered', () => {
    let startedAt: number;
    const atSecond = (seconds: number) => new Date(startedAt + seconds * 1_000);

    beforeEach(async () => {
      startedAt = clock.read();
      await guess('alice');
      await guess('bob', { ip: '2001:db8::1' });
      await guess('carol', { verify: right });
    });

    it('by outcome', async () => {
      expect(await namesOf({ outcome: 'failed' })).to.deep.equal(['bob', 'alice']);
      expect(await namesOf({ outcome: 'logout' })).to.deep.equal([]);
    });

    it('by username, in any spelling', async () => {
      expect(await namesOf({ username: ' ALICE ' })).to.deep.equal(['alice']);
      expect(await namesOf({ username: 'nobody' })).to.deep.equal([]);
    });

    it('by address, an IPv6 one by its network', async () => {
      expect(await namesOf({ ip: '::ffff:203.0.113.9' })).to.deep.equal(['carol', 'alice']);
      expect(await namesOf({ ip: '2001:db8::ffff' })).to.deep.equal(['bob']);
      expect(await namesOf({ ip: '2001:db8::/64' })).to.deep.equal(['bob']);
    });

    it('by time: from since on, before until', async () => {
      expect(await namesOf({ since: atSecond(1) })).to.deep.equal(['carol', 'bob']);
      expect(await namesOf({ until: atSecond(1) })).to.deep.equal(['alice']);
      expect(await namesOf({ since: atSecond(1), until: atSecond(2) })).to.deep.equal(['bob']);
    });

    it('by all of these at once', async () => {
      const query = { outcome: 'failed', username: 'alice', ip: '203.0.113.9', since: atSecond(0) } as const;
      expect(await namesOf(query)).to.deep.equal(['alice']);
      expect(await namesOf({ ...query, since: atSecond(1) })).to.deep.equal([]);
    });

    it('works also where neither usernames nor addresses are counted', async () => {
      const tenant = () => 'acme';
      start({ dimensions: [tenant] });
      await guess('alice');

      expect(await namesOf({ username: 'alice', ip: '203.0.113.9' })).to.deep.equal(['alice']);
    });
  });

  for (const { title, username } of [
    { title: 'of 256 characters', username: 'x'.repeat(256) },
    { title: 'so long that it is hashed', username: 'x'.repeat(300) },
    { title: 'with a line break in it', username: 'forged\nline' },
    { title: 'that looks like an operator', username: '$ne' },
  ]) {
    it(`finds a username ${title}`, async () => {
      await guess('alice');
      await guess(username);

      expect((await lockout.attempts({ username })).items).to.have.length(1);
    });
  }

  it('finds malformed usernames by the name they are shown with', async () => {
    await lockout.protect({ username: ['alice'] }, wrong);
    await lockout.protect({ username: '<malformed>' }, wrong);

    const shown = await namesOf({ username: '<MALFORMED>' });

    expect(shown).to.deep.equal(['<MALFORMED>']);
  });

  it('finds by clear names what is kept under pseudonyms', async () => {
    start({ pseudonymize: SECRET });
    await guess('alice');
    await guess('bob', { ip: '192.0.2.1' });

    const { items } = await lockout.attempts({ username: 'Alice', ip: '203.0.113.9' });

    expect(items).to.have.length(1);
    expect(items[0]?.username).to.match(/^%hmac:/);
    expect(items[0]?.ip).to.match(/^%hmac:/);
    expect(JSON.stringify(items)).not.to.include('alice');
  });

  describe('page by page', () => {
    async function pagesOf(limit: number): Promise<(string | null)[][]> {
      const pages: (string | null)[][] = [];
      let cursor: string | null | undefined;
      do {
        const page = await lockout.attempts({ limit, ...(cursor != null && { cursor }) });
        pages.push(page.items.map(({ username }) => username));
        cursor = page.cursor;
      } while (cursor !== null);
      return pages;
    }

    it('every entry comes once, and the last page says so', async () => {
      for (const username of ['a', 'b', 'c', 'd', 'e']) await guess(username);

      expect(await pagesOf(2)).to.deep.equal([['e', 'd'], ['c', 'b'], ['a']]);
      expect(await pagesOf(5)).to.deep.equal([['e', 'd', 'c', 'b', 'a']]);
    });

    it('every entry comes once, also of many in the same millisecond', async () => {
      const names = Array.from({ length: 7 }, (_, index) => `user-${index}`);
      await Promise.all(names.map((username) => lockout.protect({ username }, wrong)));

      const pages = await pagesOf(3);

      expect(pages.map(({ length }) => length)).to.deep.equal([3, 3, 1]);
      expect(pages.flat()).to.have.members(names);
    });

    it('entries that come meanwhile do not shift the next page', async () => {
      for (const username of ['a', 'b', 'c']) await guess(username);
      const { cursor } = await lockout.attempts({ limit: 1 });
      await guess('d');

      expect(await namesOf({ cursor: cursor as string })).to.deep.equal(['b', 'a']);
    });

    it('a filter holds on every page', async () => {
      for (const username of ['a', 'x', 'b', 'x']) await guess(username);
      const first = await lockout.attempts({ username: 'x', limit: 1 });

      expect(await namesOf({ username: 'x', cursor: first.cursor as string })).to.deep.equal(['x']);
    });

    it('100 at a time where no limit is given', async () => {
      for (let index = 0; index < 101; index += 1) await lockout.protect({ username: `user-${index}` }, wrong);

      const { items, cursor } = await lockout.attempts();

      expect(items).to.have.length(100);
      expect(cursor).to.be.a('string');
    });
  });

  describe('a bad query', () => {
    const PAGE = 'a whole number from 1 to 1000';
    const BAD_QUERIES = [
      { query: { limit: 0 }, message: `query.limit: expected ${PAGE}, got 0 (a number)` },
      { query: { limit: 1_001 }, message: `query.limit: expected ${PAGE}, got 1001 (a number)` },
      { query: { limit: 1.5 }, message: `query.limit: expected ${PAGE}, got 1.5 (a number)` },
      {
        query: { outcome: 'wrong' },
        message: "query.outcome: expected 'failed', 'succeeded', 'refused' or 'logout', got \"wrong\" (a string)",
      },
      { query: { since: 0 }, message: 'query.since: expected a Date, got 0 (a number)' },
      { query: { until: '2026-01-01' }, message: 'query.until: expected a Date, got "2026-01-01" (a string)' },
      { query: { since: new Date(Number.NaN) }, message: 'query.since: expected a Date, got an invalid Date' },
      { query: { username: '' }, message: 'query.username: expected a text that is not empty, got "" (a string)' },
      { query: { username: { $ne: null } }, message: 'query.username: expected a text, got an object with $ne' },
      { query: { ip: 'localhost' }, message: 'subject.ip: expected an IP address, got "localhost" (a string)' },
      { query: { username: '   ' }, message: 'subject.username: expected a username, got a string that is none' },
      { query: { usernames: 'x' }, message: 'query.usernames: there is no such option; did you mean username?' },
      { query: null, message: 'query: expected an object of options, got null' },
    ];
    for (const { query, message } of BAD_QUERIES) {
      it(`is refused: ${JSON.stringify(query)}`, async () => {
        const error = await lockout.attempts(query as never).catch((thrown: unknown) => thrown);

        expect(error).to.be.instanceOf(LockoutConfigError).with.property('message', message);
      });
    }

    for (const cursor of ['', 'x', '1.', '.x', '1.x.y', '1.X', '99999999999999999.0', '0.0\n', 5, null]) {
      it(`is refused: the cursor ${JSON.stringify(cursor)}`, async () => {
        const error = await lockout.attempts({ cursor } as never).catch((thrown: unknown) => thrown);

        expect(error)
          .to.be.instanceOf(LockoutConfigError)
          .with.property('message')
          .that.includes('query.cursor: expected the cursor of the page before');
      });
    }

    it('does no harm: a cursor that no page had', async () => {
      await guess('alice');
      const events = new EventLog(lockout);
      for (const cursor of ['0.0', '9999999999999999.zzzz', `${clock.read()}.0123456789abcdef`]) {
        const answer = await lockout.attempts({ cursor }).catch((thrown: unknown) => thrown);

        if (answer instanceof Error) expect(answer).to.be.instanceOf(LockoutConfigError);
        else expect(answer).to.have.property('items').that.is.an('array');
      }
      expect(events.count('store_error')).to.equal(0);
    });
  });

  it('forgets what is older than attemptRetention, or leaves it to the TTL index', async () => {
    start({ attemptRetention: { minutes: 1 } });
    await guess('alice');
    clock.advance({ minutes: 5 });

    expect((await lockout.attempts({ since: new Date(clock.read()) })).items).to.deep.equal([]);
  });

  it("is not written with audit: 'off', and may still be read", async () => {
    start({ audit: 'off' });
    await guess('alice');

    expect(await namesOf()).to.deep.equal([]);
  });

  it('F44 has all that was recorded in the background once the lockout is closed', async () => {
    start({ audit: 'background' });
    for (const username of ['a', 'b', 'c']) await lockout.protect({ username }, wrong);
    await lockout.close();

    expect(await namesOf()).to.have.members(['a', 'b', 'c']);
  });
}

describe('Lockout.attempts on the memory store', () => {
  itAnswersAttempts((clock) => new MemoryStore({ clock: clock.read }));

  it('keeps the newest maxAttempts entries', async () => {
    const lockout = new Lockout({ store: new MemoryStore({ maxAttempts: 2 }) });
    for (const username of ['a', 'b', 'c']) await lockout.protect({ username }, wrong);

    expect((await lockout.attempts()).items.map(({ username }) => username)).to.deep.equal(['c', 'b']);
  });
});

for (const [version, mongoose] of [
  ['8', mongoose8],
  ['9', mongoose9],
] as const) {
  describeMongo(`Lockout.attempts on MongoDB by mongoose ${version}`, function () {
    this.timeout(60_000);
    const dbName = `lockout-attempts-${version}-${process.pid}`;
    let connection: Connection;
    let stores = 0;

    before(async () => {
      expect(mongoose.version.split('.')[0]).to.equal(version);
      connection = await mongoose.createConnection(mongoUri(), { dbName }).asPromise();
    });
    after(async () => {
      await connection.dropDatabase();
      await connection.close();
    });

    itAnswersAttempts((clock) => {
      stores += 1;
      return new MongoStore(connection, { prefix: `s${stores}_`, clock: clock.read });
    });
  });
}

describe('Lockout.attempts on a store without an access log', () => {
  it('is refused', async () => {
    const error = await new Lockout({ store: new SlowStore() }).attempts().catch((thrown: unknown) => thrown);

    expect(error)
      .to.be.instanceOf(LockoutConfigError)
      .with.property('message', 'attempts(): expected a store with an access log, got one without');
  });

  it('needs no audit option, and logins work', async () => {
    const lockout = new Lockout({ store: new SlowStore() });

    expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
  });
});

describe('Lockout.attempts on a log that fails', () => {
  it('tells the operator', async () => {
    const store = new MemoryStore();
    const lockout = new Lockout({ store });
    const events = new EventLog(lockout);
    Object.assign(store.attempts, { query: () => Promise.reject(new Error('disk gone')) });

    const error = await lockout.attempts().catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_FAILED');
    expect(events.of('store_error').map(({ operation }) => operation)).to.deep.equal(['attempts']);
  });

  it("F43 does not affect a login, in the background or with audit: 'await'", async () => {
    for (const audit of ['background', 'await'] as const) {
      const store = new MemoryStore();
      Object.assign(store.attempts, { append: () => Promise.reject(new Error('disk full')) });
      const lockout = new Lockout({ store, audit });
      const events = new EventLog(lockout);

      expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
      await lockout.close();

      expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_AUDIT_LOST']);
    }
  });
});
