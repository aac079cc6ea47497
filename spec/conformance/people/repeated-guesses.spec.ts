/** The same wrong password again: it counts once, and is no way to make an application hash passwords without end. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../../lib/index.js';
import { Browser, HOME, knownBrowser, SECRET } from '../../support/sites/browser.js';
import { freshLockout } from '../../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import { EventLog } from '../../support/tools/events.js';

const OLD = { password: 'the password of last year' };
const TRIES_A_DAY = (24 * 60) / 5;

describeOnEachStore('With repeated guesses, a lockout', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;
  let store: LockoutStore;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, lockout, events, store } = await freshLockout(stores, options));
  }

  const failuresOf = async (subject: Record<string, string>) => (await lockout.status(subject)).failures;

  it('counts four equal wrong passwords at once as one, at the name and at the address', async () => {
    await start();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => new Browser(lockout).tries('alice', false, OLD)));

    expect(outcomes).to.deep.equal(Array(4).fill('failed'));
    expect([await failuresOf({ username: 'alice' }), await failuresOf({ ip: HOME })]).to.deep.equal([1, 1]);
    expect(
      events
        .of('attempt_failed')
        .map(({ repeated }) => repeated ?? false)
        .sort(),
    ).to.deep.equal([false, true, true, true]);
  });

  it('counts them once on a known device as well', async () => {
    await start();
    const laptop = await knownBrowser(lockout, 'alice');
    await Promise.all([1, 2, 3, 4].map(() => laptop.tries('alice', false, OLD)));

    const { items } = await lockout.list({ locked: false });
    expect(items.map(({ dimension, failures }) => [dimension, failures])).to.have.deep.members([
      ['device+username', 1],
      ['devices+username', 1],
    ]);
  });

  it('remembers the last three, and counts a fourth again', async () => {
    await start({ tiers: [{ failures: 20, cooloff: { hours: 1 } }] });
    const program = new Browser(lockout);
    for (const password of ['a', 'b', 'c', 'a', 'b', 'c']) await program.tries('alice', false, { password });
    expect(await failuresOf({ username: 'alice' })).to.equal(3);

    for (const password of ['d', 'a']) await program.tries('alice', false, { password });
    expect(await failuresOf({ username: 'alice' })).to.equal(5);
  });

  it('lets in who has just made a remembered wrong password the right one', async () => {
    await start();
    await new Browser(lockout).tries('alice', false, OLD);

    expect(await new Browser(lockout).tries('alice', true, OLD)).to.equal('succeeded');
  });

  it('verifies at most 20 of 1,000 equal guesses at one name within ten seconds', async () => {
    await start();
    let verified = 0;
    for (let guess = 0; guess < 1_000 && !(await lockout.status({ username: 'alice' })).locked; guess += 1) {
      if ((await new Browser(lockout).tries('alice', false, OLD)) !== 'refused') verified += 1;
      clock.advance({ ms: 10 });
    }

    expect(verified).to.be.within(11, 20);
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: true });
  });

  it('keeps each name apart: the same password at another name is no repeat', async () => {
    await start();
    for (const name of ['alice', 'bob']) await new Browser(lockout).tries(name, false, OLD);

    expect(events.of('attempt_failed').map(({ repeated }) => repeated)).to.deep.equal([undefined, undefined]);
    expect(await failuresOf({ ip: HOME })).to.equal(2);
  });

  it('counts each time if the option says so, and where the guess cannot be seen', async () => {
    await start({ repeatedGuess: 'count' });
    for (let guess = 0; guess < 3; guess += 1) await new Browser(lockout).tries('alice', false, OLD);
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: true });

    await start();
    for (let guess = 0; guess < 3; guess += 1) await lockout.protect({ username: 'alice' }, () => false);
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: true });
  });

  it('counts each time what is no password, as a client may send it', async () => {
    await start();
    const sent = { guess: { $ne: 1 } as unknown as string };
    for (let guess = 0; guess < 2; guess += 1) {
      const { outcome } = await lockout.protect({ username: 'alice', ip: HOME }, () => false, sent);
      expect(outcome).to.equal('failed');
    }

    expect(await failuresOf({ username: 'alice' })).to.equal(2);
  });

  it('takes an empty password, which any client can send, for a guess like any other', async () => {
    await start();
    const outcomes = [1, 2].map(() => new Browser(lockout).tries('alice', false, { password: '' }));

    expect(await Promise.all(outcomes)).to.deep.equal(['failed', 'failed']);
    expect(await failuresOf({ username: 'alice' })).to.equal(1);
  });

  it('tells under a lock of nothing, whatever the guess', async () => {
    await start();
    for (const password of ['a', 'b', 'c']) await new Browser(lockout).tries('alice', false, { password });

    expect(await new Browser(lockout).tries('alice', false, { password: 'a' })).to.equal('refused');
  });

  it('knows no digest of an older secret, and counts once more', async () => {
    await start();
    await new Browser(lockout).tries('alice', false, OLD);
    const rotated = new Lockout({ ...PATIENT, store, secret: ['n'.repeat(40), SECRET], attemptLog: 'off' });
    for (let guess = 0; guess < 2; guess += 1) await new Browser(rotated).tries('alice', false, OLD);

    expect(await rotated.status({ username: 'alice' })).to.include({ failures: 2 });
  });
});

describe('With programs that send old passwords, a lockout', () => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;

  beforeEach(() => {
    clock = new ManualClock();
    lockout = new Lockout({ store: new MemoryStore({ clock: clock.read }), secret: SECRET, attemptLog: 'off' });
    events = new EventLog(lockout);
  });

  it('X31 never has more than one failure counted of one that tries every 5 minutes for 30 days', async () => {
    const program = new Browser(lockout);
    let most = 0;
    for (let time = 0; time < 30 * TRIES_A_DAY; time += 1) {
      expect(await program.tries('alice', false, OLD)).to.equal('failed');
      for (const subject of [{ username: 'alice' }, { ip: HOME }]) {
        most = Math.max(most, (await lockout.status(subject)).failures);
      }
      clock.advance({ minutes: 5 });
    }

    expect(most).to.equal(1);
    expect(await new Browser(lockout).logsIn('alice')).to.equal('succeeded');
    expect(events.count('blocked')).to.equal(0);
  });

  it('X31 locks nobody on a day on which 25 of them try in one office every 5 minutes', async () => {
    for (let time = 0; time < TRIES_A_DAY; time += 1) {
      for (let program = 0; program < 25; program += 1) {
        expect(await new Browser(lockout).tries(`user ${program}`, false, OLD)).to.equal('failed');
      }
      expect(await lockout.status({ ip: HOME })).to.include({ failures: 25 });
      clock.advance({ minutes: 5 });
    }

    expect(events.count('blocked')).to.equal(0);
  });

  it('verifies at most 2,000 times an hour what one address sends with one wrong password to 29 names', async () => {
    let verified = 0;
    for (let second = 0; second < 3_600; second += 1) {
      for (let name = 0; name < 29; name += 1) {
        const outcome = await new Browser(lockout).tries(`user ${name}`, false, OLD);
        if (outcome === 'refused') break;
        verified += 1;
      }
      clock.advance({ seconds: 1 });
    }

    expect(verified).to.be.within(29, 2_000);
  });
});

const PASSWORD = 'a wrong password of alice';

describe('The digest of a wrong guess', () => {
  it('is in no event, log entry, status, list or error', async () => {
    const store = new MemoryStore({ clock: new ManualClock().read });
    const lockout = new Lockout({ store, secret: SECRET, attemptLog: 'await' });
    const events = new EventLog(lockout);
    const kept: string[] = [];
    const settleAll = store.settleAll.bind(store);
    store.settleAll = (verdicts) => {
      for (const { marks } of verdicts) if (marks?.guess !== undefined) kept.push(marks.guess);
      return settleAll(verdicts);
    };
    for (let guess = 0; guess < 14; guess += 1)
      await new Browser(lockout).tries('alice', false, { password: PASSWORD });
    const shown = inspect(
      [
        events.all,
        (await lockout.attempts()).items,
        await lockout.status({ username: 'alice' }),
        (await lockout.list({ locked: false })).items,
        await lockout.refusedBy({ username: 'alice' }),
        await lockout.protect({ username: 'alice' }, () => false),
      ],
      { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null },
    );

    expect(new Set(kept)).to.have.lengthOf(1);
    expect(kept[0]).to.match(/^[\da-f]{5}$/);
    expect(shown).to.include('alice');
    expect(shown).to.not.match(new RegExp(`\\b${kept[0]}\\b`));
    expect(shown).to.not.include(PASSWORD);
  });

  it('is none of a guess that two names share, nor of two names with one guess', async () => {
    const store = new MemoryStore();
    const lockout = new Lockout({ store, secret: SECRET, dimensions: ['username'], attemptLog: 'off' });
    const guesses = new Set<string>();
    const settleAll = store.settleAll.bind(store);
    store.settleAll = (verdicts) => {
      for (const { marks } of verdicts) guesses.add(marks?.guess as string);
      return settleAll(verdicts);
    };
    for (const name of ['alice', 'bob', 'carol']) await new Browser(lockout).tries(name, false, { password: PASSWORD });

    expect(guesses).to.have.lengthOf(3);
  });
});
