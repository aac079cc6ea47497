/** Lifts all locks of a kind, as one act, on each store. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { ENGINE } from '../../lib/lockout.js';
import { unblockMatching } from '../../lib/operator/unblock-matching.js';
import { describeOnEachStore } from '../support/stores/each-store.js';

describeOnEachStore('unblockMatching', ({ fresh }) => {
  let lockout: Lockout;

  beforeEach(async () => {
    lockout = new Lockout({ store: await fresh(), dimensions: ['username', 'ip'] });
    for (const guess of ['a', 'b', 'c']) {
      for (const [n, username] of ['alice', 'bob'].entries()) {
        await lockout.protect({ username, ip: `203.0.113.${n}` }, () => false, { guess });
      }
    }
    await lockout.block({ ip: '198.51.100.7' }, { for: 'forever' });
    await lockout.block({ username: 'mallory' }, { for: 'forever' });
  });
  afterEach(() => lockout.close());

  const locked = async () => (await lockout.list({ order: 'key' })).items.map(({ key }) => key);

  for (const [what, query, left] of [
    ['everything', { withOperators: true }, []],
    ['all but what operators blocked', { withOperators: false }, ['ip=198.51.100.7', 'username=mallory']],
    ['one dimension', { withOperators: true, dimension: 'username' }, ['ip=198.51.100.7']],
    [
      'a username in any spelling',
      { withOperators: true, username: 'ALICE' },
      ['ip=198.51.100.7', 'username=bob', 'username=mallory'],
    ],
    ['an address', { withOperators: true, ip: '198.51.100.7' }, ['username=alice', 'username=bob', 'username=mallory']],
  ] as const) {
    it(`frees ${what}, as one act`, async () => {
      const freed = await unblockMatching(lockout[ENGINE], { ...query, by: 'carol', reason: 'attack is over' });
      expect(freed).to.equal(4 - left.length);
      expect(await locked()).to.deep.equal(left);
      const { items } = await lockout.activity({ action: 'unblock' });
      expect(items).to.have.length(1);
      expect(items[0]).to.include({ by: 'carol', reason: 'attack is over', key: null });
      expect(items[0]?.counts).to.deep.equal({ unblocked: freed });
    });
  }

  it('leaves the failures of what is not locked', async () => {
    await lockout.protect({ username: 'trent', ip: '203.0.113.9' }, () => false);
    await unblockMatching(lockout[ENGINE], { withOperators: true });
    expect(await lockout.status({ username: 'trent' })).to.include({ failures: 1 });
  });

  it('frees nothing once it is stopped', async () => {
    const signal = AbortSignal.abort();
    expect(await unblockMatching(lockout[ENGINE], { withOperators: true, signal })).to.equal(0);
    expect(await locked()).to.have.length(4);
  });

  it('reports how many it has freed', async () => {
    const progress: number[] = [];
    await unblockMatching(lockout[ENGINE], { withOperators: true, onProgress: (done) => void progress.push(done) });
    expect(Math.max(...progress)).to.equal(4);
  });

  it('refuses what is no address, and records nothing', async () => {
    const wrong = unblockMatching(lockout[ENGINE], { withOperators: true, ip: 'nonsense' });
    expect(await wrong.catch(({ code }) => code)).to.equal('ERR_LOCKOUT_SUBJECT_INVALID');
    expect((await lockout.activity({ action: 'unblock' })).items).to.deep.equal([]);
  });
});
