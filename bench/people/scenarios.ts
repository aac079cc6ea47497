/** What attackers do in a day. Their guesses are always wrong. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type Origin, SECOND_MS } from './policy.js';
import type { Settings } from './settings.js';
import { botAddress, OFFICE, type World } from './world.js';

export interface Guess {
  /** Milliseconds since midnight, ascending. */
  readonly at: number;
  readonly username: string;
  readonly ip: string;
  readonly password: string;
  readonly origin: Origin;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What is different in its world. */
  readonly settings?: Partial<Settings>;
  /** @param random - the same for each policy */
  readonly attack: (world: World, random: () => number) => Iterable<Guess>;
}

const GUESSES_PER_BOT = 10;
const LOCK_OUT_EVERY_MS = 2 * MINUTE_MS;
const LEAKED_PASSWORDS = 1_000;
const WORKING_DAY = { from: 9 * HOUR_MS, to: 17 * HOUR_MS } as const;

export const SCENARIOS: readonly Scenario[] = [
  { id: '0', title: 'quiet', attack: () => [] },
  { id: 'A', title: 'one address', attack: (world) => fromOneAddress(world, botAddress(0)) },
  { id: 'B', title: 'botnet', attack: fromBotnet },
  { id: 'C', title: 'lock-out', attack: lockOut },
  { id: 'D', title: 'office PC', attack: (world) => fromOneAddress(world, OFFICE) },
  { id: 'F', title: 'one password', attack: (world) => onceEach(world, () => 'Summer2026', 'popular') },
  {
    id: 'G',
    title: 'stuffing',
    attack: (world) => onceEach(world, (account) => `leaked ${account % LEAKED_PASSWORDS}`, 'leaked'),
  },
  { id: 'P', title: '25 programs', settings: { stalePrograms: 25, programsIn: 'office' }, attack: () => [] },
];

/** Round all names, each 86 times a day: with 1,000 accounts one guess a second. */
function* fromOneAddress({ usernames }: World, ip: string): Iterable<Guess> {
  const everyMs = (1_000 * SECOND_MS) / usernames.length;
  for (let n = 0; n * everyMs < DAY_MS; n += 1) {
    yield {
      at: n * everyMs,
      username: usernames[n % usernames.length] as string,
      ip,
      password: `guess ${n}`,
      origin: 'popular',
    };
  }
}

/** Few guesses from each address, so that no address stands out, at names drawn by lot. */
function* fromBotnet({ usernames, settings: { bots } }: World, random: () => number): Iterable<Guess> {
  const guesses = bots * GUESSES_PER_BOT;
  for (let n = 0; n < guesses; n += 1) {
    yield {
      at: (n * DAY_MS) / guesses,
      username: usernames[Math.floor(random() * usernames.length)] as string,
      ip: botAddress(n % bots),
      password: `guess ${n}`,
      origin: 'popular',
    };
  }
}

/** Each name every two minutes, from ten addresses in turn. */
function* lockOut({ usernames, settings: { bots } }: World): Iterable<Guess> {
  const everyMs = LOCK_OUT_EVERY_MS / usernames.length;
  for (let n = 0; n * everyMs < DAY_MS; n += 1) {
    yield {
      at: n * everyMs,
      username: usernames[n % usernames.length] as string,
      ip: botAddress(n % bots),
      password: `guess ${n}`,
      origin: 'popular',
    };
  }
}

/** One guess at each name, each from its own address, over eight hours. */
function* onceEach({ usernames }: World, passwordFor: (account: number) => string, origin: Origin): Iterable<Guess> {
  const everyMs = (WORKING_DAY.to - WORKING_DAY.from) / usernames.length;
  for (const [account, username] of usernames.entries()) {
    const at = WORKING_DAY.from + account * everyMs;
    yield { at, username, ip: botAddress(account), password: passwordFor(account), origin };
  }
}
