/** The rights that docs/stores.md names are enough for everything that the store does, and no more than that. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { PATIENT } from '../../support/stores/patient.js';
import { RedisDatabase } from '../../support/stores/redis-database.js';
import { SET_USER } from '../../support/stores/redis-rights.js';

describe('A user with the rights in docs/stores.md', () => {
  let database: RedisDatabase;
  let client: ReturnType<typeof createClient>;
  before(async () => {
    database = await RedisDatabase.create();
    await database.client.sendCommand(SET_USER);
    client = createClient({ url: database.server.url, username: 'lockout', password: 'secret' });
    await client.connect();
  });
  after(async () => {
    client.destroy();
    await database.drop();
  });

  it('can do all that a lockout does', async () => {
    const lockout = new Lockout({ ...PATIENT, store: new RedisStore(client), attemptLog: 'await', secret: SECRET });
    const attempt = { username: 'alice', ip: '203.0.113.9' };
    for (const isRight of [false, true, false, false, false]) await lockout.protect(attempt, () => isRight);
    await lockout.block({ ip: '192.0.2.1' }, { for: { hours: 1 }, reason: 'scanner' });
    await lockout.revokeDevices({ username: 'alice' });

    expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
    expect((await lockout.list()).items.map(({ key }) => key)).to.deep.equal(['username=alice', 'ip=192.0.2.1']);
    for (const order of ['key', 'lockedUntil'] as const)
      expect((await lockout.list({ order })).items).to.have.length(2);
    expect(await lockout.countLocked()).to.deep.equal({ count: 2, isAtLeast: false });
    expect(await lockout.unblock({ ip: '192.0.2.1' })).to.equal(true);
    expect(await lockout.reset({ username: 'alice' })).to.deep.equal({ reset: 1, unblocked: 1 });
    expect(await lockout.reset({ all: true })).to.deep.equal({ reset: 1, unblocked: 0 });
    expect((await lockout.attempts({ username: 'alice' })).items).to.have.length(5);
    expect((await lockout.activity()).items.map(({ action }) => action)).to.include.members(['block', 'reset']);
    const [hour] = await lockout.attemptCounts({ per: 'hour' }).then((hours) => hours.slice(-1));
    expect(hour?.failed).to.be.greaterThan(0);
    expect(await lockout.erase({ username: 'alice' })).to.include({ attempts: 5 });
    await lockout.removeAttempts({ all: true });
    await lockout.cleanup();
    const codes = (await lockout.check()).map(({ code }) => code);
    expect(codes).to.not.include.members(['WARN_LOCKOUT_CHECK_INCOMPLETE', 'WARN_LOCKOUT_STORE_UNWRITABLE']);
    await lockout.close();
  });

  for (const command of [
    ['GET', 'session:1'],
    ['SET', 'session:1', 'x'],
    ['EVAL', 'return redis.call("GET", KEYS[1])', '1', 'session:1'],
    ['KEYS', '*'],
    ['FLUSHDB'],
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['ACL', 'LIST'],
  ]) {
    it(`is refused ${command.slice(0, 2).join(' ')}`, async () => {
      const refusal = await client.sendCommand(command).catch((error: Error) => error.message);
      expect(refusal).to.match(/NOPERM|No permissions/i);
    });
  }
});
