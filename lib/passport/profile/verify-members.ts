/** Where a strategy keeps the functions that judge credentials. */
import { type Members, memberAt } from './profile.js';

/** Members in which published strategies keep them, `a.b` for a nested one. */
export const VERIFY_MEMBERS: readonly string[] = [
  '_verify',
  'verify',
  'verifyWithReq',
  '_verifyFn',
  'verifyFn',
  '_verifyFunction',
  'verifyFunction',
  '_verifyCallback',
  '_verifyUsernameAndPassword',
  '_verifyTotpCode',
  '_secret',
  '_setup',
  '_consumer',
  '_signonVerify',
  'verifyUser',
  '_verifyPublic',
  '_options.verify',
  'verify.func',
];

/**
 * Returns those that a strategy has, and every other member that holds the same function: if a function is kept twice, a guard of
 * only one member can be bypassed.
 */
export function verifyMembersOf(strategy: Members): readonly string[] {
  const known = VERIFY_MEMBERS.filter((path) => typeof memberAt(strategy, path) === 'function');
  if (known.length === 0) return known;
  const functions = new Set(known.map((path) => memberAt(strategy, path)));
  const twice = Object.entries(Object.getOwnPropertyDescriptors(strategy))
    .filter(([name, { value }]) => functions.has(value) && !known.includes(name))
    .map(([name]) => name);
  return [...known, ...twice];
}
