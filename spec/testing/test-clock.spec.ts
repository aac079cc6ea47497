import { expect } from 'chai';
import { Duration } from 'luxon';
import { Lockout, LockoutConfigError, MemoryStore } from '../../lib/index.js';
import { createTestClock } from '../../lib/testing/index.js';

describe('createTestClock', () => {
  it('stands still until it is advanced, by any duration', () => {
    const clock = createTestClock(new Date(1_000));
    expect([clock(), clock()]).to.deep.equal([1_000, 1_000]);
    for (const by of ['1s', { seconds: 1 }, 'PT1S', Duration.fromMillis(1_000), { milliseconds: 0 }] as const) {
      clock.advance(by);
    }
    expect(clock()).to.equal(5_000);
  });

  it('starts at the real time', () => {
    const before = Date.now();
    expect(createTestClock()()).to.be.within(before, Date.now());
  });

  it('ends locks if it is the clock of a store', async () => {
    const clock = createTestClock();
    const lockout = new Lockout({ store: new MemoryStore({ clock }) });
    const isLocked = async () => (await lockout.status({ username: 'alice' })).locked;
    await lockout.block({ username: 'alice' }, { for: '15m' });
    clock.advance({ minutes: 15, milliseconds: -1 });
    expect(await isLocked()).to.equal(true);
    clock.advance({ milliseconds: 1 });
    expect(await isLocked()).to.equal(false);
  });

  for (const by of ['forever', '15min', { seconds: -1 }, 900, undefined]) {
    it(`rejects ${JSON.stringify(by)}`, () => {
      const clock = createTestClock(new Date(0));
      expect(() => clock.advance(by as never)).to.throw(
        LockoutConfigError,
        /^advance by: expected a duration such as '90s'/,
      );
      expect(clock()).to.equal(0);
    });
  }
});
