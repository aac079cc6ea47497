/** A year of guesses at one account whose owner logs in twice a day; each guess from an address of its own. */
import { randomFrom } from '../../spec/support/tools/random.js';
import {
  type Contender,
  DAY_MS,
  HOUR_MS,
  type Jar,
  MINUTE_MS,
  NO_JAR,
  type Plan,
  type Policy,
  RIGHT,
  SECOND_MS,
} from './policy.js';
import { FULL, type Settings } from './settings.js';
import { addressOf, botAddress } from './world.js';

export interface YearResult {
  /** Verified of one guess a minute. */
  readonly minutely: number;
  readonly tried: number;
  /** The most that an attacker has verified who waits when it pays. */
  readonly patient: number;
  /** Right passwords of the owner that were refused during `minutely`, of `logins`. */
  readonly refused: number;
  readonly logins: number;
  /** 30 days of one guess a minute, when the owner logs in every minute: by a program that has no cookies, and by one that has. */
  readonly busyProgram: Busy;
  readonly busyBrowser: Busy;
}

/** Guesses that were verified, and right passwords of the owner that were refused. */
interface Busy {
  readonly judged: number;
  readonly refused: number;
}

const START = Date.UTC(2026, 0, 1);
const KNOWN_FOR_MS = 7 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const BUSY_MS = 30 * DAY_MS;
const LOGIN_EVERY_MS = DAY_MS / 2;
const LOGINS_A_WEEK = 14;
const HOME = addressOf(13, 0);
const USERNAME = 'user0';
const NEVER_SILENT: Plan = { guesses: Number.POSITIVE_INFINITY, silenceMs: 0 };

export async function runYear({ create, plans, settings }: Contender, seed: number): Promise<YearResult> {
  const world = { ...FULL, ...settings };
  const minutely = await runAttack(create, { plan: NEVER_SILENT, paceMs: MINUTE_MS, seed, world });
  let patient = minutely.judged;
  // Who is let do everything has nothing to wait for.
  if (minutely.judged < minutely.tried) {
    for (const plan of plans) {
      patient = Math.max(patient, (await runAttack(create, { plan, paceMs: SECOND_MS, seed, world })).judged);
    }
  }
  const busyProgram = await runBusyOwner(create, () => new Map());
  const jar: Jar = new Map();
  const busyBrowser = await runBusyOwner(create, () => jar);
  const { judged, tried, refused, logins } = minutely;
  return { minutely: judged, tried, patient, refused, logins, busyProgram, busyBrowser };
}

interface Attack {
  readonly plan: Plan;
  /** After a guess that was verified; after one that was not, a minute. */
  readonly paceMs: number;
  readonly seed: number;
  readonly world: Settings;
}

async function runAttack(create: Contender['create'], { plan, paceMs, seed, world }: Attack) {
  const clock = { now: START - KNOWN_FOR_MS };
  const policy = create(clock);
  const owner = new Owner(policy, randomFrom(seed), world);
  await owner.logIn();
  let tried = 0;
  let judged = 0;
  let inARow = 0;
  let turnAt = START;
  const visits = owner.visits();
  let visitAt = visits.next().value;
  const end = START + YEAR_MS;
  for (let at = START; at < end; ) {
    for (; visitAt <= at; visitAt = visits.next().value) {
      clock.now = visitAt;
      await owner.visit();
    }
    clock.now = at;
    tried += 1;
    const isJudged = await guess(policy, tried);
    if (isJudged) {
      judged += 1;
      inARow += 1;
    }
    at += isJudged ? paceMs : MINUTE_MS;
    if (inARow === plan.guesses) {
      at += plan.silenceMs;
      inARow = 0;
    }
    if (at < turnAt) continue;
    turnAt = at + 7 * DAY_MS;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { judged, tried, refused: owner.refused, logins: owner.logins };
}

async function runBusyOwner(create: Contender['create'], jarOf: () => Jar): Promise<Busy> {
  const clock = { now: START };
  const policy = create(clock);
  let judged = 0;
  let refused = 0;
  for (let minute = 0; clock.now < START + BUSY_MS; minute += 1) {
    if (await guess(policy, minute)) judged += 1;
    const answer = await policy.login({ username: USERNAME, ip: HOME, jar: jarOf(), ...RIGHT });
    if (answer !== 'in') refused += 1;
    clock.now += MINUTE_MS;
    if (minute % 1_440 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { judged, refused };
}

async function guess(policy: Policy, n: number): Promise<boolean> {
  let isJudged = false;
  const verify = () => {
    isJudged = true;
    return false;
  };
  const guessed = { password: `guess ${n}`, origin: 'popular', jar: NO_JAR, verify } as const;
  await policy.login({ username: USERNAME, ip: botAddress(n), ...guessed });
  return isJudged;
}

/** Logs in from home, on a known device, and mistypes as people do. */
class Owner {
  readonly #policy: Policy;
  readonly #random: () => number;
  readonly #slips: number;
  readonly #lostCookies: number;
  readonly #jar: Jar = new Map();
  logins = 0;
  refused = 0;

  constructor(policy: Policy, random: () => number, { slips, lostCookies }: Settings) {
    this.#policy = policy;
    this.#random = random;
    this.#slips = slips;
    this.#lostCookies = lostCookies;
  }

  /** Once in each half of a day, at any time of it, so that no cycle of locks and logins fits by chance. */
  *visits(): Generator<number, never> {
    for (let half = START; ; half += LOGIN_EVERY_MS)
      yield half + Math.floor(this.#random() * (LOGIN_EVERY_MS - HOUR_MS));
  }

  async visit(): Promise<void> {
    if (this.#lostCookies > 0 && this.#isWeekOver && this.#random() < this.#lostCookies) this.#jar.clear();
    this.logins += 1;
    for (let slips = 0; this.#random() < this.#slips; slips += 1) {
      const password = `slip ${this.logins}.${slips}`;
      await this.#policy.login({ ...this.#browser, password, origin: 'slip', verify: () => false });
    }
    if (!(await this.logIn())) this.refused += 1;
  }

  get #isWeekOver(): boolean {
    return this.logins % LOGINS_A_WEEK === LOGINS_A_WEEK - 1;
  }

  get #browser() {
    return { username: USERNAME, ip: HOME, jar: this.#jar };
  }

  async logIn(): Promise<boolean> {
    return (await this.#policy.login({ ...this.#browser, ...RIGHT })) === 'in';
  }
}
