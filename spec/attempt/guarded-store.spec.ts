/** Calls to a store that always come back, and never pile up. */
import { expect } from 'chai';
import sinon from 'sinon';
import { type CallOptions, GuardedStore } from '../../lib/attempt/guarded-store.js';
import { LockoutStoreError } from '../../lib/errors.js';
import type { LockoutStore } from '../../lib/stores/store.js';

const TIMEOUT_MS = 2_000;
/** This number of calls may hang before further ones are not even made. */
const MAX_STUCK = 100;

describe('GuardedStore', () => {
  let timers: sinon.SinonFakeTimers;
  let guarded: GuardedStore;
  let reported: [operation: string, code: string][];
  /** One per call that reached the store, to be answered by the spec. */
  let asked: { resolve(value: string): void; reject(error: Error): void }[];
  const port = {} as LockoutStore;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    reported = [];
    asked = [];
    guarded = new GuardedStore(port, TIMEOUT_MS, (operation, { code }) => reported.push([operation, code]));
  });
  afterEach(() => timers.restore());

  function ask(options?: CallOptions<string>) {
    const hang = () => new Promise<string>((resolve, reject) => asked.push({ resolve, reject }));
    return guarded.call('read', hang, options);
  }

  async function askMany(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) void ask();
    await timers.tickAsync(TIMEOUT_MS);
  }

  /** Whether a call made now reaches the store. */
  function isAsking(): boolean {
    const before = asked.length;
    void ask();
    return asked.length > before;
  }

  it('passes on a synchronous answer of the store in the same turn', () => {
    expect(guarded.call('read', (store) => (store === port ? 'answer' : 'another store'))).to.equal('answer');
    expect(timers.countTimers()).to.equal(0);
  });

  it('passes on a promised answer and leaves no timer behind', async () => {
    const answer = ask();
    asked[0]?.resolve('answer');

    expect(await answer).to.equal('answer');
    expect(timers.countTimers()).to.equal(0);
    expect(reported).to.deep.equal([]);
  });

  for (const [how, fail] of [
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ] as const) {
    it(`returns a reported error when the store ${how}`, async () => {
      const error = await guarded.call('reserve', fail);

      expect(error).to.be.instanceOf(LockoutStoreError);
      expect(error).to.have.property('message', "the store failed at 'reserve'");
      expect(String((error as LockoutStoreError).cause)).to.equal('Error: boom');
      expect(reported).to.deep.equal([['reserve', 'ERR_LOCKOUT_STORE_FAILED']]);
    });
  }

  it('returns a reported error when the store takes too long', async () => {
    const answer = ask();
    await timers.tickAsync(TIMEOUT_MS);

    expect(await answer)
      .to.be.instanceOf(LockoutStoreError)
      .with.property('message', "the store did not answer 'read' within 2000 ms");
    expect(reported).to.deep.equal([['read', 'ERR_LOCKOUT_STORE_TIMEOUT']]);
  });

  it('passes on an answer that came too late, so that it can be undone', async () => {
    const late: string[] = [];
    void ask({ onLate: (value) => late.push(value) });
    await timers.tickAsync(TIMEOUT_MS);
    asked[0]?.resolve('late');
    await timers.tickAsync(0);

    expect(late).to.deep.equal(['late']);
  });

  it('says when the time is over, and not after an answer in time', async () => {
    let over = 0;
    const onTimeout = () => {
      over += 1;
    };
    void ask({ onTimeout });
    asked[0]?.resolve('in time');
    await timers.tickAsync(TIMEOUT_MS);
    expect(over).to.equal(0);
    void ask({ onTimeout });
    await timers.tickAsync(TIMEOUT_MS);
    expect(over).to.equal(1);
  });

  it('drops an answer that came too late if nobody undoes it', async () => {
    void ask();
    await timers.tickAsync(TIMEOUT_MS);
    asked[0]?.resolve('late');
    await timers.tickAsync(0);

    expect(reported).to.have.length(1);
  });

  it('does not report a failure again that comes after the timeout', async () => {
    void ask();
    await timers.tickAsync(TIMEOUT_MS);
    asked[0]?.reject(new Error('late'));
    await timers.tickAsync(0);

    expect(reported).to.deep.equal([['read', 'ERR_LOCKOUT_STORE_TIMEOUT']]);
  });

  describe('with a store that hangs', () => {
    it('calls it as usual while fewer than 100 calls are unanswered', async () => {
      await askMany(MAX_STUCK - 1);

      expect([isAsking(), isAsking(), isAsking()]).to.deep.equal([true, true, true]);
    });

    it('does not count calls that still have time', () => {
      for (let index = 0; index < 3 * MAX_STUCK; index += 1) void ask();

      expect(isAsking()).to.equal(true);
    });

    it('makes no calls beyond that except one probe, and returns an error to callers at once', async () => {
      await askMany(MAX_STUCK);
      reported.length = 0;
      expect(isAsking()).to.equal(true);

      const error = ask();

      expect(asked).to.have.length(MAX_STUCK + 1);
      expect(error)
        .to.be.instanceOf(LockoutStoreError)
        .with.property('message', "the store was not asked for 'read': 100 calls are unanswered");
      expect(reported).to.deep.equal([['read', 'ERR_LOCKOUT_STORE_TIMEOUT']]);
    });

    it('makes one probe per storeTimeout', async () => {
      await askMany(MAX_STUCK);
      const reached: boolean[] = [];
      for (let step = 0; step < 9; step += 1) {
        reached.push(isAsking());
        await timers.tickAsync(TIMEOUT_MS / 4);
      }

      expect(reached).to.deep.equal([true, false, false, false, true, false, false, false, true]);
    });

    it('holds few calls and timers, however many calls are requested for however long', async () => {
      for (let tick = 0; tick < 300; tick += 1) {
        for (let index = 0; index < 20; index += 1) void ask();
        await timers.tickAsync(100);
      }

      // 200 a second for two seconds and until 100 of them are overdue, then a probe every two seconds.
      expect(asked.length).to.be.at.most(2.5 * 200 + 15);
      // One for the probe of 6,000 calls; what else runs in this process may have set some meanwhile.
      expect(timers.countTimers()).to.be.at.most(10);
    });

    it('uses it again as soon as it answers a probe, even if the earlier calls were lost', async () => {
      await askMany(MAX_STUCK);
      void ask();
      expect(isAsking()).to.equal(false);
      asked.at(-1)?.resolve('back');
      await timers.tickAsync(0);

      expect([isAsking(), isAsking(), isAsking()]).to.deep.equal([true, true, true]);
    });

    it('does not use it again when a probe hangs, too', async () => {
      await askMany(MAX_STUCK);
      void ask();
      await timers.tickAsync(TIMEOUT_MS);
      void ask();

      expect(isAsking()).to.equal(false);
    });

    for (const [how, answer] of [
      ['answers', (call: (typeof asked)[number]) => call.resolve('late')],
      ['rejects', (call: (typeof asked)[number]) => call.reject(new Error('late'))],
    ] as const) {
      it(`uses it again when it ${how} an earlier call late`, async () => {
        await askMany(MAX_STUCK);
        expect(isAsking()).to.equal(true);
        expect(isAsking()).to.equal(false);
        answer(asked[0] as (typeof asked)[number]);
        await timers.tickAsync(0);

        expect(isAsking()).to.equal(true);
      });
    }

    it('does not count calls against it that are answered after it was used again', async () => {
      await askMany(MAX_STUCK);
      void ask();
      asked.at(-1)?.resolve('back');
      await timers.tickAsync(0);
      for (const call of asked.slice(0, MAX_STUCK)) call.resolve('late');
      await timers.tickAsync(0);
      await askMany(MAX_STUCK);
      expect(isAsking()).to.equal(true);

      expect(isAsking()).to.equal(false);
    });
  });

  it('still gives slots back while so many calls hang that no other call is made', async () => {
    await askMany(MAX_STUCK);
    isAsking();
    expect(isAsking()).to.equal(false);

    const answer = guarded.call('settle', () => Promise.resolve({ failures: 1 }));

    expect(await answer).to.deep.equal({ failures: 1 });
  });
});
