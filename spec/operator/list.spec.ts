/** `list`: its order, its cursor, and stores that scan. */
import { expect } from 'chai';
import sinon from 'sinon';
import { type ListQuery, Lockout, LockoutConfigError, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { ScanningStore } from '../support/stores/scanning-store.js';
import { EventLog } from '../support/tools/events.js';

const OLD = 'the secret that has leaked, 32 characters';
const NEW = 'the secret that nobody knows yet, 32 chars';
const ADDRESSES = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4', '198.51.100.5'];
const CURSOR_EXPECTED = 'query.cursor: expected the cursor of the previous page, under the same order, got ';
const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('Lockout.list', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let lockout: Lockout;

  function start(options: LockoutOptions = {}, Store: typeof MemoryStore = MemoryStore): void {
    clock = new ManualClock();
    store = new Store({ clock: clock.read });
    lockout = create(options);
  }
  const create = (options: LockoutOptions = {}) =>
    new Lockout({ store, attemptLog: 'off', dimensions: ['username', 'ip', ['ip', 'username']], ...options });
  beforeEach(() => start());

  async function keysOf(query: ListQuery, on = lockout): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const { key } of on.list(query)) keys.push(key);
    return keys;
  }
  const refusalOf = async (query: ListQuery) => {
    const error: unknown = await lockout.list(query).then(
      () => 'nothing',
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(LockoutConfigError).and.have.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
    return (error as LockoutConfigError).message;
  };

  async function blockSome(): Promise<void> {
    await lockout.block({ username: 'anna' }, { for: 'forever' });
    await lockout.block({ username: 'bert' }, { for: '2h' });
    await lockout.block({ username: 'carl' }, { for: '1h' });
    await lockout.block({ username: 'dora' }, { for: '2h' });
    await lockout.block({ ip: '198.51.100.1' }, { for: 'forever' });
  }

  it('shows first the lock that ends soonest if asked to, and last those until reset', async () => {
    await blockSome();
    const byEnd = ['username=carl', 'username=bert', 'username=dora', 'ip=198.51.100.1', 'username=anna'];
    for (const limit of [1, 2, 5, 100]) {
      expect(await keysOf({ order: 'lockedUntil', limit })).to.deep.equal(byEnd);
      expect(await keysOf({ order: 'key', limit })).to.deep.equal(byEnd.toSorted());
    }
    expect(await keysOf({ order: 'lockedUntil', dimension: 'ip' })).to.deep.equal(['ip=198.51.100.1']);
  });

  it('goes on where a page ended although locks have ended since', async () => {
    await blockSome();
    const { cursor } = await lockout.list({ order: 'lockedUntil', limit: 1 });
    clock.advance({ hours: 2 });
    expect(await keysOf({ order: 'lockedUntil', limit: 1, cursor })).to.deep.equal([
      'ip=198.51.100.1',
      'username=anna',
    ]);
  });

  it('refuses to sort by end of lock what is not locked, and an unknown order', async () => {
    expect(await refusalOf({ locked: false, order: 'lockedUntil' })).to.equal(
      'query.order: expected \'key\' if subjects that are not locked are listed, too, got "lockedUntil" (a string)',
    );
    expect(await refusalOf({ order: 'failures' as never })).to.match(/^query\.order: expected 'key' or 'lockedUntil'/);
  });

  const STRANGE: readonly (readonly [string, unknown])[] = [
    ['nothing', ''],
    ['a key', 'username=alice'],
    ['a position without a page', encode('0')],
    ['another base64', 'MDprZXk6dXNlcm5hbWU9YmVydB=='],
    ['a number that is not written so', encode('00:key:username=bert')],
    ['a query that is not there', encode('1')],
    ['a very long text', 'A'.repeat(100_000)],
    ['a number', 5],
    ['a cursor that the store did not make', encode('0:username=bert')],
    ['an end of lock that is none', encode('0:lockedUntil:soon:username=bert')],
    ['a cursor of the other order', encode('0:lockedUntil:1:username=bert')],
  ];
  for (const [what, cursor] of STRANGE) {
    it(`refuses ${what} as a cursor, which is no failure of the store`, async () => {
      const events = new EventLog(lockout);
      expect(await refusalOf({ cursor: cursor as string })).to.satisfy((text: string) =>
        text.startsWith(CURSOR_EXPECTED),
      );
      expect(events.of('store_error')).to.deep.equal([]);
    });
  }

  it('reads nothing for a malformed cursor, and shows none of a cursor that the store refuses', async () => {
    const asked = sinon.spy(store, 'list');
    await refusalOf({ cursor: 'username=alice' });
    expect(asked.callCount).to.equal(0);
    expect(await refusalOf({ cursor: encode('0:username=alice') })).to.equal(`${CURSOR_EXPECTED}a string`);
  });

  it('reports a store that fails as that, whatever the cursor', async () => {
    await blockSome();
    const { cursor } = await lockout.list({ limit: 1 });
    sinon.stub(store, 'list').throws(new Error('out of order'));
    const error: unknown = await lockout.list({ cursor }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'ERR_LOCKOUT_STORE_FAILED');
  });

  describe('under several secrets', () => {
    beforeEach(async () => {
      const before = create({ pseudonymize: OLD });
      for (const ip of ADDRESSES.slice(0, 3)) await before.block({ username: 'alice', ip }, { for: '1h' });
      lockout = create({ pseudonymize: { current: NEW, previous: [OLD] } });
      // What is there under the old secret keeps its key.
      const current = create({ pseudonymize: NEW });
      for (const ip of ADDRESSES.slice(3)) await current.block({ username: 'alice', ip }, { for: '2h' });
    });

    for (const limit of [1, 2, 3, 4, 5, 100]) {
      it(`shows each subject of a name once, with ${limit} to a page`, async () => {
        for (const order of [undefined, 'key', 'lockedUntil'] as const) {
          const keys = await keysOf({ username: 'alice', limit, order });
          expect(keys).to.have.length(ADDRESSES.length);
          expect(new Set(keys).size).to.equal(ADDRESSES.length);
        }
      });
    }

    it('fills a page from the next secret', async () => {
      expect((await lockout.list({ username: 'alice', limit: 4 })).items).to.have.length(4);
      expect((await lockout.list({ username: 'alice', limit: 5 })).cursor).to.equal(null);
    });
  });

  describe('on a store that scans', () => {
    beforeEach(async () => {
      start({ secret: NEW }, ScanningStore);
      for (const ip of ADDRESSES) await lockout.block({ username: 'alice', ip }, { for: '1h' });
    });
    const all = ADDRESSES.map((ip) => `ip=${ip}&username=alice`);

    for (const limit of [1, 2, 100]) {
      it(`shows every subject, with ${limit} to a page`, async () => {
        const keys = await keysOf({ limit });
        expect([...new Set(keys)]).to.have.members(all);
        expect(await keysOf({ limit, order: 'key' })).to.deep.equal(all);
      });
    }

    it('resets and erases every subject, each counted once', async () => {
      for (const username of ['bert', 'carl', 'dora']) await lockout.block({ username }, { for: '1h' });
      expect(await lockout.reset({ username: 'alice' })).to.deep.equal({ reset: 5, unblocked: 5 });
      expect(await lockout.reset({ all: true })).to.deep.equal({ reset: 3, unblocked: 3 });
      for (const ip of ADDRESSES) await lockout.block({ username: 'alice', ip }, { for: '1h' });
      expect(await lockout.erase({ username: 'alice' })).to.include({ subjects: 5 });
      expect(store.size).to.equal(0);
    });

    it('cleans up every subject that has expired', async () => {
      clock.advance({ hours: 2 });
      expect(await lockout.cleanup()).to.include({ subjects: 5 });
      expect(store.size).to.equal(0);
    });

    it('shows once each what refuses a name', async () => {
      const refusing = (await lockout.refusedBy({ username: 'alice' })).map(({ key }) => key);
      expect(refusing).to.have.members(all).and.have.length(all.length);
    });
  });
});
