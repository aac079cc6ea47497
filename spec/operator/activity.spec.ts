/** What operators did, as it is recorded and read. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import { ENGINE } from '../../lib/lockout.js';
import { SECRET } from '../support/fixtures/secret.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const CAROL = { by: 'carol', reason: 'ticket 4711' } as const;
const ALICE = { username: 'alice' } as const;
const ABOUT_ALICE = { dimension: 'username', key: 'username=alice', parts: { username: 'alice' } } as const;
const ABOUT_NOBODY = { dimension: null, key: null, parts: {} } as const;

describe('Lockout.activity', () => {
  let lockout: Lockout;

  const start = (options: LockoutOptions = {}) => {
    lockout = new Lockout({ store: new MemoryStore(), secret: SECRET, ...options });
    return lockout;
  };
  const acts = async () =>
    (await lockout.activity()).items.map(({ id: _, at: __, undoable: ___, undoableUntil: ____, ...act }) => act);
  const req = { headers: {} };

  beforeEach(() => start());
  afterEach(() => lockout.close());

  const ACTS: readonly { title: string; act: () => Promise<unknown>; recorded: object }[] = [
    {
      title: 'block',
      act: () => lockout.block(ALICE, { for: '1h', ...CAROL }),
      recorded: { action: 'block', ...ABOUT_ALICE, counts: { locked: 1, seconds: 3600 } },
    },
    {
      title: 'unblock',
      act: () => lockout.unblock(ALICE, CAROL),
      recorded: { action: 'unblock', ...ABOUT_ALICE, counts: { unblocked: 0 } },
    },
    {
      title: 'unblock by key',
      act: () => lockout.unblock({ key: 'ip=192.0.2.1&username=alice' }, CAROL),
      recorded: {
        action: 'unblock',
        dimension: 'ip+username',
        key: 'ip=192.0.2.1&username=alice',
        parts: { ip: '192.0.2.1', username: 'alice' },
        counts: { unblocked: 0 },
      },
    },
    {
      title: 'reset by name',
      act: () => lockout.reset({ ...ALICE, ...CAROL }),
      recorded: { action: 'reset', ...ABOUT_NOBODY, parts: ALICE, counts: { reset: 0, unblocked: 0 } },
    },
    {
      title: 'reset of everything',
      act: () => lockout.reset({ all: true, ...CAROL }),
      recorded: { action: 'reset', ...ABOUT_NOBODY, counts: { reset: 0, unblocked: 0 } },
    },
    {
      title: 'erase, without the name',
      act: () => lockout.erase({ ...ALICE, ...CAROL }),
      recorded: { action: 'erase', ...ABOUT_NOBODY, counts: { subjects: 0, attempts: 0 } },
    },
    {
      title: 'removeAttempts',
      act: () => lockout.removeAttempts({ all: true, ...CAROL }),
      recorded: { action: 'removeAttempts', ...ABOUT_NOBODY, counts: { removed: 0 } },
    },
    {
      title: 'revokeDevices',
      act: () => lockout.revokeDevices({ ...ALICE, ...CAROL }),
      recorded: { action: 'revokeDevices', ...ABOUT_NOBODY, parts: ALICE, counts: { users: 1 } },
    },
    {
      title: 'passwordChanged, once',
      act: () => lockout.passwordChanged(req, 'alice', CAROL),
      recorded: { action: 'passwordChanged', ...ABOUT_NOBODY, parts: ALICE, counts: { reset: 0, unblocked: 0 } },
    },
  ];
  for (const { title, act, recorded } of ACTS) {
    it(`has ${title}, with who did it, why, and how much it changed`, async () => {
      await act();
      expect(await acts()).to.deep.equal([{ ...CAROL, undoOf: null, ...recorded }]);
    });
  }

  it('has an unlock link that freed somebody, and none that did not', async () => {
    start({ tiers: [{ failures: 1, cooloff: '1h' }] });
    await lockout.protect(ALICE, () => false);
    const token = await lockout.createUnlockToken(ALICE);
    for (let times = 0; times < 2; times += 1) await lockout.redeemUnlockToken(token, { by: 'link' });
    await lockout.redeemUnlockToken('forged', { by: 'link' });

    const redeemed = { action: 'redeemUnlockToken', ...ABOUT_ALICE, counts: { unblocked: 1 } };
    expect(await acts()).to.deep.equal([{ by: 'link', reason: null, undoOf: null, ...redeemed }]);
  });

  it('returns the newest first, of one operator or subject, page by page', async () => {
    for (const [username, by] of [
      ['alice', 'carol'],
      ['bob', 'dave'],
      ['alice', 'dave'],
    ] as const)
      await lockout.block({ username }, { for: '1h', by });
    const all: string[] = [];
    for await (const { by, key } of lockout.activity({ limit: 1 })) all.push(`${by} ${key}`);

    expect(all.toSorted()).to.deep.equal(['carol username=alice', 'dave username=alice', 'dave username=bob']);
    expect((await lockout.activity({ by: 'dave' })).items).to.have.length(2);
    expect((await lockout.activity({ key: 'username=bob' })).items).to.have.length(1);
    expect((await lockout.activity({ action: 'unblock' })).items).to.deep.equal([]);
    expect((await lockout.activity({ until: new Date(0) })).items).to.deep.equal([]);
  });

  it('keeps pseudonyms', async () => {
    start({ pseudonymize: 'a secret of more than 32 characters' });
    await lockout.block(ALICE, { for: '1h', ...CAROL });
    await lockout.reset({ ...ALICE, ...CAROL });
    expect(JSON.stringify(await acts())).to.not.include('alice');
  });

  it('forgets a person who is erased, and keeps the acts', async () => {
    await lockout.block(ALICE, { for: '1h', ...CAROL });
    await lockout.unblock(ALICE, CAROL);
    await lockout.erase({ username: 'ALICE', by: 'dave' });
    const left = await acts();

    expect(left.map(({ action, by }) => [action, by])).to.have.deep.members([
      ['erase', 'dave'],
      ['unblock', 'carol'],
      ['block', 'carol'],
    ]);
    expect(JSON.stringify(left)).to.not.match(/alice|4711/);
  });

  it('has an act that failed, as one that has not ended', async () => {
    const store = new SlowStore();
    store.failing = { reset: 'reject' };
    start({ store: Object.assign(store, { activityLog: new MemoryStore().activityLog }), attemptLog: 'off' });
    const error = await lockout.unblock(ALICE, CAROL).catch((thrown: unknown) => thrown);

    expect(error).to.have.property('code', 'ERR_LOCKOUT_STORE_FAILED');
    expect(await acts()).to.deep.equal([{ ...CAROL, action: 'unblock', ...ABOUT_ALICE, counts: null, undoOf: null }]);
  });

  it('keeps nobody from acting when it cannot be written, and warns once', async () => {
    const store = new MemoryStore();
    const failing = () => Promise.reject(new Error('the disk is full'));
    start({ store: Object.assign(store, { activityLog: { ...store.activityLog, append: failing } }) });
    const events = new EventLog(lockout);
    await lockout.block(ALICE, { for: '1h', ...CAROL });

    expect(await lockout.unblock(ALICE, CAROL)).to.equal(true);
    expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_ACTIVITY_LOST']);
    expect(events.of('store_error')).to.have.length(2);
  });

  it('promises nothing of an act that then fails as well', async () => {
    const store = new MemoryStore();
    const fail = () => Promise.reject(new Error('the disk is full')) as never;
    start({ store: Object.assign(store, { activityLog: { ...store.activityLog, append: fail }, block: fail }) });
    const events = new EventLog(lockout);
    const error = await lockout.block(ALICE, { for: '1h', ...CAROL }).catch((thrown: unknown) => thrown);

    expect(error).to.have.property('code', 'ERR_LOCKOUT_STORE_FAILED');
    const [warning] = events.of('warning');
    expect(warning?.message).to.include('could not be recorded').and.not.include('went on');
  });

  it('throws for a store without an activity log, on which operators act all the same', async () => {
    start({ store: new SlowStore() as LockoutStore, attemptLog: 'off' });
    await lockout.block(ALICE, { for: '1h', ...CAROL });
    expect(await lockout.unblock(ALICE, CAROL)).to.equal(true);
    const error = await lockout.activity().catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(LockoutConfigError);
  });

  for (const query of [{ by: '' }, { action: 'hack' }, { since: 5 }, { limit: 0 }, { cursor: 'x' }, { name: 'x' }]) {
    it(`refuses ${JSON.stringify(query)}`, async () => {
      const error = await lockout.activity(query as object).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(LockoutConfigError);
    });
  }

  it('has who looks at the pages, once an hour each', async () => {
    const { activity } = lockout[ENGINE];
    for (const by of ['carol', 'dave', 'carol']) await activity.look(by);
    const looks = (await acts()).map(({ action, by }) => `${action} ${by}`);

    expect(looks.toSorted()).to.deep.equal(['look carol', 'look dave']);
  });

  it('passes the reason to the event', async () => {
    const events = new EventLog(lockout);
    await lockout.block(ALICE, { for: '1h', ...CAROL });
    await lockout.unblock(ALICE, CAROL);

    expect(events.of('unblocked')).to.deep.equal([{ ...ABOUT_ALICE, failures: 0, ...CAROL }]);
  });
});
