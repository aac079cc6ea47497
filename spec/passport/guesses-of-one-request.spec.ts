/** Several guesses that come in one request, such as the operations of one GraphQL call. */
import { expect } from 'chai';
import { Lockout, withLockout } from '../../lib/index.js';
import { create, TRUSTING } from '../support/fixtures/credential-shapes.js';
import { drive } from '../support/sites/drive.js';

describe('Several guesses in one request', () => {
  for (const [what, passwordOf] of [
    ['texts', (index: number) => `guess ${index}`],
    ['lists', (index: number) => [`guess ${index}`]],
    ['objects', (index: number) => ({ value: `guess ${index}` })],
    ['buffers', (index: number) => Buffer.from(`guess ${index}`)],
  ] as const) {
    it(`X10 count separately, sent as ${what}`, () => {
      let judged = 0;
      const strategy = withLockout(
        create(TRUSTING, (...args) => {
          judged += 1;
          (args.at(-1) as (error: null, user: false) => void)(null, false);
        }),
        new Lockout({ dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] }),
      );
      const req = { ip: '203.0.113.9', body: {} as Record<string, unknown> };

      for (let index = 0; index < 9; index += 1) {
        req.body = { username: 'alice', password: passwordOf(index) };
        drive(strategy, req);
      }

      expect(judged).to.equal(3);
    });
  }
});
