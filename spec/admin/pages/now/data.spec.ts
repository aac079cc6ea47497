/** What the page Now reads, on every store: the same numbers, with few reads. */
import { expect } from 'chai';
import sinon from 'sinon';
import { NowReader } from '../../../../lib/admin/pages/now/data.js';
import {
  Lockout,
  type LockoutOptions,
  type LockoutStore,
  MemoryStore,
  type NewAttemptEntry,
} from '../../../../lib/index.js';
import { describeOnEachStore } from '../../../support/stores/each-store.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { PATIENT } from '../../../support/stores/patient.js';

const OFFICE = '192.0.2.1';
const ATTACKER = '203.0.113.9';
const NEWEST = {
  outcome: undefined,
  username: undefined,
  ip: undefined,
  since: undefined,
  until: undefined,
  after: undefined,
};
let guesses = 0;

/** Tries a password that nobody has tried before. */
async function attempt(lockout: Lockout, username: string, ip: string, isRight: boolean): Promise<void> {
  await lockout.protect({ username, ip }, () => isRight, { guess: `guess ${++guesses}` });
}

async function fail(lockout: Lockout, username: string, ip: string, times: number): Promise<void> {
  for (let done = 0; done < times; done += 1) await attempt(lockout, username, ip, false);
}

describeOnEachStore('NowReader', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let reader: NowReader;

  beforeEach(async () => {
    clock = new ManualClock();
    // The log is awaited, so that what an attempt left behind can be read right after its answer.
    lockout = new Lockout({ ...PATIENT, store: await stores.fresh(clock.read), attemptLog: 'await' });
    reader = new NowReader(lockout);
  });
  afterEach(() => lockout.close());

  it('counts what failed, was refused, succeeded and was locked', async () => {
    await attempt(lockout, 'bob', OFFICE, true);
    await fail(lockout, 'alice', ATTACKER, 5);
    const { minutes, at, gaps } = await reader.read();
    expect(minutes).to.have.length(60);
    expect(minutes.at(-1)).to.deep.equal({ at: clock.read(), failed: 3, refused: 2, succeeded: 1, locks: 1 });
    expect([at, gaps]).to.deep.equal([clock.read(), []]);
  });

  it('lists who fails, whether they are locked, and whose name logged in before', async () => {
    await attempt(lockout, 'alice', OFFICE, true);
    await fail(lockout, 'alice', ATTACKER, 4);
    await fail(lockout, 'bob', ATTACKER, 1);
    const { top, locked, ending } = await reader.read();
    expect(locked).to.deep.equal({ subjects: 1, isAtLeast: false, names: 1, lookedAt: 1, knownNames: 1 });
    expect(top).to.deep.include({ entries: 6, failures: 5, distinctNames: 2, distinctAddresses: 1 });
    expect(top?.addresses).to.deep.equal([
      {
        subject: { key: `ip=${ATTACKER}`, dimension: 'ip', parts: { ip: ATTACKER } },
        failures: 5,
        succeeded: 0,
        names: 2,
        isLocked: false,
      },
    ]);
    expect(top?.names.map(({ subject, isLocked }) => [subject.key, isLocked])).to.deep.equal([
      ['username=alice', true],
      ['username=bob', false],
    ]);
    expect(ending?.map(({ subject, failures, lock }) => [subject.key, failures, lock.tier, lock.tiers])).to.deep.equal([
      ['username=alice', 3, 0, 3],
    ]);
  });

  it('lists the locks that end soonest first', async () => {
    await lockout.block({ username: 'forever' }, { for: 'forever' });
    await lockout.block({ username: 'hour' }, { for: '1h' });
    await lockout.block({ username: 'minute' }, { for: '1m' });
    const { ending } = await reader.read();
    expect(ending?.map(({ subject }) => subject.parts['username'])).to.deep.equal(['minute', 'hour', 'forever']);
  });

  it('adds what is new to what it has read', async () => {
    await fail(lockout, 'alice', ATTACKER, 1);
    await reader.read();
    clock.advance({ seconds: 15 });
    await fail(lockout, 'bob', ATTACKER, 1);
    await reader.read();
    clock.advance({ seconds: 2 });
    await fail(lockout, 'carol', ATTACKER, 1);
    const { top } = await reader.read();
    expect(top).to.include({ entries: 3, failures: 3, distinctNames: 3 });
  });

  it('does not mix an attack with the quiet day before it', async () => {
    for (let name = 0; name < 20; name += 1) await fail(lockout, `user ${name}`, `192.0.2.${name}`, 1);
    clock.advance({ hours: 1 });
    await fail(lockout, 'alice', ATTACKER, 2);
    expect((await reader.read()).top).to.include({ failures: 2, distinctAddresses: 1 });
  });

  it('forgets within a minute what was removed from the log', async () => {
    await fail(lockout, 'alice', ATTACKER, 1);
    await reader.read();
    clock.advance({ seconds: 30 });
    await fail(lockout, 'bob', ATTACKER, 1);
    await lockout.erase({ username: 'alice' });
    clock.advance({ seconds: 30 });
    expect((await reader.read()).top?.names.map(({ subject }) => subject.key)).to.deep.equal(['username=bob']);
  });

  it('draws the day and the week as the hour, with what was before', async () => {
    await fail(lockout, 'alice', ATTACKER, 1);
    clock.advance({ days: 2 });
    await fail(lockout, 'bob', ATTACKER, 1);
    clock.advance({ hours: 2 });
    await fail(lockout, 'carol', ATTACKER, 1);
    const reading = await reader.read();
    const failed = async (span: 'hour' | 'day' | 'week') =>
      (await reader.show(reading, span)).chart.buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
    expect([await failed('hour'), await failed('day'), await failed('week')]).to.deep.equal([1, 2, 3]);
    clock.advance({ minutes: 5 });
    await fail(lockout, 'dave', ATTACKER, 1);
    const later = await reader.read();
    expect((await reader.show(later, 'week')).chart.buckets.at(-1)?.failed).to.equal(2);
  });

  it('says since when the lockout suspects an attack', async () => {
    for (let one = 0; one < 150; one += 1) await fail(lockout, `user ${one}`, `198.51.100.${one}`, 1);
    expect((await reader.read()).suspectedSince).to.equal(clock.read());
  });
});

describe('The reads of NowReader', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let lockout: Lockout;
  let reader: NowReader;

  function open(options: LockoutOptions = {}): void {
    clock = new ManualClock();
    store = new MemoryStore({ clock: clock.read });
    lockout = new Lockout({ store, ...options });
    reader = new NowReader(lockout);
  }
  afterEach(async () => {
    await lockout.close();
    sinon.restore();
  });

  /** The names of what the store is asked from now on, in any order. */
  function asked(): () => readonly string[] {
    const calls: string[] = [];
    const spy = <T extends object>(target: T, name: keyof T & string) =>
      sinon.replace(target, name, new Proxy(target[name] as never, recorder(calls, name)) as never);
    for (const name of ['list', 'countLocked', 'read', 'readAll', 'reserve', 'settle'] as const)
      spy<LockoutStore>(store, name);
    const log = store.attemptLog as NonNullable<LockoutStore['attemptLog']>;
    for (const name of ['query', 'counts', 'append'] as const) spy(log, name);
    return () => calls.splice(0).sort();
  }

  it('are three for a snapshot: the last hour, what is new in the log, and the locks', async () => {
    open();
    const calls = asked();
    await reader.read();
    expect(calls()).to.deep.equal(['counts', 'counts', 'list', 'query']);
    clock.advance({ seconds: 1 });
    await reader.read();
    expect(calls()).to.deep.equal(['counts', 'list', 'query']);
  });

  it('are one more every ten minutes for the last day, and one for the week if somebody looks at it', async () => {
    open();
    await reader.show(await reader.read(), 'week');
    const calls = asked();
    clock.advance({ minutes: 9 });
    await reader.show(await reader.read(), 'week');
    expect(calls()).to.deep.equal(['counts', 'list', 'query']);
    clock.advance({ minutes: 1 });
    await reader.show(await reader.read(), 'week');
    expect(calls()).to.deep.equal(['counts', 'counts', 'counts', 'list', 'query']);
  });

  it('ask for the newest 5,000 entries, and then only for those that are newer, at most 1,000', async () => {
    open();
    await fail(lockout, 'alice', ATTACKER, 1);
    const query = sinon.spy(store.attemptLog as NonNullable<LockoutStore['attemptLog']>, 'query');
    await reader.read();
    await reader.read();
    expect(query.args.map(([{ since, limit }]) => [since, limit])).to.deep.equal([
      [undefined, 5000],
      [clock.read() - 10_000, 1000],
    ]);
  });

  it('keep the entries before the newest 1,000 of an attack that makes more between two snapshots', async () => {
    open();
    await fail(lockout, 'alice', ATTACKER, 1);
    await reader.read();
    clock.advance({ seconds: 1 });
    const log = store.attemptLog as NonNullable<LockoutStore['attemptLog']>;
    const [entry] = await log.query({ ...NEWEST, limit: 1 });
    const spray = Array.from({ length: 1_200 }, (_, index) => {
      return { entry: { ...(entry as NewAttemptEntry), username: `user ${index}` }, ageMs: 0 };
    });
    await log.append(spray, 3_600_000);
    const { top } = await reader.read();
    expect(top?.failures).to.equal(1_001);
  });

  it('count what is locked every five seconds, and look the top subjects up at once, while more than 100 are locked', async () => {
    open();
    await fail(lockout, 'zoe', ATTACKER, 1);
    await lockout.block({ username: 'zoe' }, { for: 'forever' });
    for (let name = 0; name < 100; name += 1) await lockout.block({ username: `user ${name}` }, { for: '1h' });
    const calls = asked();
    // The memory store's own `readAll` reads each.
    const besides = () => calls().filter((name) => name === 'countLocked' || name === 'readAll');
    const { locked, top } = await reader.read();
    expect(locked).to.include({ subjects: 101, isAtLeast: false, names: 101, lookedAt: 100 });
    expect(top?.names.map(({ subject, isLocked }) => [subject.key, isLocked])).to.deep.equal([['username=zoe', true]]);
    expect(besides()).to.deep.equal(['countLocked', 'countLocked', 'readAll']);
    clock.advance({ seconds: 4 });
    await reader.read();
    expect(besides()).to.deep.equal(['readAll']);
    clock.advance({ seconds: 1 });
    await reader.read();
    expect(besides()).to.deep.equal(['countLocked', 'countLocked', 'readAll']);
  });
});

function recorder(calls: string[], name: string): ProxyHandler<() => unknown> {
  return {
    apply: (target, self, args) => {
      calls.push(name);
      return Reflect.apply(target, self, args);
    },
  };
}
