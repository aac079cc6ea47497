/**
 * The people: 1,000 accounts, half of them in an office behind one address. Made from a seed, and before any policy is asked, so
 * that each policy meets the same people who make the same mistakes at the same moments.
 */
import { randomFrom } from '../../spec/support/tools/random.js';
import { HOUR_MS, type Jar, MINUTE_MS, type Origin } from './policy.js';
import type { Settings } from './settings.js';

interface Device {
  readonly username: string;
  readonly ip: string;
  /** False where its cookie is gone. */
  readonly isKnown: boolean;
  readonly jar: Jar;
}

/** Whose login it is: who had a cookie, who had none, and who also has a program with an old password. */
export type Group = 'known' | 'unknown' | 'stale';
export const GROUPS = ['known', 'unknown', 'stale'] as const satisfies readonly Group[];

/** One time at which a person wants to be in. */
export interface Visit {
  /** Milliseconds since midnight. */
  readonly at: number;
  readonly group: Group;
  readonly username: string;
  readonly ip: string;
  readonly jar: Jar;
  /** What is typed before the right password. */
  readonly mistakes: readonly Mistake[];
}

interface Mistake {
  readonly password: string;
  readonly origin: Origin;
}

/** Tries every five minutes, all day. */
export interface Program {
  readonly firstAt: number;
  readonly username: string;
  readonly ip: string;
}

export interface World {
  readonly settings: Settings;
  readonly usernames: readonly string[];
  readonly devices: readonly Device[];
  readonly visits: readonly Visit[];
  readonly programs: readonly Program[];
}

export const OFFICE = '12.0.0.1';
export const PROGRAM_EVERY_MS = 5 * MINUTE_MS;
/** Every device logs in once in the morning, and half of them again later: 1.5 times a day. */
const AGAIN = 0.5;
const HOURS = {
  office: { first: [8, 10], again: [13, 17] },
  home: { first: [7, 12], again: [13, 23] },
} as const;

/** @param network - its first number, one for each kind of client */
export function addressOf(network: number, n: number): string {
  return `${network}.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

export const botAddress = (n: number): string => addressOf(11, n);
const homeAddress = (account: number): string => addressOf(13, account);
const carrierAddress = (n: number): string => addressOf(14, n);

export function createWorld(seed: number, settings: Settings): World {
  const random = randomFrom(seed);
  const usernames = Array.from({ length: settings.accounts }, (_, account) => `user${account}`);
  const staleAccounts = staleAccountsOf(settings);
  const isForgetful = usernames.map(() => random() < settings.forgetful);
  const devices: Device[] = [];
  const visits: Visit[] = [];
  for (const [account, username] of usernames.entries()) {
    for (let index = 0; index < devicesOf(account); index += 1) {
      const device = {
        username,
        ip: ipOf(account, index, settings),
        isKnown: random() >= settings.lostCookies,
        jar: new Map(),
      };
      devices.push(device);
      const hours = isInOffice(account, settings) ? HOURS.office : HOURS.home;
      const isStale = staleAccounts.includes(account);
      const forgotten = index === 0 && isForgetful[account] ? forgottenPasswords(random) : [];
      visits.push(visit(device, isStale, hours.first, forgotten, settings, random));
      if (random() < AGAIN) visits.push(visit(device, isStale, hours.again, [], settings, random));
    }
  }
  const programs = staleAccounts.map((account) => ({
    firstAt: Math.floor(random() * PROGRAM_EVERY_MS),
    username: usernames[account] as string,
    ip: ipOf(account, 0, settings),
  }));
  return { settings, usernames, devices, visits, programs };
}

/** 1.4 on average. */
function devicesOf(account: number): number {
  return account % 5 < 2 ? 2 : 1;
}

function isInOffice(account: number, { accounts }: Settings): boolean {
  return account < accounts / 2;
}

function ipOf(account: number, index: number, settings: Settings): string {
  if (isInOffice(account, settings)) return OFFICE;
  return index === 0 ? homeAddress(account) : carrierAddress(account % settings.carriers);
}

function staleAccountsOf({ accounts, stalePrograms, programsIn }: Settings): readonly number[] {
  const among = programsIn === 'office' ? accounts / 2 : accounts;
  const everySoMany = Math.floor(among / stalePrograms);
  // One further each time, so that they have as many devices as others.
  return Array.from({ length: stalePrograms }, (_, index) => (index * (everySoMany + 1)) % among);
}

function visit(
  { username, ip, isKnown, jar }: Device,
  isStale: boolean,
  [from, to]: readonly [number, number],
  forgotten: readonly Mistake[],
  { slips, withoutCookie }: Settings,
  random: () => number,
): Visit {
  const at = Math.floor((from + random() * (to - from)) * HOUR_MS);
  const isElsewhere = random() < withoutCookie;
  const mistakes = [...forgotten];
  while (random() < slips) mistakes.push({ password: `slip ${random()}`, origin: 'slip' });
  const group = isElsewhere || !isKnown ? 'unknown' : 'known';
  return { at, group: isStale ? 'stale' : group, username, ip, jar: isElsewhere ? new Map() : jar, mistakes };
}

/** Two to five; half of the people try one of them again. */
function forgottenPasswords(random: () => number): readonly Mistake[] {
  const count = 2 + Math.floor(random() * 4);
  const tried: Mistake[] = Array.from({ length: count }, () => ({ password: `old ${random()}`, origin: 'forgotten' }));
  const [first] = tried;
  return first && random() < 0.5 ? [...tried, first] : tried;
}
