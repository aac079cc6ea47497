/** The rules of a dimension as arguments of a script, in the order of `scripts/include/policy.lua`. */
import type { Policy } from '../../policy/state.js';
import { toArgument } from './record.js';

/** A lockout has one policy per dimension, and uses it for every attempt. */
const known = new WeakMap<Policy, readonly string[]>();

export function toPolicyArguments(policy: Policy): readonly string[] {
  const before = known.get(policy);
  if (before) return before;
  const made = makeArguments(policy);
  known.set(policy, made);
  return made;
}

function makeArguments(policy: Policy): readonly string[] {
  const { hardStop, tiers } = policy;
  return [
    policy.rowOnly ? '1' : '',
    String(hardStop?.failures ?? 0),
    toArgument(hardStop?.forgetAfterMs ?? 0),
    toArgument(policy.leaseTimeoutMs),
    toArgument(policy.forgetAfterMs),
    policy.forgetFrom,
    String(policy.resetOnSuccess),
    toArgument(policy.maxTakenBack),
    String(policy.sprayNames ?? 0),
    String(tiers.length),
    ...tiers.flatMap(({ failures, cooloffMs }) => [String(failures), toArgument(cooloffMs)]),
  ];
}
