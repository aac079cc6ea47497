/** The room where attempts wait for a slot: its order, its bound, its polls. */
import { expect } from 'chai';
import sinon from 'sinon';
import { WaitingRoom, type WaitResult } from '../../../lib/attempt/waiting/waiting-room.js';

const LOCK = {
  failures: 1,
  places: 1,
  consecutiveFailures: 0,
  cause: 'tier' as const,
  tier: 0,
  limit: 1,
  remainingMs: 1,
  lockedUntil: 1,
  reason: null,
};

describe('WaitingRoom', () => {
  let timers: sinon.SinonFakeTimers;
  let room: WaitingRoom;
  /** Which attempts have been released, and how. */
  let gone: [name: string, result: WaitResult][];

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    room = new WaitingRoom(3);
    gone = [];
  });
  afterEach(() => timers.restore());

  function wait(name: string, { remainingMs = 60_000, tries = 0, address = '203.0.113.9' } = {}): void {
    void room.wait('alice', { remainingMs, tries, address }).then((result) => gone.push([name, result]));
  }

  /** When the first waiter is woken by the next polls, each time waiting again at once. */
  async function pollsWithin(ms: number, tries: number): Promise<readonly number[]> {
    const start = Date.now();
    const polls: number[] = [];
    const again = (woken: number): Promise<void> =>
      room.wait('alice', { remainingMs: ms + 1, tries: woken, address: undefined }).then((result) => {
        if (result !== 'retry') return;
        polls.push(Date.now() - start);
        return again(woken + 1);
      });
    void again(tries);
    await timers.tickAsync(ms);
    return polls;
  }

  it('wakes as many attempts as there are free slots, in the order of arrival', async () => {
    for (const name of ['a', 'b', 'c']) wait(name);
    room.wake('alice', 2);
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([
      ['a', 'retry'],
      ['b', 'retry'],
    ]);
  });

  it('wakes none if the number of free slots is negative', async () => {
    wait('a');
    room.wake('alice', -1);
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([]);
  });

  it('keeps the place of an attempt that was woken in vain, even if there is no room', async () => {
    for (const name of ['a', 'b', 'c']) wait(name);
    wait('woken in vain', { tries: 1 });
    wait('too many');
    room.wake('alice', 1);
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([
      ['too many', 'full'],
      ['woken in vain', 'retry'],
    ]);
  });

  describe('with several addresses', () => {
    const [FLOOD, OTHER, THIRD] = ['198.51.100.1', '203.0.113.2', '203.0.113.3'];

    it('X25 wakes one address after the other, in the order of arrival within each', async () => {
      room = new WaitingRoom(10);
      for (const name of ['a', 'b', 'c']) wait(name, { address: FLOOD });
      for (const name of ['d', 'e']) wait(name, { address: OTHER });
      wait('f', { address: THIRD });
      for (let turn = 0; turn < 6; turn += 1) room.wake('alice', 1);
      await timers.tickAsync(0);
      expect(gone.map(([name]) => name)).to.deep.equal(['a', 'd', 'f', 'b', 'e', 'c']);
    });

    it('X25 gives the last place of the address with most waiting attempts to one with fewer', async () => {
      for (const name of ['a', 'b', 'c']) wait(name, { address: FLOOD });
      wait('d', { address: OTHER });
      await timers.tickAsync(0);
      expect(gone).to.deep.equal([['c', 'full']]);

      room.wake('alice', 3);
      await timers.tickAsync(0);
      expect(gone.slice(1).map(([name]) => name)).to.deep.equal(['a', 'd', 'b']);
    });

    it('X25 rejects a further attempt if each address has equally few', async () => {
      for (const [name, address] of Object.entries({ a: FLOOD, b: OTHER, c: THIRD })) wait(name, { address });
      wait('d', { address: '203.0.113.4' });
      wait('e', { address: FLOOD });
      await timers.tickAsync(0);
      expect(gone).to.deep.equal([
        ['d', 'full'],
        ['e', 'full'],
      ]);
    });

    it('X25 treats all attempts without an address as those of one address', async () => {
      for (const name of ['a', 'b', 'c']) {
        void room
          .wait('alice', { remainingMs: 60_000, tries: 0, address: undefined })
          .then((how) => gone.push([name, how]));
      }
      wait('d', { address: OTHER });
      await timers.tickAsync(0);
      expect(gone).to.deep.equal([['c', 'full']]);
    });

    it('X25 wakes no attempt whose address has to pause, and one from another address at once', async () => {
      room.pacing.slowDown('alice', FLOOD);
      wait('paused', { address: FLOOD });
      wait('other', { address: OTHER });
      room.wake('alice', 2);
      await timers.tickAsync(0);
      expect(gone).to.deep.equal([['other', 'retry']]);
    });

    it('X25 lets a newcomer overtake attempts whose address has to pause, but no others', () => {
      room.pacing.slowDown('alice', FLOOD);
      wait('paused', { address: FLOOD });
      expect(room.mustWait('alice', OTHER)).to.equal(false);
      wait('other', { address: OTHER });
      expect(room.mustWait('alice', THIRD)).to.equal(true);
    });

    it('X25 holds back an attempt whose address has to pause, even on its turn', () => {
      expect(room.mustWait('alice', FLOOD, 1)).to.equal(false);
      room.pacing.slowDown('alice', FLOOD);
      expect(room.mustWait('alice', FLOOD, 1)).to.equal(true);
    });

    it('X25 lets an attempt go on whose turn it was, even if others wait', () => {
      wait('other', { address: OTHER });
      expect([room.mustWait('alice', FLOOD), room.mustWait('alice', FLOOD, 1)]).to.deep.equal([true, false]);
    });

    it('X25 reports whether an attempt from another address waits that need not pause', () => {
      wait('a', { address: FLOOD });
      expect([room.hasOthers('alice', FLOOD), room.hasOthers('alice', OTHER)]).to.deep.equal([false, true]);
      room.pacing.slowDown('alice', FLOOD);
      expect([room.hasOthers('alice', OTHER), room.hasOthers('bob', OTHER)]).to.deep.equal([false, false]);
    });

    it('X25 wakes a pausing attempt when its pause is over, and not before', async () => {
      room.pacing.slowDown('alice', FLOOD);
      expect(room.mustWait('alice', FLOOD)).to.equal(true);
      wait('paused', { address: FLOOD });
      await timers.tickAsync(49);
      expect(gone).to.deep.equal([]);
      await timers.tickAsync(50);
      expect(gone).to.deep.equal([['paused', 'retry']]);
      expect(timers.countTimers()).to.equal(0);
    });
  });

  it('releases an attempt that has waited long enough, and no other', async () => {
    wait('a', { remainingMs: 5 });
    wait('b');
    await timers.tickAsync(5);
    expect(gone).to.deep.equal([['a', 'timeout']]);
    expect(room.mustWait('alice', undefined)).to.equal(true);
  });

  it('notifies all waiting attempts of a lock at once', async () => {
    for (const name of ['a', 'b']) wait(name);
    room.refuseAll('alice', LOCK);
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([
      ['a', LOCK],
      ['b', LOCK],
    ]);
    expect(room.mustWait('alice', undefined)).to.equal(false);
  });

  it('ignores attempts that wait for another subject', async () => {
    wait('a');
    expect(room.mustWait('bob', undefined)).to.equal(false);
    room.wake('bob', 1);
    room.refuseAll('bob', LOCK);
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([]);
  });

  it('lets an attempt look for a free slot after 10 ms, then at growing intervals, at least twice a second', async () => {
    expect(await pollsWithin(2_000, 0)).to.deep.equal([10, 30, 70, 150, 310, 630, 1_130, 1_630]);
  });

  it('keeps the interval of an attempt that has looked often', async () => {
    expect(await pollsWithin(1_500, 100)).to.deep.equal([500, 1_000, 1_500]);
  });

  it('lets attempts look in turn at growing intervals, at least twice a second', async () => {
    const start = Date.now();
    const looks: number[] = [];
    room = new WaitingRoom(8);
    for (let index = 0; index < 8; index += 1) {
      void room
        .wait('alice', { remainingMs: 60_000, tries: 0, address: undefined })
        .then(() => looks.push(Date.now() - start));
    }
    await timers.tickAsync(5_000);
    expect(looks).to.deep.equal([10, 30, 70, 150, 310, 630, 1_130, 1_630]);
  });

  it('leaves no timer when no attempt waits any more', async () => {
    wait('a');
    room.close();
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([['a', 'timeout']]);
    expect(timers.countTimers()).to.equal(0);
  });

  it('admits no attempt when its bound is 0', async () => {
    room = new WaitingRoom(0);
    wait('a');
    await timers.tickAsync(0);
    expect(gone).to.deep.equal([['a', 'full']]);
    expect(room.mustWait('alice', undefined)).to.equal(false);
    expect(timers.countTimers()).to.equal(0);
  });
});
