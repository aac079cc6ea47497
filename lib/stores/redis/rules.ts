/** The rules of a dimension as a script reads them, in the order of `scripts/include/rules/policy.lua`. */
import type { Policy } from '../../policy/state.js';
import { FOREVER } from './record.js';

/** A lockout has one policy per dimension, and uses it for every attempt. */
const known = new WeakMap<Policy, string>();
const RESETS = new Map<Policy['resetOnSuccess'], number>([
  [false, 0],
  [true, 1],
  ['all', 2],
]);

/** Returns a JSON array of numbers: the script decodes it only when it needs it. */
export function toRules(policy: Policy): string {
  let rules = known.get(policy);
  if (rules === undefined) {
    rules = JSON.stringify(numbersOf(policy));
    known.set(policy, rules);
  }
  return rules;
}

function numbersOf(policy: Policy): readonly number[] {
  const { hardStop, tiers } = policy;
  const numbers = [
    policy.rowOnly ? 1 : 0,
    hardStop?.failures ?? 0,
    hardStop?.forgetAfterMs ?? 0,
    policy.forgetAfterMs,
    policy.forgetFrom === 'first' ? 1 : 0,
    RESETS.get(policy.resetOnSuccess) ?? 0,
    policy.maxTakenBack,
    policy.sprayNames ?? 0,
    ...tiers.flatMap(({ failures, cooloffMs }) => [failures, cooloffMs]),
  ];
  return numbers.map((number) => Math.min(number, FOREVER));
}
