/** What operators did, in Redis. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { PATIENT } from '../../support/stores/patient.js';
import { RedisDatabase } from '../../support/stores/redis-database.js';

describe('The activity log in Redis', () => {
  let database: RedisDatabase;

  before(async () => {
    database = await RedisDatabase.create();
  });
  after(() => database.drop());
  beforeEach(() => database.clear());

  /** Everything stored of acts, as text. */
  async function stored(): Promise<string> {
    const keys = await database.client.keys('{passport-lockout}:act:*');
    return JSON.stringify(await Promise.all(keys.map((key) => database.client.hGetAll(key))));
  }

  it('has no name, key or reason of an erased person left on the server', async () => {
    const lockout = new Lockout({ ...PATIENT, store: database.store() });
    await lockout.block({ username: 'alice' }, { for: '1h', by: 'carol', reason: 'ticket 4711' });
    await lockout.unblock({ username: 'alice' }, { by: 'carol', reason: 'ticket 4711' });
    expect(await stored()).to.match(/alice/);

    await lockout.erase({ username: 'alice', by: 'dave' });
    expect(await stored())
      .to.match(/carol/)
      .and.not.match(/alice|4711/);
    await lockout.close();
  });
});
