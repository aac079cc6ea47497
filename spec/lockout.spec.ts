/** What the options make of a lockout: monitor mode, lists, pseudonyms, ladders by attempt; and its default store. */
import { expect } from 'chai';
import { Lockout, MemoryStore } from '../lib/index.js';
import { ALICE, describeLockout, right, wrong } from './support/sites/lockout-site.js';
import { EventLog } from './support/tools/events.js';

describeLockout((site) => {
  it("counts and emits but refuses nobody in mode 'monitor'", async () => {
    site.start({ mode: 'monitor' });
    const outcomes = [];
    for (let index = 0; index < 5; index += 1) outcomes.push((await site.lockout.protect(ALICE, wrong)).outcome);
    expect(outcomes).to.deep.equal(Array(5).fill('failed'));
    expect(site.events.of('username_blocked').map(({ enforced }) => enforced)).to.deep.equal([false]);
    expect(site.events.of('attempt_refused').map(({ enforced }) => enforced)).to.deep.equal([false, false]);
    expect((await site.lockout.status({ username: 'alice' })).failures).to.equal(3);
  });

  it("lets nobody wait in mode 'monitor'", async () => {
    site.start({ mode: 'monitor', dimensions: ['username'] });
    const open: ((value: boolean) => void)[] = [];
    const results = Array.from({ length: 10 }, () =>
      site.lockout.protect(ALICE, () => new Promise<boolean>((resolve) => open.push(resolve))),
    );
    while (open.length < 10) await new Promise((resolve) => setImmediate(resolve));
    for (const answer of open) answer(true);
    expect((await Promise.all(results)).every(({ outcome }) => outcome === 'succeeded')).to.equal(true);
  });

  it('neither counts nor refuses names on the allow list, unless deny contains them, too', async () => {
    site.start({ allow: { ips: ['203.0.113.0/24'], usernames: ['Root'] }, deny: { usernames: ['mallory'] } });
    for (let index = 0; index < 5; index += 1) {
      expect((await site.lockout.protect(ALICE, wrong)).outcome).to.equal('failed');
      expect((await site.lockout.protect({ username: 'ROOT', ip: '198.51.100.1' }, wrong)).outcome).to.equal('failed');
    }
    expect((await site.lockout.list({ locked: false })).items).to.deep.equal([]);
    expect(await site.lockout.protect({ username: ' Mallory', ip: ALICE.ip }, right)).to.deep.equal({
      outcome: 'refused',
      locked: {
        code: 'ERR_LOCKOUT_DENIED',
        message: 'Too many failed logins. Try again later.',
        dimension: undefined,
        retryAfter: null,
      },
    });
    expect(site.events.of('attempt_refused').map(({ reason }) => reason)).to.deep.equal(['denied']);
  });

  it('stores no names or addresses when pseudonymized, and still finds every subject', async () => {
    site.start({
      pseudonymize: 'a secret of more than thirty-two characters',
      dimensions: ['username', ['ip', 'username']],
    });
    for (let index = 0; index < 3; index += 1) await site.lockout.protect(ALICE, wrong);
    const { items } = await site.lockout.list();
    expect(items).to.have.length(2);
    expect(JSON.stringify(items)).not.to.match(/alice|203\.0\.113/);
    expect((await site.lockout.status({ username: 'Alice' })).locked).to.equal(true);
    expect(site.events.of('username_blocked')[0]).to.deep.include({ username: 'alice', parts: { username: 'alice' } });
    expect(await site.lockout.reset({ username: 'alice' })).to.deep.equal({ reset: 2, unblocked: 2 });
  });

  it('accepts a function that returns a ladder by attempt and dimension', async () => {
    const strict = [{ failures: 1, cooloff: { hours: 1 } }];
    const usual = [{ failures: 50, cooloff: { minutes: 1 } }];
    site.start({
      tiers: ({ username }, dimension) => (username === 'root' && dimension === 'username' ? strict : usual),
    });
    expect((await site.lockout.protect({ username: 'root' }, wrong)).outcome).to.equal('failed');
    expect((await site.lockout.protect({ username: 'root' }, right)).outcome).to.equal('refused');
    expect((await site.lockout.status({ username: 'alice' })).attemptsLeft).to.equal(50);
  });
});

describe('The default store', () => {
  it('is a separate MemoryStore for each lockout', async () => {
    const first = new Lockout();
    await first.block({ username: 'alice' }, { for: 'forever' });
    expect((await new Lockout().status({ username: 'alice' })).locked).to.equal(false);
  });

  it('causes one warning in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const events = new EventLog(new Lockout());
      const silent = new EventLog(new Lockout({ store: new MemoryStore() }));
      await new Promise((resolve) => setImmediate(resolve));
      expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_MEMORY_STORE']);
      expect(silent.all).to.deep.equal([]);
    } finally {
      if (before === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = before;
    }
  });
});
