/** `npm run bench:people` with a tenth of the people; the whole of it is in all-scenarios.deep.spec.ts. */
import { expect } from 'chai';
import { toText } from '../../../bench/people/report.js';
import { SCENARIOS } from '../../../bench/people/scenarios.js';
import { SHORT } from '../../../bench/people/settings.js';
import { simulate } from '../../../bench/people/simulate.js';
import { GROUPS } from '../../../bench/people/world.js';

const OURS = 'passport-lockout, without secret';
const short = (policies: readonly string[], scenarios: readonly string[], seed = 1) =>
  simulate({ policies, scenarios, seeds: [seed], settings: SHORT });

const dayOf = async (policy: string, scenario: string) => {
  const [row] = await short([policy], [scenario]);
  const [day] = row?.days[scenario] ?? [];
  if (!day) throw new Error(`${policy} has no day ${scenario}`);
  return day;
};

describe('a simulated day', function () {
  this.timeout(600_000);

  it('has the same figures each time with the same seed, and others with another', async () => {
    // Devices have random names, and still the figures are the same.
    const policies = ['StopGuessing', 'passport-lockout, second factors'];

    const once = await short(policies, ['0', 'D']);
    const again = await short(policies, ['0', 'D']);
    const otherwise = await short(policies, ['0', 'D'], 2);

    expect(again).to.deep.equal(once);
    expect(otherwise).to.not.deep.equal(once);
  });

  it('is shown with a row for each contender and a column for each scenario', async () => {
    const scenarios = SCENARIOS.filter(({ id }) => ['0', 'D'].includes(id));

    const text = toText(await short([OURS], ['0', 'D']), scenarios);

    expect(text.split('\n').filter((line) => line.startsWith(OURS))).to.have.length(3);
    expect(text).to.match(/0 quiet +D office PC/);
  });
});

describe('a simulated day of the library without a secret', function () {
  this.timeout(600_000);

  const DAYS = [
    { scenario: '0', knownOut: 'nobody', most: 0 },
    { scenario: 'A', knownOut: 'nobody', most: 2 },
    { scenario: 'B', knownOut: 'everybody', most: 10 },
    { scenario: 'C', knownOut: 'everybody', most: 10 },
    { scenario: 'F', knownOut: 'nobody', most: 1 },
    { scenario: 'G', knownOut: 'nobody', most: 1 },
  ];
  for (const { scenario, knownOut, most } of DAYS) {
    it(`keeps ${knownOut} out who mistypes like others, and verifies at most ${most} guesses per account (${scenario})`, async () => {
      const { people, guesses } = await dayOf(OURS, scenario);

      expect(people.known.out).to.equal(knownOut === 'nobody' ? 0 : people.known.logins);
      expect(guesses.max).to.equal(most);
    });
  }

  it('keeps the office out, and nobody else, when a PC in it guesses (D)', async () => {
    const { people, guesses } = await dayOf(OURS, 'D');

    expect(people.known.out).to.be.within(90, 110);
    expect(guesses.max).to.be.at.most(2);
  });
});

describe('a simulated day of the library with a secret', function () {
  this.timeout(600_000);

  const ROWS = [
    { policy: 'passport-lockout', site: 'an application that sets nothing else', most: 10 },
    { policy: 'passport-lockout, presets.nist', site: 'the preset of NIST', most: 48 },
    { policy: 'passport-lockout, middleware()', site: 'the middleware mounted', most: 10 },
    { policy: 'passport-lockout, a fifth of the cookies lost', site: 'a fifth of the cookies lost', most: 10 },
    { policy: 'passport-lockout, second factors', site: 'second factors at half of the accounts', most: 10 },
  ];
  for (const { policy, site, most } of ROWS) {
    it(`refuses nobody on a known device, with ${site}, and verifies at most ${most} guesses per account (B)`, async () => {
      const { people, guesses } = await dayOf(policy, 'B');

      expect(people.known.logins).to.be.greaterThan(100);
      expect(people.known.refused).to.equal(0);
      expect(guesses.max).to.be.at.most(most);
    });
  }

  it('refuses nobody on a known device when a PC in the office guesses, with the middleware mounted (D)', async () => {
    const { people } = await dayOf('passport-lockout, middleware()', 'D');

    expect(people.known.refused).to.equal(0);
    expect(people.unknown.out).to.be.greaterThan(0);
  });

  it('refuses nobody at all when nobody attacks, though 25 programs in the office have old passwords (P)', async () => {
    const { people } = await dayOf('passport-lockout', 'P');

    expect(people.stale.logins).to.be.greaterThan(25);
    expect(GROUPS.map((group) => people[group].refused)).to.deep.equal([0, 0, 0]);
  });

  it('keeps everybody out whose browser has no cookie yet when a botnet attacks (B)', async () => {
    const { people } = await dayOf('passport-lockout, first day of secret', 'B');

    expect(people.known.logins).to.equal(0);
    expect(people.unknown.out).to.equal(people.unknown.logins);
  });
});

describe('the model of', function () {
  this.timeout(600_000);

  /** Each name is guessed at every two minutes for a day, by ten addresses in turn. */
  const MOST_IN_LOCK_OUT = [
    ['django-axes defaults', 10 * 3, 'three from each address'],
    ['django-defender defaults', 484, 'four each twelve minutes, and again after a login'],
    ['Auth0-like', 10 * 10, 'ten from each address'],
    ['rate-limiter-flexible recipe', 10 * 10 * 6, 'ten from each address each four hours'],
    ['Entra-like, growth assumed', 38, 'ten, and then one for each lock'],
    ['OWASP device cookies, 10 an hour', 11 * 18, 'eleven each eighty minutes'],
    ['StopGuessing', 10 * 12, 'twelve from each address'],
  ] as const;
  for (const [policy, most, why] of MOST_IN_LOCK_OUT) {
    it(`${policy} verifies ${most} of 720 guesses: ${why}`, async () => {
      const { guesses } = await dayOf(policy, 'C');

      expect(guesses.max).to.equal(most);
    });
  }
});
