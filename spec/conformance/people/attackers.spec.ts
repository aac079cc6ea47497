/** Attackers who know the source, own accounts, and log in to them as often as they like. */
import { expect } from 'chai';
import type { Lockout, LockoutOptions } from '../../../lib/index.js';
import { Browser, knownBrowser, lockByStrangers } from '../../support/sites/browser.js';
import { freshLockout } from '../../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import type { ManualClock } from '../../support/stores/manual-clock.js';

const ATTACKER = '198.51.100.7';
/** All of them fold to alice. */
const SPELLINGS = ['ALICE', 'Alice', 'alicé', ' alice', 'ａlice', 'alice\u200b'] as const;

describeOnEachStore('An attacker', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, lockout } = await freshLockout(stores, options));
  }

  const JARS = [
    ['with the cookies of all of them', () => new Browser(lockout, { ip: ATTACKER })],
    ['with the cookie of none', undefined],
  ] as const;
  for (const [how, jar] of JARS) {
    it(`who logs in to accounts of every spelling that folds to alice, ${how}, has the guesses of the ladder at alice`, async () => {
      await start();
      const browser = jar?.();
      let verified = 0;
      for (let round = 0; round < 20; round += 1) {
        for (const own of SPELLINGS) await (browser ?? new Browser(lockout, { ip: ATTACKER })).logsIn(own);
        const guess = await (browser ?? new Browser(lockout, { ip: ATTACKER })).tries('alice', false);
        if (guess !== 'refused') verified += 1;
      }

      expect(verified).to.equal(3);
    });
  }

  it('who logs in to accounts of every spelling is known for none of the others', async () => {
    await start({ knownDevices: { cookie: { name: 'own' } } });
    const browser = new Browser(lockout, { ip: ATTACKER });
    for (const own of SPELLINGS.slice(0, 5)) await browser.logsIn(own);
    await lockByStrangers(lockout, 'alice');

    for (const own of SPELLINGS.slice(0, 5)) expect(await browser.logsIn(own), own).to.equal('succeeded');
    for (const other of ['alice', 'aLiCe', SPELLINGS[5]]) expect(await browser.logsIn(other)).to.equal('refused');
  });

  it('with a second account of the very same spelling, and so with devices as they like, has 50 guesses by devices', async () => {
    await start();
    let verified = 0;
    for (let device = 0; device < 30; device += 1) {
      const own = await knownBrowser(lockout, 'alice', ATTACKER);
      await lockByStrangers(lockout, 'alice');
      for (let guess = 0; guess < 5; guess += 1) if ((await own.tries('alice', false)) !== 'refused') verified += 1;
      await lockout.unblock({ username: 'alice' });
    }

    // Five a day are taken back where the attacker's own logins come from the same place.
    expect(verified).to.be.within(50, 55);
  });

  it('who has stolen a cookie has ten guesses with it, and leaves the other devices of the name alone', async () => {
    await start();
    const stolen = await knownBrowser(lockout, 'alice');
    const phone = await knownBrowser(lockout, 'alice', '192.0.2.5');
    await lockByStrangers(lockout, 'alice');
    const thief = new Browser(lockout, { ip: ATTACKER, cookie: stolen.cookie });
    const outcomes: string[] = [];
    for (let guess = 0; guess < 30; guess += 1) outcomes.push(await thief.tries('alice', false));

    expect(outcomes.filter((outcome) => outcome !== 'refused')).to.have.length(10);
    expect(await phone.logsIn('alice')).to.equal('succeeded');
  });

  it('who knows the password has 10 guesses at the codes of 100 logins', async () => {
    await start();
    let codes = 0;
    for (let login = 0; login < 100; login += 1) {
      const browser = new Browser(lockout, { ip: ATTACKER });
      await browser.logsIn('alice', { resetOnSuccess: false });
      const code = await browser.tries('alice', false, { factor: 'second' });
      if (code !== 'refused') codes += 1;
      clock.advance({ minutes: 14 });
    }

    expect(codes).to.equal(10);
  });

  it('who knows the password has 10 guesses at the codes if each login is complete by itself, too', async () => {
    await start();
    let codes = 0;
    for (let login = 0; login < 100; login += 1) {
      const browser = new Browser(lockout, { ip: ATTACKER });
      await browser.logsIn('alice');
      if ((await browser.tries('alice', false, { factor: 'second' })) !== 'refused') codes += 1;
      clock.advance({ minutes: 14 });
    }

    expect(codes).to.equal(10);
  });
});
