/** What the attempt log holds of logins, and what it does not. */
import { expect } from 'chai';
import { ALICE, type LogSite, right, wrong } from './log-site.js';

export function itTellsTheStory(site: LogSite): void {
  it('returns an empty page if there was no attempt', async () => {
    expect(await site.lockout.attempts()).to.deep.equal({ items: [], cursor: null });
  });

  it('returns every event of a lock, newest first', async () => {
    const at = new Date(site.clock.read());
    const req = { method: 'POST', originalUrl: '/login?password=hunter2', headers: { 'user-agent': 'curl/8' } };
    await site.lockout.protect({ ...ALICE, req }, right);
    for (let index = 0; index < 4; index += 1) await site.lockout.protect({ ...ALICE, req }, wrong);

    const { items, cursor } = await site.lockout.attempts();

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
      count: 1,
      username: 'alice',
      ip: '203.0.113.9',
      userAgent: 'curl/8',
      method: 'POST',
      path: '/login',
      action: 'local',
      sessionHash: null,
      reason: null,
      dimension: null,
      cause: null,
      tier: null,
    });
    expect(cursor).to.equal(null);
  });

  it('returns the reason of a refusal', async () => {
    site.start({ deny: { usernames: ['mallory'] } });
    await site.guess('mallory');

    const { items } = await site.lockout.attempts();

    expect(items.map(({ outcome, reason, dimension }) => ({ outcome, reason, dimension }))).to.deep.equal([
      { outcome: 'refused', reason: 'denied', dimension: null },
    ]);
  });

  it('includes attempts that are not counted', async () => {
    site.start({ allow: { usernames: ['probe'] } });
    await site.guess('probe');

    expect(await site.namesOf({ outcome: 'failed' })).to.deep.equal(['probe']);
  });

  it('does not include an attempt without a verdict', async () => {
    await site.lockout.protect(ALICE, () => Promise.reject(new Error('database down'))).catch(() => {});

    expect(await site.namesOf()).to.deep.equal([]);
  });

  it('omits entries older than attemptLogRetention, or leaves them to the TTL index', async () => {
    site.start({ attemptLogRetention: { minutes: 1 } });
    await site.guess('alice');
    site.clock.advance({ minutes: 5 });

    expect((await site.lockout.attempts({ since: new Date(site.clock.read()) })).items).to.deep.equal([]);
  });

  it("returns an empty page with attemptLog: 'off'", async () => {
    site.start({ attemptLog: 'off' });
    await site.guess('alice');

    expect(await site.namesOf()).to.deep.equal([]);
  });

  it('F44 returns everything that was recorded in the background once the lockout is closed', async () => {
    site.start({ attemptLog: 'background' });
    for (const username of ['a', 'b', 'c']) await site.lockout.protect({ username }, wrong);
    await site.lockout.close();

    expect(await site.namesOf()).to.have.members(['a', 'b', 'c']);
  });
}
