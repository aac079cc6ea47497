/** What `npm run bench:parallel` counts, of what needs no server. */
import { expect } from 'chai';
import { createOurs, createPlain } from '../../../bench/compare/ours.js';
import { AT_ONCE, LIMIT, measure } from '../../../bench/parallel/measure.js';
import { counted } from '../../../bench/parallel/systems.js';
import { MemoryStore } from '../../../lib/index.js';

describe('Sixty logins at once', () => {
  it('are all verified without a lockout, and all right ones succeed', async () => {
    const system = await counted('Passport alone', createPlain);

    const outcome = await measure(system, 2);

    expect(outcome).to.deep.equal({
      system: 'Passport alone',
      verified: [AT_ONCE, AT_ONCE],
      succeeded: [AT_ONCE, AT_ONCE],
    });
  });

  it('are verified up to the limit with the lockout, and all right ones succeed', async () => {
    const system = await counted('ours', (strategy) => createOurs(new MemoryStore(), LIMIT, {}, strategy));

    const { verified, succeeded } = await measure(system, 2);

    expect({ verified, succeeded }).to.deep.equal({ verified: [LIMIT, LIMIT], succeeded: [AT_ONCE, AT_ONCE] });
  });
});
