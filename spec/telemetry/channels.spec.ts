/** What tools learn that observe a process through `node:diagnostics_channel`. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Lockout, type LockoutOptions, MemoryStore, type StoreCall } from '../../lib/index.js';
import { onEvery } from '../support/fixtures/ladders.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { ChannelLog, onChannel } from '../support/tools/channels.js';
import { EventLog } from '../support/tools/events.js';

const IP = '203.0.113.9';
const LIMIT_2: LockoutOptions = { tiers: onEvery([{ failures: 2, cooloff: { minutes: 15 } }]) };
const FAILING = new Error('connection lost');

class FailingStore extends MemoryStore {
  override reserveAll(): never {
    throw FAILING;
  }
}

describe('The channels of a lockout', () => {
  const ends: (() => void)[] = [];
  const attempt = (lockout: Lockout, username = 'alice', isRight = false) =>
    lockout.protect({ username, req: { ip: IP }, action: 'local' }, () => isRight);
  const logOf = (lockout: Lockout) => {
    const log = new ChannelLog(lockout);
    ends.push(() => log.close());
    return log;
  };

  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  it('publish each event on the channel of its subject, and each lock once', async () => {
    const lockout = new Lockout({ ...LIMIT_2, signals: { usernames: 2, newFailures: 1, factor: 1 } });
    const { events } = logOf(lockout);

    await attempt(lockout, 'bob', true);
    await attempt(lockout);
    await attempt(lockout, 'carol');
    await attempt(lockout);
    await lockout.unblock({ ip: IP });

    expect(events.map(({ channel, event }) => `${channel} ${event}`)).to.deep.equal([
      'attempt attempt_succeeded',
      'attempt attempt_failed',
      'signal attack_suspected',
      'attempt attempt_failed',
      'signal spray_detected',
      'blocked blocked',
      'attempt attempt_refused',
      'unblocked unblocked',
    ]);
  });

  it('publish the very payload that listeners receive', async () => {
    const lockout = new Lockout(LIMIT_2);
    const { events } = logOf(lockout);
    const heard = new EventLog(lockout);

    for (let tries = 0; tries < 3; tries += 1) await attempt(lockout);

    const published = heard.all.filter(({ name }) => name !== 'ip_blocked' && name !== 'username_blocked');
    expect(events.map(({ payload }) => payload)).to.have.ordered.members(published.map(({ payload }) => payload));
  });

  it('mask what the option sensitive names', async () => {
    const lockout = new Lockout({ ...LIMIT_2, sensitive: ['username', 'ip'] });
    const { events } = logOf(lockout);

    for (let tries = 0; tries < 3; tries += 1) await attempt(lockout);

    expect(events).to.have.length.above(3);
    const printed = events.map(({ payload }) => inspect(payload, { depth: 9 })).join();
    expect(printed).to.include('********').and.not.include('alice').and.not.include(IP);
  });

  it('publish the errors of a store', async () => {
    const lockout = new Lockout({ store: new FailingStore() });
    lockout.on('store_error', () => {});
    const { events } = logOf(lockout);

    await attempt(lockout);

    const [error] = events.filter(({ channel }) => channel === 'store-error');
    expect(error?.payload).to.include({ operation: 'reserve' });
  });

  it('publish nothing more once nobody has subscribed', async () => {
    const lockout = new Lockout(LIMIT_2);
    const log = logOf(lockout);

    await attempt(lockout);
    log.close();
    await attempt(lockout);

    expect(log.events).to.have.length(1);
  });
});

describe('The tracing channel of store calls', () => {
  const ends: (() => void)[] = [];
  const attempt = (lockout: Lockout) => lockout.protect({ username: 'alice', req: { ip: IP } }, () => false);
  const callsOf = (lockout: Lockout) => {
    const log = new ChannelLog(lockout);
    ends.push(() => log.close());
    return log.calls;
  };

  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  it('publishes the start and the end of an answer in the same turn', async () => {
    const lockout = new Lockout({ attemptLog: 'off' });
    const calls = callsOf(lockout);

    await attempt(lockout);

    expect(calls).to.deep.equal(['reserve:start', 'reserve:end', 'settle:start', 'settle:end']);
  });

  it('publishes the start and the end of an answer that comes later', async () => {
    const lockout = new Lockout({ attemptLog: 'off', store: new SlowStore(), dimensions: ['username'] });
    const calls = callsOf(lockout);

    await attempt(lockout);

    expect(calls).to.deep.equal(
      ['reserve', 'settle'].flatMap((name) => ['start', 'end', 'asyncStart', 'asyncEnd'].map((at) => `${name}:${at}`)),
    );
  });

  it('publishes the error of a call that failed, with when it began', async () => {
    const lockout = new Lockout({ attemptLog: 'off', store: new FailingStore() });
    lockout.on('store_error', () => {});
    const calls = callsOf(lockout);
    let failed: StoreCall | undefined;
    ends.push(onChannel('tracing:passport-lockout:store:error', (call) => (failed = call as StoreCall)));

    await attempt(lockout);

    expect(calls).to.deep.equal(['reserve:start', 'reserve:error', 'reserve:end']);
    expect(failed?.error).to.include({ code: 'ERR_LOCKOUT_STORE_FAILED', cause: FAILING });
    expect(failed?.startedAt).to.be.at.most(performance.now());
  });

  it('keeps the decision of every attempt as it is', async () => {
    const lockout = new Lockout(LIMIT_2);
    callsOf(lockout);

    const outcomes = [];
    for (let tries = 0; tries < 3; tries += 1) outcomes.push((await attempt(lockout)).outcome);

    expect(outcomes).to.deep.equal(['failed', 'failed', 'refused']);
  });

  it('runs the store in the context that a subscriber binds, such as a span', async () => {
    const spans = new AsyncLocalStorage<string>();
    const { start } = tracingChannel<unknown, StoreCall>('passport-lockout:store');
    start.bindStore(spans, ({ operation }) => `span of ${operation}`);
    ends.push(() => start.unbindStore(spans));
    const seen: (string | undefined)[] = [];
    class Spanned extends MemoryStore {
      override reserveAll(...args: Parameters<MemoryStore['reserveAll']>) {
        seen.push(spans.getStore());
        return super.reserveAll(...args);
      }
    }

    await attempt(new Lockout({ store: new Spanned() }));

    expect(seen).to.deep.equal(['span of reserve']);
  });
});
