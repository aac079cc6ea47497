/** What keeps a server from holding locks, described for an operator. */
import type { StoreTrouble } from '../../store.js';
import { remedyOf } from '../explain.js';
import { type Info, numberOf } from './info.js';

/** The share of maxmemory above which it is time to act. */
const FULL = 0.8;

/** What loses locks, or soon refuses logins, while the server runs. */
export function runningTroubles(info: Info): readonly StoreTrouble[] {
  return [evicting(info), nearlyFull(info)].filter((trouble) => trouble !== null);
}

/**
 * What loses locks when the server stops.
 *
 * @param isSaved - whether it saves to disk; null if it does not say
 */
export function restartTroubles(info: Info, isSaved: boolean | null): readonly StoreTrouble[] {
  return [notSaved(isSaved), notReplicated(info)].filter((trouble) => trouble !== null);
}

export function unwritable(reason: string): StoreTrouble {
  const remedy = remedyOf(reason);
  return {
    code: 'WARN_LOCKOUT_STORE_UNWRITABLE',
    message:
      `Redis refuses to write (${reason.trim()}), so no login is counted, and onStoreError decides` +
      (remedy === undefined ? '' : `: ${remedy}`),
  };
}

export function withoutInfo(): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_CHECK_INCOMPLETE',
    message:
      'Redis refuses INFO to this user, so it is unknown whether it evicts keys, is nearly full, or loses its data at a restart',
  };
}

function evicting(info: Info): StoreTrouble | null {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  const evicted = numberOf(info, 'evicted_keys');
  if (policy === 'noeviction' && evicted === 0) return null;
  const has = evicted > 0 ? `Redis has evicted ${evicted} ${evicted === 1 ? 'key' : 'keys'} since its start` : '';
  const will =
    policy === 'noeviction' ? '' : `maxmemory-policy is ${policy}: once its memory is full, Redis evicts keys`;
  return {
    code: 'WARN_LOCKOUT_STORE_EVICTS',
    message:
      `${[has, will].filter(Boolean).join('; ')}; each evicted record gives back a lock or the guesses counted so far, and ` +
      'anyone can fill the memory with usernames; set maxmemory-policy to noeviction, on a server without a cache',
  };
}

function nearlyFull(info: Info): StoreTrouble | null {
  const [used, most] = [numberOf(info, 'used_memory'), numberOf(info, 'maxmemory')];
  if (most === 0 || used <= FULL * most) return null;
  const percent = Math.round((100 * used) / most);
  return {
    code: 'WARN_LOCKOUT_STORE_NEARLY_FULL',
    message:
      `Redis uses ${percent} % of its maxmemory; once it is full, it evicts locks or refuses to count logins, by its ` +
      'maxmemory-policy; raise maxmemory, or remove what does not belong there',
  };
}

function notSaved(isSaved: boolean | null): StoreTrouble | null {
  if (isSaved !== false) return null;
  return {
    code: 'WARN_LOCKOUT_STORE_FORGETS',
    message:
      'Redis saves nothing to disk (appendonly is no and save is empty), so a restart gives back every lock; set appendonly to yes',
  };
}

function notReplicated(info: Info): StoreTrouble | null {
  const replicas = numberOf(info, 'connected_slaves');
  if (info.has('min_slaves_good_slaves')) return isHeldByScripts(info) ? null : NOT_HELD;
  if (replicas === 0) return null;
  return {
    code: 'WARN_LOCKOUT_STORE_FORGETS',
    message:
      `Redis has ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} and min-replicas-to-write is 0: a primary that is cut off ` +
      'counts on alone, and a failover gives back its locks; set min-replicas-to-write to 1 to refuse logins (503) instead',
  };
}

const FIRST_MAJOR_WITH_SCRIPTS = 7;

/** Whether `min-replicas-to-write` keeps scripts from writing. */
function isHeldByScripts(info: Info): boolean {
  const major = Number.parseInt(info.get('redis_version') ?? '', 10);
  return !(major < FIRST_MAJOR_WITH_SCRIPTS);
}

const NOT_HELD: StoreTrouble = {
  code: 'WARN_LOCKOUT_STORE_FORGETS',
  message:
    'min-replicas-to-write is set, but before version 7 Redis does not apply it to scripts: a primary that is cut off counts on alone, ' +
    'and a failover gives back its locks; use Redis 7 or later, or Valkey',
};
