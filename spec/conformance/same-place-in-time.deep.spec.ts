/** X8 minute by minute for a whole year, on the lockout itself. */
import { expect } from 'chai';
import { Lockout, MemoryStore } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';

const MINUTES_A_YEAR = 365 * 24 * 60;
const HOME = '203.0.113.1';

describe('A year with a login every minute', function () {
  this.timeout(600_000);

  const ATTACKERS = [
    { where: 'from elsewhere', addressOf: (guess: number) => `198.51.100.${guess % 250}`, atMost: 472 },
    { where: "from the owner's own address", addressOf: () => HOME, atMost: 472 + 365 * 5 },
  ];
  for (const { where, addressOf, atMost } of ATTACKERS) {
    it(`X8 lets at most ${atMost} guesses be judged at two guesses a minute ${where}`, async () => {
      const clock = new ManualClock();
      const lockout = new Lockout({ store: new MemoryStore({ clock: clock.read }), attemptLog: 'off' });
      let guesses = 0;
      let judged = 0;
      const guess = () =>
        lockout.protect({ username: 'alice', ip: addressOf(++guesses) }, () => {
          judged += 1;
          return false;
        });

      for (let minute = 0; minute < MINUTES_A_YEAR; minute += 1) {
        await guess();
        await guess();
        await lockout.protect({ username: 'alice', ip: HOME }, () => true);
        clock.advance({ minutes: 1 });
      }

      expect(judged).to.be.within(300, atMost);
    });
  }
});
