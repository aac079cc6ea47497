/** How near the next lock is, in the events of attempts: "2 of 3". */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../lib/index.js';
import { EventLog } from '../support/tools/events.js';

const LADDER = [
  { failures: 2, cooloff: { minutes: 1 } },
  { failures: 5, cooloff: { hours: 1 } },
];

/** As "username 2 of 3", for each failed attempt. */
async function countsOf(options: LockoutOptions, attempts: number): Promise<readonly string[]> {
  const lockout = new Lockout({ dimensions: ['username'], tiers: LADDER, ...options });
  lockout.on('warning', () => {});
  const log = new EventLog(lockout);
  for (let tries = 0; tries < attempts; tries += 1) await lockout.protect({ username: 'alice' }, () => false);
  return log
    .of('attempt_failed')
    .flatMap(({ subjects }) =>
      subjects.map(({ dimension, failures, limit }) => `${dimension} ${failures} of ${limit}`),
    );
}

describe('The limit of a subject in attempt_failed', () => {
  it('is the threshold of the next tier, and that of the tier that locks', async () => {
    expect(await countsOf({}, 2)).to.deep.equal(['username 1 of 2', 'username 2 of 2']);
  });

  it('is that of the hard stop if it is nearer', async () => {
    expect(await countsOf({ tiers: [{ failures: 9, cooloff: '1h' }], hardStop: { failures: 3 } }, 3)).to.deep.equal([
      'username 1 of 3',
      'username 2 of 3',
      'username 3 of 3',
    ]);
  });

  it('is the next one while nobody is refused, in monitor mode', async () => {
    expect(await countsOf({ mode: 'monitor' }, 1)).to.deep.equal(['username 1 of 2']);
  });
});
