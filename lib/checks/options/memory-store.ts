import type { LockoutOptions } from '../../options/types.js';
import type { LockoutStore } from '../../stores/store.js';
import type { Found } from '../finding.js';
import type { Environment } from './environment.js';

/** Finds lockouts in memory: they are lost with the process, and each process counts separately. */
export function checkMemoryStore(
  given: LockoutOptions,
  store: LockoutStore,
  { isProduction, isOneOfMany }: Environment,
): readonly Found[] {
  if (store.isLocal && isOneOfMany) {
    return [
      {
        code: 'WARN_LOCKOUT_MEMORY_STORE_CLUSTER',
        message:
          'lockouts are kept in the memory of this process, one of several: each counts separately, so an attacker gets ' +
          'the guesses of all of them; set the store option to a store that they share',
        option: 'store',
      },
    ];
  }
  if (given.store !== undefined || !isProduction) return [];
  return [
    {
      code: 'WARN_LOCKOUT_MEMORY_STORE',
      message: 'lockouts are kept in the memory of this process: lost on restart, not shared; set the store option',
      option: 'store',
    },
  ];
}
