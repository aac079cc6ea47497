/** `list` and `attempts`: awaited one page, iterated all of them. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, MemoryStore } from '../../lib/index.js';

const NAMES = ['anna', 'bert', 'carl', 'dora', 'emil'];

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('Pages of subjects and of entries', () => {
  let store: MemoryStore;
  let lockout: Lockout;

  beforeEach(async () => {
    store = new MemoryStore();
    lockout = new Lockout({ store, dimensions: ['username'], attemptLog: 'await' });
    lockout.on('warning', () => {});
    for (const username of NAMES) {
      await lockout.protect({ username, ip: '203.0.113.9' }, () => false);
      await lockout.block({ username }, { for: '15m' });
    }
  });

  const namesOfList = async (query?: Parameters<Lockout['list']>[0]) =>
    (await all(lockout.list(query))).map(({ parts }) => parts['username']);
  const namesOfLog = async (query?: Parameters<Lockout['attempts']>[0]) =>
    (await all(lockout.attempts(query))).map(({ username }) => username);

  for (const limit of [undefined, 1, 2, 5]) {
    it(`contain every item once, in order, with ${limit ?? 'the default number'} to a page`, async () => {
      expect(await namesOfList({ limit })).to.deep.equal(NAMES);
      expect(await namesOfLog({ limit })).to.deep.equal(NAMES.toReversed());
    });
  }

  it('yield a single page when awaited', async () => {
    expect((await lockout.list({ limit: 2 })).items).to.have.length(2);
    expect((await lockout.attempts({ limit: 2 })).items).to.have.length(2);
    expect(await lockout.list()).to.have.all.keys('items', 'cursor');
  });

  it('continue where a page ended, and start again for a cursor of null', async () => {
    const { cursor } = await lockout.list({ limit: 2 });
    expect(await namesOfList({ limit: 2, cursor })).to.deep.equal(NAMES.slice(2));
    expect(await namesOfList({ limit: 2, cursor: null })).to.deep.equal(NAMES);
    const log = await lockout.attempts({ limit: 2 });
    expect(await namesOfLog({ limit: 2, cursor: log.cursor })).to.deep.equal(NAMES.toReversed().slice(2));
    expect(await namesOfLog({ cursor: null })).to.deep.equal(NAMES.toReversed());
  });

  it('follow the query on every page', async () => {
    expect(await namesOfList({ username: 'carl', limit: 1 })).to.deep.equal(['carl']);
    expect(await namesOfLog({ username: 'carl', limit: 1 })).to.deep.equal(['carl']);
    expect(await namesOfList({ username: undefined, ip: undefined, dimension: undefined })).to.deep.equal(NAMES);
    expect(await namesOfLog({ username: undefined, since: undefined, outcome: undefined })).to.have.length(5);
  });

  it('are not requested from the store before they are needed', async () => {
    const asked = sinon.spy(store, 'list');
    for await (const { parts } of lockout.list({ limit: 2 })) if (parts['username'] === 'bert') break;
    expect(asked.callCount).to.equal(1);
  });

  it('may be iterated while their subjects are freed', async () => {
    for await (const { parts } of lockout.list({ limit: 1 }))
      await lockout.unblock({ username: String(parts['username']) });
    expect(await namesOfList()).to.deep.equal([]);
  });

  it('give other tasks a turn between two pages', async () => {
    let turns = 0;
    const turn = () => {
      turns += 1;
      immediate = setImmediate(turn);
    };
    let immediate = setImmediate(turn);
    await all(lockout.list({ limit: 1 }));
    clearImmediate(immediate);
    expect(turns).to.be.at.least(4);
  });

  for (const [what, walk] of [
    ['awaited', (pages: PromiseLike<unknown>) => pages],
    ['iterated', (pages: AsyncIterable<unknown>) => all(pages)],
  ] as const) {
    it(`are rejected for an invalid query when ${what}, and never thrown`, async () => {
      for (const pages of [
        lockout.list({ limit: 0 }),
        lockout.list(null as never),
        lockout.attempts({ cursor: 'x' }),
      ]) {
        const error: unknown = await Promise.resolve(walk(pages as never)).catch((reason: unknown) => reason);
        expect(error).to.have.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
      }
    });
  }
});
