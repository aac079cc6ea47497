/** What operators did, in Redis. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { type ActivityQuery, type NewActivity, NOT_ENDED } from '../../../lib/stores/activity-log.js';
import { DAY } from '../../../lib/testing/examples.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';

describe('The activity log in Redis', () => {
  const database = useRedisDatabase();

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

  it('finds acts on a subject, of an operator and of a kind among thousands, in few calls', async () => {
    const counting = database.counting();
    const log = counting.store.activityLog;
    const actOf = (number: number): NewActivity => ({
      ...NOT_ENDED,
      id: number.toString(16).padStart(24, '0'),
      action: number % 2_000 === 7 ? 'block' : 'unblock',
      by: number % 2_000 === 8 ? 'dave "the \\ operator" \ud800' : 'carol',
      reason: null,
      dimension: 'username',
      key: `username=user-${number}`,
      parts: { username: `user-${number}` },
      undoOf: null,
    });
    for (let start = 0; start < 4_500; start += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, offset) => log.append(actOf(start + offset), DAY)));
    }
    const any = { by: undefined, action: undefined, key: undefined, since: undefined, until: undefined };
    const numbersOf = async (query: Partial<ActivityQuery>) => {
      counting.calls = 0;
      const found = await log.query({ ...any, after: undefined, limit: 5_000, ...query });
      return found.map(({ id }) => Number.parseInt(id, 16)).toSorted((a, b) => a - b);
    };
    expect(await numbersOf({ key: 'username=user-3' })).to.deep.equal([3]);
    expect(counting.calls).to.be.within(3, 4);
    expect(await numbersOf({ key: 'username=user-' })).to.deep.equal([]);
    expect(await numbersOf({ action: 'block' })).to.deep.equal([7, 2_007, 4_007]);
    expect(await numbersOf({ by: 'dave "the \\ operator" \ud800' })).to.deep.equal([8, 2_008, 4_008]);
    expect(await numbersOf({ by: 'carol' })).to.have.length(4_497);
    expect(await numbersOf({})).to.have.length(4_500);
    expect(await numbersOf({ by: 'carol', limit: 100 })).to.have.length(100);
    expect(counting.calls, 'a page of the newest').to.equal(1);
  });
});
