/** A password and then a code: each counts where it is guessed, and a lock by strangers stops neither. */
import { expect } from 'chai';
import type { Lockout, LockoutOptions } from '../../../lib/index.js';
import { Browser, HOME, lockByStrangers } from '../../support/sites/browser.js';
import { freshLockout } from '../../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import type { ManualClock } from '../../support/stores/manual-clock.js';
import type { EventLog } from '../../support/tools/events.js';

const HALF = { resetOnSuccess: false } as const;
const CODE = { factor: 'second' } as const;

describeOnEachStore('With a password and a code, a lockout', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, lockout, events } = await freshLockout(stores, options));
  }

  const password = (browser: Browser, isRight = true) => browser.tries('alice', isRight, HALF);
  const code = (browser: Browser, isRight = true) => browser.tries('alice', isRight, CODE);
  async function knownByBoth(): Promise<Browser> {
    const browser = new Browser(lockout);
    await password(browser);
    await code(browser);
    return browser;
  }

  it('trusts the device at the code, which completes the login', async () => {
    await start();
    const browser = new Browser(lockout);
    await password(browser);
    expect(browser.cookie).to.equal('');

    await code(browser);
    expect(browser.cookie).to.not.equal('');
  });

  it('lets the password and the code of a known device in while strangers have locked the name', async () => {
    await start();
    const laptop = await knownByBoth();
    await lockByStrangers(lockout, 'alice');

    expect([await password(laptop), await code(laptop)]).to.deep.equal(['succeeded', 'succeeded']);
  });

  it('lets the code of a stranger in if the name was locked after the password', async () => {
    await start();
    const browser = new Browser(lockout);
    await password(browser);
    await lockByStrangers(lockout, 'alice');

    expect(await code(browser)).to.equal('succeeded');
  });

  it('counts wrong codes on the second factor alone, whatever the device', async () => {
    await start();
    const laptop = await knownByBoth();
    for (const browser of [laptop, new Browser(lockout), laptop]) await code(browser, false);

    expect((await lockout.list({ locked: false, dimension: 'factor+username' })).items).to.have.length(1);
    expect(events.of('blocked').map(({ dimension, failures }) => [dimension, failures])).to.deep.equal([
      ['factor+username', 3],
    ]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
    expect(await code(laptop)).to.equal('refused');
    expect(await password(laptop)).to.equal('succeeded');
  });

  it('counts a wrong code at the address as well', async () => {
    await start();
    await code(new Browser(lockout), false);

    expect(await lockout.status({ ip: HOME })).to.include({ failures: 1 });
  });

  it('refuses the code under a block by an operator', async () => {
    await start();
    const laptop = await knownByBoth();
    await lockout.block({ username: 'alice' }, { for: { hours: 1 } });

    expect(await code(laptop)).to.equal('refused');
  });

  it('takes the typing errors of the password back when the code completes the login', async () => {
    await start();
    const browser = new Browser(lockout);
    await password(browser, false);
    await password(browser);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });

    await code(browser);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    expect(await lockout.status({ ip: HOME })).to.include({ failures: 0, verifying: 0 });
  });

  it('counts each wrong code, also the same one again, for the rule of repeats would show which were tried', async () => {
    await start();
    for (let guess = 0; guess < 3; guess += 1) {
      await new Browser(lockout).tries('alice', false, { ...CODE, password: '000000' });
    }

    expect(events.of('blocked').map(({ failures }) => failures)).to.deep.equal([3]);
    expect(events.of('attempt_failed').filter(({ repeated }) => repeated)).to.deep.equal([]);
  });

  it('makes a device known again whose token was revoked, at the code of its next login', async () => {
    await start();
    const laptop = await knownByBoth();
    await lockout.revokeDevices({ username: 'alice' });
    clock.advance({ seconds: 1 });
    await password(laptop);
    await code(laptop);
    expect(events.of('attempt_succeeded').map(({ attempt }) => attempt.device)).to.deep.equal([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
    await lockByStrangers(lockout, 'alice');

    expect(await password(laptop)).to.equal('succeeded');
  });
});
