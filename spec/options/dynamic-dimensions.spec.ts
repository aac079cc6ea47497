/** `dimensions` as a function of the attempt. */
import { expect } from 'chai';
import { type Attempt, type DimensionInput, Lockout, LockoutConfigError } from '../../lib/index.js';

const OFFICE = '192.0.2.10';
const wrong = () => false;
const right = () => true;

function tenant({ username }: Attempt): string | undefined {
  return username?.split('@')[1];
}

describe('A dimensions function', () => {
  const lockout = (select: (attempt: Attempt) => unknown) =>
    new Lockout({ dimensions: select as () => readonly DimensionInput[] });

  async function fail(target: Lockout, attempt: { username?: string; ip?: string }, times: number): Promise<void> {
    for (let failure = 0; failure < times; failure += 1) await target.protect(attempt, wrong);
  }

  it('makes each attempt count on the dimensions that it returns', async () => {
    const target = lockout(({ ip }) => (ip === OFFICE ? ['username'] : ['username', ['ip', 'username']]));
    await fail(target, { username: 'alice', ip: OFFICE }, 1);
    await fail(target, { username: 'alice', ip: '203.0.113.9' }, 1);
    const { items } = await target.list({ locked: false });
    expect(items.map(({ key, failures }) => [key, failures])).to.deep.equal([
      ['ip=203.0.113.9&username=alice', 1],
      ['username=alice', 2],
    ]);
  });

  it('locks by the same ladders as a list', async () => {
    const target = lockout(() => [tenant, 'username']);
    await fail(target, { username: 'alice@example.org' }, 3);
    expect(await target.status({ username: 'alice@example.org' })).to.include({ locked: true });
    expect(await target.status({ tenant: 'example.org' })).to.include({ failures: 3, attemptsLeft: 27 });
  });

  it('lets an operator name any built-in combination before the first attempt', async () => {
    const target = lockout(() => ['username']);
    await target.block({ ip: OFFICE, username: 'alice' }, { for: 'forever' });
    expect(await target.status({ username: 'alice', ip: OFFICE })).to.include({ locked: true });
  });

  it('does not let an operator name a part that no attempt has had', async () => {
    const target = lockout(() => [tenant]);
    const error = await target.status({ tenant: 'example.org' }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal('subject.tenant: expected one of ip, username, userAgent, got "tenant"');
  });

  it('accepts tables for any dimension, since none is known beforehand', async () => {
    const target = new Lockout({
      dimensions: () => ['username'],
      tiers: { username: [{ failures: 1, cooloff: 'PT1H' }], tenant: [{ failures: 5, cooloff: 'PT1H' }] },
    });
    await fail(target, { username: 'alice' }, 1);
    expect((await target.protect({ username: 'alice' }, right)).outcome).to.equal('refused');
  });

  it('lets middleware guard addresses, too', () => {
    expect(lockout(() => ['ip']).middleware()).to.be.a('function');
  });

  const BAD = [
    { returned: undefined, expected: 'expected a list of dimensions, or a function of the attempt, got undefined' },
    { returned: [], expected: 'expected at least one dimension, got an empty array' },
    { returned: ['email'], expected: "[0]: expected 'ip', 'username', 'userAgent', a function" },
  ];
  for (const { returned, expected } of BAD) {
    it(`makes an attempt throw before verification when it returns ${JSON.stringify(returned)}`, async () => {
      let isVerified = false;
      const verify = () => {
        isVerified = true;
      };
      const error = await lockout(() => returned)
        .protect({ username: 'alice' }, verify)
        .catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(LockoutConfigError);
      expect((error as Error).message)
        .to.include(`the list returned by options.dimensions`)
        .and.to.include(expected);
      expect(isVerified).to.equal(false);
    });
  }
});
