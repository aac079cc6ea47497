/** Configurations that work but are doubtful, and what `check()` reports about them. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { SECRET } from '../../support/fixtures/secret.js';

const codesOf = async (options: LockoutOptions) =>
  (await new Lockout({ secret: SECRET, ...options }).check()).map(({ code }) => code);

describe('check()', () => {
  const DIMENSIONS: readonly [NonNullable<LockoutOptions['dimensions']>, codes: readonly string[]][] = [
    [['username'], ['WARN_LOCKOUT_IP_NOT_COUNTED']],
    [[['username', 'userAgent']], ['WARN_LOCKOUT_IP_NOT_COUNTED']],
    [['ip'], []],
    [[['username', 'ip']], []],
    [['username', ['ip', 'userAgent']], []],
  ];
  for (const [dimensions, codes] of DIMENSIONS) {
    it(`A146 warns if no dimension contains the address, and not if one does: ${JSON.stringify(dimensions)}`, async () => {
      expect(await codesOf({ dimensions })).to.deep.equal(codes);
    });
  }

  it('A147 warns of two options of which one silences the other, and of neither alone', async () => {
    const page = () => '<p>locked';

    expect(await codesOf({ respondWith: { page, redirectTo: '/locked' } })).to.deep.equal([
      'WARN_LOCKOUT_OPTION_UNUSED',
    ]);
    expect(await codesOf({ respondWith: { page } })).to.deep.equal([]);
    expect(await codesOf({ respondWith: { redirectTo: '/locked' } })).to.deep.equal([]);
  });
});
