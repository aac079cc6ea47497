/** Which locked subject refuses somebody, who need not be locked himself. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { PATIENT } from '../support/stores/patient.js';

const SECRET = 'a secret of at least 32 characters';
const OFFICE = '203.0.113.9';
const HOME = '198.51.100.7';
const right = () => true;
const wrong = () => false;

describeOnEachStore('Lockout.refusedBy', (stores) => {
  let lockout: Lockout;
  let store: LockoutStore;

  async function start(options: LockoutOptions = {}): Promise<void> {
    store = await stores.fresh();
    lockout = new Lockout({ ...PATIENT, store, attemptLog: 'await', lockCacheTtl: { seconds: 0 }, ...options });
  }
  beforeEach(() => start());
  afterEach(() => lockout.close());

  const keysFor = async (subject: Parameters<Lockout['refusedBy']>[0]) =>
    (await lockout.refusedBy(subject)).map(({ key }) => key);
  const lockOffice = () => lockout.block({ ip: OFFICE }, { for: 'forever', reason: 'scanner' });

  it('X40 returns the locked address that refused a user who is not locked', async () => {
    await lockOffice();
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);

    const [office, ...others] = await lockout.refusedBy({ username: ' ALICE ' });
    expect(office).to.deep.include({ key: `ip=${OFFICE}`, parts: { ip: OFFICE }, locked: true, reason: 'scanner' });
    expect(others).to.deep.equal([]);
  });

  it('X40 returns an address that the user logged in from before it was locked', async () => {
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);
    await lockOffice();

    expect(await keysFor({ username: 'alice' })).to.deep.equal([`ip=${OFFICE}`]);
  });

  it("X40 returns the user's own lock, that of user and address, and that of the address", async () => {
    await start({ dimensions: ['username', 'ip', ['ip', 'username']] });
    await lockout.protect({ username: 'alice', ip: OFFICE }, wrong);
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    await lockout.block({ username: 'alice', ip: OFFICE }, { for: 'forever' });
    await lockOffice();

    expect(await keysFor({ username: 'alice' })).to.have.members([
      'username=alice',
      `ip=${OFFICE}&username=alice`,
      `ip=${OFFICE}`,
    ]);
  });

  it('X40 returns the network of an address, and a network inside a blocked range', async () => {
    await lockout.protect({ username: 'alice', ip: '2001:db8::7' }, right);
    await lockout.block({ ip: '2001:db8::' }, { for: 'forever' });

    expect(await keysFor({ username: 'alice' })).to.deep.equal(['ip=2001:db8::/64']);
  });

  it('X40 returns the names that are refused at an address', async () => {
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);

    expect(await keysFor({ ip: OFFICE })).to.deep.equal(['username=alice']);
    expect(await keysFor({ ip: OFFICE, username: 'alice' })).to.deep.equal(['username=alice']);
  });

  it('X40 omits subjects that are no longer locked, strangers, and other addresses', async () => {
    await lockOffice();
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);
    await lockout.protect({ username: 'bob', ip: HOME }, right);
    expect(await keysFor({ username: 'bob' })).to.deep.equal([]);

    await lockout.unblock({ ip: OFFICE });
    expect(await keysFor({ username: 'alice' })).to.deep.equal([]);
    expect(await keysFor({ username: 'nobody' })).to.deep.equal([]);
  });

  it('X40 returns what a function counts together with the name, which its key frees', async () => {
    const tenant = () => 'acme';
    await start({ dimensions: [[tenant, 'username']], tiers: [{ failures: 1, cooloff: 'forever' }] });
    await lockout.protect({ username: 'alice', ip: OFFICE }, wrong);

    const [pair] = await lockout.refusedBy({ username: 'alice' });
    expect(pair?.key).to.equal('tenant=acme&username=alice');
    expect(await lockout.unblock({ key: String(pair?.key) })).to.equal(true);
    expect(await keysFor({ username: 'alice' })).to.deep.equal([]);
  });

  it('X40 returns pseudonyms, whose keys free subjects even if nobody knows the name', async () => {
    await start({ pseudonymize: SECRET });
    await lockOffice();
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);

    const [office] = await lockout.refusedBy({ username: 'alice' });
    expect(office?.key).to.match(/^ip=%hmac:/);
    expect(await lockout.unblock({ key: String(office?.key) })).to.equal(true);
    expect((await lockout.status({ ip: OFFICE })).locked).to.equal(false);
  });

  it('X40 returns pseudonyms made with an earlier secret', async () => {
    await start({ pseudonymize: SECRET });
    await lockOffice();
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);
    const changed = new Lockout({ ...PATIENT, store, pseudonymize: { current: 'x'.repeat(32), previous: SECRET } });

    const [office] = await changed.refusedBy({ username: 'alice' });
    expect(await changed.unblock({ key: String(office?.key) })).to.equal(true);
    expect((await changed.status({ ip: OFFICE })).locked).to.equal(false);
  });

  it('X40 returns names so long that they are hashed', async () => {
    const username = 'x'.repeat(300);
    await lockout.block({ username }, { for: 'forever' });
    await lockout.protect({ username, ip: OFFICE }, right);

    const [hashed] = await lockout.refusedBy({ ip: OFFICE });
    expect(hashed?.key).to.match(/^username=%sha256:/);
    expect(await lockout.unblock({ key: String(hashed?.key) })).to.equal(true);
    expect((await lockout.status({ username })).locked).to.equal(false);
  });

  it('X40 reads only the newest hundred entries of the log', async () => {
    await lockout.protect({ username: 'alice', ip: OFFICE }, right);
    await lockOffice();
    for (let index = 0; index < 120; index += 1) await lockout.protect({ username: 'alice', ip: HOME }, right);

    expect(await keysFor({ username: 'alice' })).to.deep.equal([]);
    expect(await keysFor({ ip: OFFICE })).to.deep.equal([`ip=${OFFICE}`]);
  });

  for (const subject of [{}, { tenant: 'acme' }, { ip: 'nowhere' }, null, 'alice']) {
    it(`X40 rejects ${JSON.stringify(subject)} as a subject`, async () => {
      const error = await lockout.refusedBy(subject as never).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', 'ERR_LOCKOUT_SUBJECT_INVALID');
    });
  }

  for (const key of ['', 'alice', 'username=', '=x', 'a'.repeat(5_000), 7]) {
    it(`X40 yields keys for unblock, which rejects ${JSON.stringify(key).slice(0, 20)}`, async () => {
      const error = await lockout.unblock({ key } as never).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', 'ERR_LOCKOUT_SUBJECT_INVALID');
    });
  }
});

describe('Lockout.refusedBy without an attempt log', () => {
  it('X40 returns the subjects that contain the name itself', async () => {
    const store = Object.assign(new MemoryStore(), { attempts: undefined });
    const lockout = new Lockout({ store, attemptLog: 'off', dimensions: ['username', ['ip', 'username']] });
    await lockout.block({ username: 'alice', ip: OFFICE }, { for: 'forever' });
    await lockout.block({ username: 'alice' }, { for: 'forever' });

    expect((await lockout.refusedBy({ username: 'alice' })).map(({ dimension }) => dimension)).to.have.members([
      'username',
      'ip+username',
    ]);
  });
});
