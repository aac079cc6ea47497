/** X8 over a year, and what the rule is to honest people: an owner who mistypes, an office behind one address. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { resolveOptions } from '../../lib/options/resolve.js';
import type { Policy } from '../../lib/policy/state.js';
import type { Attempt } from '../../lib/subject/attempt.js';
import { DAY, HOUR, MINUTE } from '../policy/examples.js';
import { Guessing } from '../policy/guessing.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { EventLog } from '../support/tools/events.js';
import { randomFrom } from '../support/tools/random.js';

const YEAR = 365 * DAY;
const from = (place: string, spelling = 'alice') => ({ source: { place, spelling } });
const OWNER = from('home');
const ELSEWHERE = from('elsewhere');

/** The rules for a name by default, or with other options. */
function rulesFor(options: LockoutOptions = {}): Policy {
  const { dimensions, policyFor } = resolveOptions(options, () => new MemoryStore());
  const username = dimensions.known().find(({ name }) => name === 'username');
  if (!username) throw new Error('usernames are not counted');
  return policyFor(username, { username: 'alice', ip: '192.0.2.1' } as Attempt);
}

/** Guesses judged in a year at the name of somebody who logs in every minute. */
function guessesInAYear(beforeEachPause: number, pauseMs: number, rules = rulesFor()): number {
  const subject = new Guessing(rules);
  const end = subject.now + YEAR;
  let guesses = 0;
  const passTo = (at: number) => {
    // A login every minute of a long pause does what the last one does.
    subject.now = at;
    subject.guess('success', OWNER);
  };
  while (subject.now < end) {
    for (let guess = 0; guess < beforeEachPause && subject.now < end; guess += 1) {
      subject.now = Math.max(subject.now, subject.state.lockedUntil);
      if (subject.guess('failure', ELSEWHERE) !== 'locked') guesses += 1;
      passTo(subject.now + MINUTE);
    }
    passTo(Math.max(subject.now, subject.state.lockedUntil) + pauseMs);
  }
  return guesses;
}

/** How often in a year an owner who mistypes each tenth password is locked, after this number of guesses of a stranger. */
function locksInAYear(seed: number, guesses: number): number {
  const random = randomFrom(seed);
  const subject = new Guessing(rulesFor());
  const began = subject.now;
  let locks = 0;
  for (let guess = 0; guess < guesses; guess += 1) subject.guess('failure', ELSEWHERE);
  for (let login = 0; login < 365 * 6; login += 1) {
    subject.now = began + login * 4 * HOUR + Math.floor(random() * 3 * HOUR);
    let isIn = false;
    while (!isIn) {
      isIn = random() >= 0.1;
      const outcome = subject.guess(isIn ? 'success' : 'failure', OWNER);
      if (typeof outcome === 'number') locks += 1;
      // Refused, or locked by this very error: the next time is soon enough.
      if (outcome !== null) break;
    }
  }
  return locks;
}

describe('The same-place rule over a year', () => {
  it('X8 lets at most 472 guesses be judged at a user who logs in every minute, however patient the attacker', () => {
    const patience = [0, HOUR, DAY, 7 * DAY - MINUTE, 7 * DAY, 7 * DAY + HOUR, 8 * DAY];
    const most = patience.map((pauseMs) =>
      Math.max(...Array.from({ length: 20 }, (_, guesses) => guessesInAYear(guesses + 1, pauseMs))),
    );

    expect(Math.max(...most)).to.be.at.most(472);
    expect(Math.max(...most), 'the attacker tries').to.be.above(300);
  });

  it('locks an owner with 10 % errors at most 6 times after two guesses of a stranger', () => {
    const years = Array.from({ length: 99 }, (_, seed) => locksInAYear(seed, 2)).sort((a, b) => a - b);
    const quietYears = Array.from({ length: 99 }, (_, seed) => locksInAYear(seed, 0)).sort((a, b) => a - b);

    expect(years[49], 'in the median of 99 years').to.be.at.most(6);
    expect(quietYears[49], 'without the stranger').to.be.at.most(3);
  });
});

describe('An office of 500 behind one address', () => {
  it('is not locked by its own typing errors in ten working days', async () => {
    const random = randomFrom(500);
    const clock = new ManualClock();
    const lockout = new Lockout({ store: new MemoryStore({ clock: clock.read }), attemptLog: 'off' });
    const events = new EventLog(lockout);
    const tryOnce = async (username: string, isRight: boolean) =>
      (await lockout.protect({ username, ip: '203.0.113.1' }, () => isRight)).outcome;

    /** 1 % mistype their name, 3 % their password; a tenth of those who try again write their name otherwise. */
    async function logIn(person: string): Promise<void> {
      if (random() < 0.01) await tryOnce(`${person}x`, false);
      let spelling = person;
      while (random() < 0.03) {
        await tryOnce(spelling, false);
        if (random() < 0.1) spelling = person.toUpperCase();
      }
      await tryOnce(spelling, true);
    }

    for (let day = 0; day < 10; day += 1) {
      const forgetful = Math.floor(day / 2) * 100;
      for (let login = 0; login < 1_050; login += 1) {
        clock.advance({ seconds: 30 });
        const person = Math.floor(random() * 500);
        await logIn(`person${person}`);
        // Five people have forgotten their password; they give up, to come back with a new one.
        if (day % 2 === 0 && login === 500) {
          for (let guess = 0; guess < 2 + Math.floor(random() * 4); guess += 1)
            await tryOnce(`person${forgetful}`, false);
        }
      }
      clock.advance({ hours: day === 4 ? 15 + 48 : 15 });
    }

    expect(events.count('attempt_failed')).to.be.above(300);
    expect(events.of('ip_blocked')).to.deep.equal([]);
  });
});
