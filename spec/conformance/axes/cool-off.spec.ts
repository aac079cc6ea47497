/** How long a lock holds, and how that is written. */
import { expect } from 'chai';
import { Duration } from 'luxon';
import { type CooloffInput, Lockout, LockoutConfigError, type LockoutOptions, type Tier } from '../../../lib/index.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const lockFor = (cooloff: CooloffInput): LockoutOptions => ({
  dimensions: ['username'],
  tiers: [{ failures: 1, cooloff }],
});
const LADDER: readonly Tier[] = [
  { failures: 3, cooloff: { minutes: 15 } },
  { failures: 6, cooloff: { hours: 2 } },
  { failures: 10, cooloff: { days: 1 } },
];

describe('A cool-off', () => {
  const open = loginSites(onMemoryStore());

  it("A95 'forever' ends only with a reset", async () => {
    const site = await open(lockFor('forever'));
    await site.guess();
    site.clock.advance({ days: 100_000 });
    expect(await site.logIn()).to.include({ status: 429, retryAfter: null });

    await site.lockout.reset({ username: 'alice' });

    expect((await site.logIn()).status).to.equal(200);
  });

  it('A96 differs: accepts whole hours with their unit; a bare number, whose unit is unknown, is rejected', async () => {
    const site = await open(lockFor({ hours: 2 }));
    expect((await site.guess()).retryAfter).to.equal('7200');

    expect(() => new Lockout(lockFor(2 as never))).to.throw(
      LockoutConfigError,
      "options.tiers[0].cooloff: expected a duration such as '90s', '15m', '2h', '1d' or '1w', { minutes: 15 }, a luxon Duration or an ISO 8601 string such as 'PT15M', over 0, or 'forever', got 2 (a number)",
    );
  });

  for (const [hours, seconds] of [
    [2.0, '7200'],
    [0.25, '900'],
    [1.7, '6120'],
  ] as const) {
    it(`A97 accepts parts of an hour: ${hours} hours are ${seconds} seconds`, async () => {
      const site = await open(lockFor({ hours }));

      expect((await site.guess()).retryAfter).to.equal(seconds);
    });
  }

  it('A98 can come from a function of attempt and dimension', async () => {
    const site = await open({
      dimensions: ['username', 'ip'],
      tiers: (_attempt, dimension) => [{ failures: 1, cooloff: dimension === 'ip' ? { minutes: 1 } : { minutes: 7 } }],
    });
    await site.guess();

    expect((await site.lockout.status({ username: 'alice' })).remaining?.toMillis()).to.equal(420_000);
    expect((await site.lockout.status({ ip: ALICE.ip })).remaining?.toMillis()).to.equal(60_000);
  });

  it('A99 can grow for one user and not for another', async () => {
    const growing: readonly Tier[] = [1, 2, 3].map((failures) => ({ failures, cooloff: { minutes: 10 ** failures } }));
    const constant: readonly Tier[] = [{ failures: 1, cooloff: { minutes: 5 } }];
    const site = await open({
      dimensions: ['username'],
      tiers: ({ username }) => (username === 'root' ? growing : constant),
    });
    const locks: Record<string, (string | null)[]> = { root: [], alice: [] };
    for (let round = 0; round < 3; round += 1) {
      for (const [user, told] of Object.entries(locks)) told.push((await site.guess({ user })).retryAfter);
      site.clock.advance({ minutes: 1_000 });
    }

    expect(locks).to.deep.equal({ root: ['600', '6000', '60000'], alice: ['300', '300', '300'] });
  });

  const ISO_TEXTS = ['P2DT1H42M8S', 'P15D', 'PT5M', 'PT1H', 'PT8S', 'P1DT2H', 'PT7H30M', 'PT59M59S'] as const;
  for (const text of ISO_TEXTS) {
    it(`A101 is read and written as ISO 8601: ${text}`, async () => {
      const pages: (string | null)[] = [];
      const page = ({ duration }: { readonly duration: string | null }) => `<p>${pages.push(duration)}`;
      const site = await open({ ...lockFor(text), onLocked: 'respond', respondWith: { page } });

      const { retryAfter } = await site.guess({ accept: 'text/html' });

      expect(pages).to.deep.equal([text]);
      expect(Number(retryAfter)).to.equal(Duration.fromISO(text).as('seconds'));
    });
  }

  it('A135 does not exist below the lowest tier, and comes from the default ladder if none is given', async () => {
    const below = await open({ dimensions: ['username'], tiers: LADDER });
    await below.guess(ALICE, 2);
    expect(await below.lockout.status({ username: 'alice' })).to.include({ locked: false, tier: null });

    const unset = await open({ dimensions: ['username'] });
    expect(await unset.statuses(3)).to.deep.equal([401, 401, 429]);
    expect((await unset.lockout.status({ username: 'alice' })).remaining?.toISO()).to.equal('PT900S');
  });

  it('A139 is shown with the time left', async () => {
    const site = await open({ tiers: LADDER, onLocked: 'respond' });
    const { status, body } = await site.guess({ accept: 'text/plain' }, 3);

    expect({ status, body }).to.deep.equal({
      status: 429,
      body: 'Too many failed logins. Try again in 15 minutes.\n',
    });
  });

  it('A138 differs: begins at the lowest tier; tiers out of order are rejected rather than sorted', async () => {
    const site = await open({
      dimensions: ['username'],
      tiers: [{ failures: 4, cooloff: { hours: 1 } }, ...LADDER.slice(1)],
    });
    expect(await site.statuses(4)).to.deep.equal([401, 401, 401, 429]);

    expect(() => new Lockout({ tiers: [...LADDER].reverse() })).to.throw(
      LockoutConfigError,
      'options.tiers[1].failures: expected more failures than the tier before it (10): tiers ascend, got 6 (a number)',
    );
  });
});

describeOnEachStore('A ladder', (stores) => {
  const open = loginSites(stores);

  it('A136 applies the highest tier that is reached: exactly, in between, and above the highest', async () => {
    const site = await open({ dimensions: ['username'], tiers: LADDER });
    const tiers: string[] = [];
    for (let failures = 1; failures <= 12; failures += 1) {
      await site.guess();
      const { tier } = await site.lockout.status({ username: 'alice' });
      tiers.push(`${failures}: ${tier}`);
      if (tier !== null) site.clock.advance({ days: 1 });
    }
    expect(tiers).to.deep.equal([
      ...['1: null', '2: null', '3: 0', '4: null', '5: null', '6: 1'],
      ...['7: null', '8: null', '9: null', '10: 2', '11: 2', '12: 2'],
    ]);
  });

  it('A137 yields the cool-off for the count, and none below it or for an unknown count', async () => {
    const site = await open({ dimensions: ['username'], tiers: LADDER });
    expect((await site.lockout.status({ username: 'nobody' })).remaining).to.equal(null);
    const told: (string | null)[] = [];
    for (let failures = 1; failures <= 10; failures += 1) {
      const { retryAfter } = await site.guess();
      told.push(retryAfter);
      site.clock.advance({ seconds: Number(retryAfter) });
    }

    expect(told).to.deep.equal([null, null, '900', null, null, '7200', null, null, null, '86400']);
  });
});
