/** Logouts in the attempt log. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { Lockout, MemoryStore } from '../../lib/index.js';

const REQUEST = {
  ip: '::ffff:203.0.113.9',
  method: 'POST',
  originalUrl: '/logout?token=hunter2',
  headers: { 'user-agent': 'curl/8' },
  sessionID: 'the id of the session',
};

describe('recordLogout', () => {
  it('writes user, address, and the hash of the session, never its id', async () => {
    const lockout = new Lockout({ attemptLog: 'await' });

    await lockout.recordLogout(REQUEST, { username: ' Alice ' });

    const { items } = await lockout.attempts();
    expect(items).to.have.length(1);
    expect(items[0]).to.include({
      outcome: 'logout',
      username: 'alice',
      ip: '203.0.113.9',
      userAgent: 'curl/8',
      method: 'POST',
      path: '/logout',
      sessionHash: createHash('sha256').update(REQUEST.sessionID).digest('hex'),
      reason: null,
      dimension: null,
    });
    expect(JSON.stringify(items)).to.not.include(REQUEST.sessionID).and.not.include('hunter2');
  });

  it('changes no counter', async () => {
    const lockout = new Lockout({ attemptLog: 'await' });
    await lockout.protect({ username: 'alice' }, () => false);

    await lockout.recordLogout(REQUEST, { username: 'alice' });

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1 });
  });

  it('needs neither a session nor a username', async () => {
    const lockout = new Lockout({ attemptLog: 'await' });

    await lockout.recordLogout({ ip: '203.0.113.9' });

    expect((await lockout.attempts()).items[0]).to.include({ outcome: 'logout', username: null, sessionHash: null });
  });

  it('does nothing if no log is kept', async () => {
    const store = new MemoryStore();
    await new Lockout({ store, attemptLog: 'off' }).recordLogout(REQUEST, { username: 'alice' });

    expect((await new Lockout({ store, attemptLog: 'await' }).attempts()).items).to.deep.equal([]);
  });
});
