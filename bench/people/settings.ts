/** How the world is made. */

export interface Settings {
  /** From 10, and even. */
  readonly accounts: number;
  /** Mistyped passwords per try. */
  readonly slips: number;
  /** The part of logins that come from a private window or somebody else's browser. */
  readonly withoutCookie: number;
  /** The part of devices whose cookie is gone when the day begins; in a year, of those that lose it each week. */
  readonly lostCookies: number;
  /** The part of people who try two to five wrong passwords before they remember the right one. */
  readonly forgetful: number;
  /** Accounts that have a program with an old password, which tries every five minutes. */
  readonly stalePrograms: number;
  /** Where these are: half of them in the office, or all. */
  readonly programsIn: 'everywhere' | 'office';
  /** Addresses that the second devices of people at home share. */
  readonly carriers: number;
  /** Addresses of the attackers' botnet. */
  readonly bots: number;
}

export const FULL: Settings = {
  accounts: 1_000,
  slips: 0.03,
  withoutCookie: 0.05,
  lostCookies: 0,
  forgetful: 0.01,
  stalePrograms: 10,
  programsIn: 'everywhere',
  carriers: 10,
  bots: 10_000,
};

/** A tenth of the people, and as many guesses at each of them. */
export const SHORT: Settings = { ...FULL, accounts: 100, stalePrograms: 2, carriers: 1, bots: 1_000 };
