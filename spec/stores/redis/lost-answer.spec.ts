/** Verdicts whose answers are lost on the way, as when the connection breaks. */
import { expect } from 'chai';
import type { Lease } from '../../../lib/policy/state.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { HOME, POLICY } from '../../../lib/testing/examples.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';
import { username } from '../examples.js';

const alice = username('alice');

describe('RedisStore, when an answer is lost', () => {
  const database = useRedisDatabase();
  let clock: ManualClock;
  let store: RedisStore;
  /** What happens to the next commands: none are sent, or their answers are lost, or a proxy or another server answers. */
  let next: string[];

  beforeEach(async () => {
    clock = new ManualClock();
    next = [];
    store = new RedisStore({ sendCommand }, { clock: clock.read });
    // The server knows the script then, and answers each command.
    await store.settle(username('bob'), POLICY, { id: 'b', until: clock.read() + 1 }, 'release');
  });

  async function sendCommand(args: string[]): Promise<unknown> {
    const what = next.shift();
    const answer = what === 'unsent' ? undefined : await database.client.sendCommand(args);
    if (what === undefined) return answer;
    if (what === 'timed out') throw new Error('ERR Connection timed out');
    if (what !== 'unsent' && what !== 'lost') throw new Error(`${what} said by another server`);
    clock.advance({ ms: POLICY.leaseTimeoutMs });
    throw new Error('Socket closed unexpectedly');
  }

  async function take(): Promise<Lease> {
    const reply = await store.reserve(alice, POLICY, 'a');
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  }

  const fail = (lease: Lease) => store.settle(alice, POLICY, lease, 'failure', HOME);
  const failures = async () => (await store.read(alice.key))?.failures;

  it('counts a failure once that is sent again after its lease', async () => {
    const lease = await take();
    next = ['lost'];
    expect(await fail(lease)).to.include({ failures: 1, isLate: true });
    expect(await failures()).to.equal(1);
  });

  it('counts a failure that had not been carried out', async () => {
    const lease = await take();
    next = ['unsent'];
    expect(await fail(lease)).to.include({ failures: 1, isLate: true });
  });

  it('says of its error that the failure may have been counted', async () => {
    const lease = await take();
    next = ['lost', 'unsent'];
    const error = await fail(lease).catch((reason: unknown) => reason);
    expect(error).to.be.an('error').with.property('isUnanswered', true);
    const again = { ...HOME, mayBeSettled: true };
    expect((await store.settle(alice, POLICY, lease, 'failure', again)).failures).to.equal(1);
  });

  it('says so if a proxy has lost the server behind it', async () => {
    const lease = await take();
    next = ['timed out'];
    const error = await fail(lease).catch((reason: unknown) => reason);
    expect(error).to.be.an('error').with.property('isUnanswered', true);
  });

  const OF_ANOTHER_SERVER = [
    'READONLY',
    'LOADING',
    'CLUSTERDOWN',
    'MASTERDOWN',
    'MOVED',
    'ASK',
    'NOREPLICAS',
    // As Redis 6.2 quotes the error of a command in a script.
    'ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -READONLY',
  ];
  for (const code of OF_ANOTHER_SERVER) {
    it(`says so of ${code}: after a failover the client asks another server for what the first may have done`, async () => {
      const lease = await take();
      next = [code];
      const error = await fail(lease).catch((reason: unknown) => reason);
      expect(error).to.be.an('error').with.property('isUnanswered', true);
      expect(error).to.have.property('message').that.includes(code);
    });
  }

  it('says no such thing of what the server refused', async () => {
    const lease = await take();
    await database.client.configSet('maxmemory', '1');
    const error = await fail(lease).catch((reason: unknown) => reason);
    await database.client.configSet('maxmemory', '0');
    expect(error).to.be.an('error').and.not.have.property('isUnanswered');
  });
});
