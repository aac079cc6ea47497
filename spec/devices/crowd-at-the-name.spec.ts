/** Strangers keep all slots of a name and wait for more: who is known there neither waits behind them nor is refused with them. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../lib/index.js';
import { stillStore } from '../support/stores/still-store.js';

const CASES: readonly (readonly [what: string, options: LockoutOptions, logins: number])[] = [
  ['without a hard stop', {}, 1],
  [
    'that have to wait for the last slot of the hard stop',
    { tiers: [{ failures: 3, cooloff: { hours: 1 } }], hardStop: { failures: 4 } },
    2,
  ],
];

describe('A crowd of strangers at one username', () => {
  for (const [what, options, logins] of CASES) {
    it(`does not have logins on known devices refused ${what}`, async () => {
      const lockout = new Lockout({ store: stillStore(), secret: 'a secret of at least 32 characters', ...options });
      const asked = { headers: {}, ip: '203.0.113.9' };
      const cookie = (await lockout.trustDevice(asked, 'alice')).split(';')[0];
      let fail = () => {};
      const failed = new Promise<void>((resolve) => {
        fail = resolve;
      });

      // Three are being verified; the others wait.
      const strangers = Array.from({ length: 6 }, (_, index) =>
        lockout.protect({ username: 'alice', ip: `198.51.100.${index}` }, () => failed.then(() => false)),
      );
      const known = Array.from({ length: logins }, () =>
        lockout.protect({ username: 'alice', req: { ...asked, headers: { cookie } } }, () => failed.then(() => true)),
      );
      fail();
      const outcomes = async (results: typeof known) => (await Promise.all(results)).map(({ outcome }) => outcome);

      expect(await outcomes(known)).to.deep.equal(Array(logins).fill('succeeded'));
      expect(await outcomes(strangers)).to.deep.equal([...Array(3).fill('failed'), ...Array(3).fill('refused')]);
      await lockout.close();
    });
  }
});
