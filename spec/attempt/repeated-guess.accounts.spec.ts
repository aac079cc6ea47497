/** Accounts whose names fold to one share a record: a guess at one of them must not be a free one at another. */
import { expect } from 'chai';
import { Lockout, MemoryStore, type ProtectResult } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';

const IP = '198.51.100.1';
const DAYS = 30;
const LADDER_OF_A_MONTH = 30;

describe('A repeated guess', () => {
  let clock: ManualClock;
  let lockout: Lockout;
  let guesses: number;

  const logIn = (username: string, password: string, isRight = false): Promise<ProtectResult<boolean>> => {
    const verify = () => {
      if (username === 'alice') guesses += 1;
      return isRight;
    };
    return lockout.protect({ username, ip: IP }, verify, { guess: password });
  };

  beforeEach(() => {
    clock = new ManualClock();
    lockout = new Lockout({ secret: 's'.repeat(32), store: new MemoryStore({ clock: clock.read }) });
    guesses = 0;
  });
  afterEach(() => lockout.close());

  const failures = async () => (await lockout.status({ username: 'alice' })).failures;

  it('counts under another spelling of the name', async () => {
    await logIn('ALICE', 'guess');
    await logIn('ALICE', 'guess');
    expect(await failures()).to.equal(1);
    await logIn('alice', 'guess');
    expect(await failures()).to.equal(2);
  });

  it('gives nobody who logs in to an account of a similar name more guesses than the ladder', async () => {
    for (let guess = 0; guess < 5 * DAYS; guess += 1) {
      if (guess % 25 === 0) await logIn('Alice', `${guess}`);
      await logIn('ALICE', `guess ${guess}`);
      await logIn('ALICE', 'own', true);
      await logIn('alice', `guess ${guess}`);
      clock.advance({ hours: 24 / 5 });
    }
    expect(guesses).to.be.at.most(LADDER_OF_A_MONTH);
  });
});
