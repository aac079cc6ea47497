import { expect } from 'chai';
import { checkTiers } from '../../../lib/checks/options/tiers.js';
import { reserve } from '../../../lib/policy/reserve.js';
import { settle } from '../../../lib/policy/settle.js';
import { currentState, isLocked, type Policy, UNKNOWN_SUBJECT } from '../../../lib/policy/state.js';
import { toDimension } from '../../../lib/subject/dimension.js';
import { DAY, HOUR, MINUTE } from '../../policy/examples.js';

const FOREVER = Number.POSITIVE_INFINITY;
const USERNAME = toDimension('username');
const IP = toDimension('ip');

function policyOf(cooloffs: readonly number[], change: Partial<Policy> = {}): Policy {
  return {
    tiers: cooloffs.map((cooloffMs, index) => ({ failures: (index + 1) * 3, cooloffMs })),
    forgetAfterMs: DAY,
    forgetFrom: 'last',
    leaseTimeoutMs: MINUTE,
    resetOnSuccess: true,
    maxTakenBack: 5,
    hardStop: null,
    ...change,
  };
}

/** The tiers reached by a user who fails as fast as the locks allow. */
function reachedTiers(policy: Policy): ReadonlySet<number | null> {
  let state = UNKNOWN_SUBJECT;
  let now = 1_000_000;
  const reached = new Set<number | null>();
  for (let failure = 0; failure < 40; failure += 1) {
    const id = String(failure);
    const reservation = reserve(state, policy, now, id);
    if (reservation.outcome !== 'taken') break;
    const settlement = settle(reservation.state, policy, now, reservation.lease, 'failure');
    state = settlement.state;
    reached.add(settlement.didLock ? state.tier : null);
    if (!isLocked(state, now)) continue;
    if (state.lockedUntil === FOREVER) break;
    now = state.lockedUntil;
    state = currentState(state, now);
  }
  return reached;
}

describe('checkTiers', () => {
  const codesOf = (policy: Policy, dimension = USERNAME) => checkTiers(dimension, policy).map(({ code }) => code);

  const LADDERS = [
    { title: 'a growing ladder', policy: policyOf([MINUTE, HOUR, DAY]), codes: [] },
    { title: 'equal cool-offs', policy: policyOf([HOUR, HOUR, HOUR]), codes: [] },
    { title: 'a single tier for ever', policy: policyOf([FOREVER]), codes: [] },
    { title: 'a last tier for ever', policy: policyOf([MINUTE, HOUR, FOREVER]), codes: [] },
    { title: 'cool-offs that shrink', policy: policyOf([HOUR, MINUTE]), codes: ['WARN_LOCKOUT_TIERS_SHRINK'] },
    {
      title: 'cool-offs that shrink once',
      policy: policyOf([MINUTE, DAY, HOUR, DAY]),
      codes: ['WARN_LOCKOUT_TIERS_SHRINK'],
    },
    {
      title: 'a tier after a tier for ever',
      policy: policyOf([FOREVER, HOUR]),
      codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'],
    },
    { title: 'two tiers for ever', policy: policyOf([FOREVER, FOREVER]), codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'] },
    { title: 'a lock longer than forgetAfter from the last failure', policy: policyOf([2 * DAY, 3 * DAY]), codes: [] },
    {
      title: 'a lock longer than forgetAfter from the first failure',
      policy: policyOf([2 * DAY, 3 * DAY], { forgetFrom: 'first' }),
      codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'],
    },
    {
      title: 'a lock of exactly forgetAfter from the first failure',
      policy: policyOf([DAY, DAY], { forgetFrom: 'first' }),
      codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'],
    },
    {
      title: 'a lock just shorter than forgetAfter from the first failure',
      policy: policyOf([DAY - 1, DAY], { forgetFrom: 'first' }),
      codes: [],
    },
    {
      title: 'locks that together last forgetAfter',
      policy: policyOf([12 * HOUR, 12 * HOUR, DAY], { forgetFrom: 'first' }),
      codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'],
    },
    {
      title: 'a last lock over forgetAfter',
      policy: policyOf([HOUR, 2 * DAY], { forgetFrom: 'first' }),
      codes: [],
    },
    {
      title: 'a hard stop past the last tier',
      policy: policyOf([HOUR, DAY], { hardStop: { failures: 7, forgetAfterMs: 100 * DAY } }),
      codes: [],
    },
    {
      title: 'a hard stop at the last tier',
      policy: policyOf([HOUR, DAY], { hardStop: { failures: 6, forgetAfterMs: 100 * DAY } }),
      codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'],
    },
    {
      title: 'a hard stop before the last tier',
      policy: policyOf([HOUR, DAY], { hardStop: { failures: 5, forgetAfterMs: 100 * DAY } }),
      codes: ['WARN_LOCKOUT_TIER_UNREACHABLE'],
    },
    {
      title: 'failures that are never forgotten',
      policy: policyOf([DAY, DAY, DAY], { forgetFrom: 'first', forgetAfterMs: FOREVER }),
      codes: [],
    },
  ];
  for (const { title, policy, codes } of LADDERS) {
    it(`reports ${codes.join() || 'nothing'} for ${title}`, () => {
      expect(codesOf(policy)).to.deep.equal(codes);
    });

    it(`agrees with the policy on which tiers are reached by ${title}`, () => {
      const isReached = reachedTiers(policy).has(policy.tiers.length - 1);
      expect(codes.includes('WARN_LOCKOUT_TIER_UNREACHABLE')).to.equal(!isReached);
    });
  }

  it('reports a lock without an end in a dimension that people share', () => {
    expect(codesOf(policyOf([MINUTE, FOREVER]), IP)).to.deep.equal(['WARN_LOCKOUT_SHARED_FOREVER']);
    expect(codesOf(policyOf([FOREVER]), toDimension('userAgent'))).to.deep.equal(['WARN_LOCKOUT_SHARED_FOREVER']);
    expect(codesOf(policyOf([FOREVER]), toDimension(['ip', 'username']))).to.deep.equal([]);
  });

  it('names the tier and the dimension', () => {
    const [finding] = checkTiers(IP, policyOf([HOUR, MINUTE]));
    expect(finding).to.deep.equal({
      code: 'WARN_LOCKOUT_TIERS_SHRINK',
      message: 'the tier of 6 failures of ip locks for less time than the one before it',
      option: 'tiers',
    });
  });
});
