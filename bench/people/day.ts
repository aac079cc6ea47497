/** One day of all people, under one attack and one policy. */
import { randomFrom } from '../../spec/support/tools/random.js';
import { Agenda } from './agenda.js';
import {
  type Clock,
  type Contender,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NO_JAR,
  type Origin,
  type Policy,
  RIGHT,
  SECOND_MS,
} from './policy.js';
import type { Guess, Scenario } from './scenarios.js';
import type { Settings } from './settings.js';
import { createWorld, GROUPS, type Group, PROGRAM_EVERY_MS, type Program, type Visit, type World } from './world.js';

export interface Outcome {
  readonly logins: number;
  /** Of them, those who never got in. */
  readonly out: number;
  /** Right passwords that were refused. */
  readonly refused: number;
}

export interface DayResult {
  readonly people: Readonly<Record<Group, Outcome>>;
  /** The attackers', per account. */
  readonly guesses: { readonly tried: number; readonly mean: number; readonly max: number };
}

/** Who is refused tries again after so long with the right password, and then gives up. */
const PATIENCE_MS = [1 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 10 * MINUTE_MS] as const;
/** Who has mistyped tries again at once. */
const TYPING_MS = 10 * SECOND_MS;
const MIDNIGHT = Date.UTC(2026, 10, 23);
/** Long enough that nothing is left of it but what makes a device known. */
const KNOWN_FOR_MS = 7 * DAY_MS;
/** What a login leaves for later turns is done now and then. */
const TURN_EVERY_MS = HOUR_MS;

export async function runDay(
  { create, settings: own }: Contender,
  scenario: Scenario,
  seed: number,
  settings: Settings,
): Promise<DayResult> {
  const world = createWorld(seed, { ...settings, ...scenario.settings, ...own });
  const clock = { now: MIDNIGHT - KNOWN_FOR_MS };
  const day = new Day(create(clock), clock, world);
  await day.makeDevicesKnown();
  await day.run(scenario.attack(world, randomFrom(seed + 1)));
  return day.result();
}

class Day {
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #world: World;
  readonly #agenda = new Agenda<() => Promise<void>>();
  readonly #people = Object.fromEntries(GROUPS.map((group) => [group, { logins: 0, out: 0, refused: 0 }])) as Record<
    Group,
    { -readonly [Name in keyof Outcome]: number }
  >;
  readonly #judged = new Map<string, number>();
  #tried = 0;

  constructor(policy: Policy, clock: Clock, world: World) {
    this.#policy = policy;
    this.#clock = clock;
    this.#world = world;
  }

  /** One login each, before the day. */
  async makeDevicesKnown(): Promise<void> {
    for (const { username, ip, jar, isKnown } of this.#world.devices) {
      if (!isKnown) continue;
      const answer = await this.#policy.login({ username, ip, jar, ...RIGHT });
      if (answer !== 'in') throw new Error(`${username} was ${answer} before anybody had guessed`);
    }
  }

  async run(attack: Iterable<Guess>): Promise<void> {
    for (const visit of this.#world.visits) this.#plan(visit.at, () => this.#begin(visit));
    for (const program of this.#world.programs) this.#plan(program.firstAt, () => this.#runProgram(program));
    let turnAt = TURN_EVERY_MS;
    for (const guess of attack) {
      await this.#runUntil(guess.at);
      this.#clock.now = MIDNIGHT + guess.at;
      await this.#guess(guess);
      if (guess.at < turnAt) continue;
      turnAt += TURN_EVERY_MS;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await this.#runUntil(DAY_MS);
  }

  result(): DayResult {
    const { usernames } = this.#world;
    const judged = [...this.#judged.values()];
    const mean = judged.reduce((sum, count) => sum + count, 0) / usernames.length;
    return {
      people: this.#people,
      guesses: { tried: this.#tried / usernames.length, mean, max: Math.max(0, ...judged) },
    };
  }

  #plan(at: number, what: () => Promise<void>): void {
    if (at < DAY_MS) this.#agenda.add(at, what);
  }

  #planIn(ms: number, what: () => Promise<void>): void {
    this.#plan(this.#clock.now - MIDNIGHT + ms, what);
  }

  async #runUntil(at: number): Promise<void> {
    while (this.#agenda.nextAt <= at) {
      this.#clock.now = MIDNIGHT + this.#agenda.nextAt;
      await this.#agenda.take()?.();
    }
  }

  async #guess({ username, ip, password, origin }: Guess): Promise<void> {
    const verify = () => {
      this.#judged.set(username, (this.#judged.get(username) ?? 0) + 1);
      return false;
    };
    this.#tried += 1;
    await this.#policy.login({ username, ip, password, origin, jar: NO_JAR, verify });
  }

  async #runProgram(program: Program): Promise<void> {
    const { username, ip } = program;
    await this.#policy.login({ username, ip, jar: NO_JAR, ...wrong('former', 'former') });
    this.#planIn(PROGRAM_EVERY_MS, () => this.#runProgram(program));
  }

  #begin(visit: Visit): Promise<void> {
    this.#people[visit.group].logins += 1;
    return this.#type(visit, 0);
  }

  async #type(visit: Visit, index: number): Promise<void> {
    const mistake = visit.mistakes[index];
    if (!mistake) return this.#typeRight(visit, 0);
    const { username, ip, jar } = visit;
    const answer = await this.#policy.login({ username, ip, jar, ...wrong(mistake.password, mistake.origin) });
    if (answer === 'refused') this.#wait(visit, 0);
    else this.#planIn(TYPING_MS, () => this.#type(visit, index + 1));
  }

  async #typeRight(visit: Visit, waits: number): Promise<void> {
    const { username, ip, jar, group } = visit;
    if ((await this.#policy.login({ username, ip, jar, ...RIGHT })) === 'in') return;
    this.#people[group].refused += 1;
    this.#wait(visit, waits);
  }

  #wait(visit: Visit, waits: number): void {
    const ms = PATIENCE_MS[waits];
    if (ms === undefined) this.#people[visit.group].out += 1;
    else this.#planIn(ms, () => this.#typeRight(visit, waits + 1));
  }
}

function wrong(password: string, origin: Origin) {
  return { password, origin, verify: () => false };
}
