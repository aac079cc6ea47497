/** One soak of one store: workers under load, faults one after the other, and at the end the checker. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lockout } from '../../lib/index.js';
import { randomFrom } from '../../spec/support/tools/random.js';
import { type Checked, type CheckRules, check } from './check/check.js';
import { monotonicMs } from './journal.js';
import { Life } from './life.js';
import type { Evidence, Fault } from './records.js';
import { DRAIN_MS, OPTIONS, RULES } from './settings.js';
import { type Disturbance, SITES, type Site } from './sites.js';
import { openStore } from './stores.js';

export interface SoakSettings {
  readonly store: string;
  readonly seed: number;
  /** When it ends: after this time, or after this number of attempts, whichever comes first. */
  readonly minutes: number;
  readonly attempts: number;
  /** Attempts from one fault to the next. */
  readonly attemptsPerFault: number;
  readonly plant?: string | undefined;
  /** Whether the journals stay, for a look at what was found. */
  readonly keep?: boolean;
  readonly progress?: (text: string) => void;
}

export interface Soaked {
  readonly store: string;
  readonly description: string;
  /** Where the journals are, or were. */
  readonly folder: string;
  readonly seconds: number;
  readonly faults: readonly Fault[];
  /** One, or one for each life of a process whose store is its memory. */
  readonly checked: readonly Checked[];
}

const WORKERS = 3;
const CLIENTS = 6;
const POLL_MS = 20;
/** In memory nothing is asked twice; in Redis only what was not answered is; in MongoDB also what was changed for some records only. */
const READS_LATER: Readonly<Record<string, CheckRules['readsLater']>> = { memory: 'never', redis: 'ifDisturbed' };
const KILL = 'worker killed (SIGKILL)';
const PAUSE = 'worker stopped (SIGSTOP)';

export async function soak(settings: SoakSettings): Promise<Soaked> {
  const openSite = SITES[settings.store];
  if (!openSite) throw new Error(`expected one of the stores ${Object.keys(SITES).join(', ')}, got ${settings.store}`);
  const site = await openSite();
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const run = new Run(settings, site, folder);
  try {
    return await run.toEnd();
  } finally {
    await run.abandon();
    await site.close();
    if (!settings.keep) await rm(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #settings: SoakSettings;
  readonly #site: Site;
  readonly #folder: string;
  readonly #random: () => number;
  readonly #faults: Fault[] = [];
  /** All there were; the living are those of `#living`. */
  readonly #lives: Life[] = [];
  readonly #living: Life[] = [];
  #attempts = 0;
  #startedAt = 0;

  constructor(settings: SoakSettings, site: Site, folder: string) {
    this.#settings = settings;
    this.#site = site;
    this.#folder = folder;
    this.#random = randomFrom(settings.seed);
  }

  async toEnd(): Promise<Soaked> {
    const { store, minutes, attempts, attemptsPerFault, progress } = this.#settings;
    this.#startedAt = monotonicMs();
    const endsAt = this.#startedAt + minutes * 60_000;
    const isOver = () => monotonicMs() >= endsAt || this.#attempts >= attempts;
    const workers = this.#isMemory ? 1 : WORKERS;
    for (let index = 0; index < workers; index += 1) this.#living.push(this.#start());
    for (let next = attemptsPerFault; !isOver(); next = this.#attempts + attemptsPerFault) {
      await this.#until(() => this.#attempts >= next || isOver());
      if (isOver()) break;
      await this.#disturb();
      progress?.(`${store}: ${this.#attempts} attempts, ${this.#faults.length} faults`);
    }
    await this.#site.calm();
    for (const life of this.#living) await life.stop();
    const seconds = (monotonicMs() - this.#startedAt) / 1_000;
    progress?.(`${store}: checking ${this.#attempts} attempts`);
    const checked = (await this.#evidence()).map((evidence) =>
      check(evidence, { ...RULES, readsLater: READS_LATER[store] ?? 'always' }),
    );
    return { store, description: this.#site.description, folder: this.#folder, seconds, faults: this.#faults, checked };
  }

  /** Ends what an error left running. */
  async abandon(): Promise<void> {
    for (const life of this.#lives) if (!life.isOver) await life.kill();
  }

  get #isMemory(): boolean {
    return this.#site.address.kind === 'memory';
  }

  #start(): Life {
    const { seed, plant } = this.#settings;
    const worker = `w${this.#lives.length}`;
    const journal = join(this.#folder, `${worker}.jsonl`);
    const life = new Life(
      { worker, journal, store: this.#site.address, seed: seed * 100 + this.#lives.length, clients: CLIENTS, plant },
      (count) => {
        this.#attempts += count;
      },
    );
    this.#lives.push(life);
    return life;
  }

  async #until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      for (const life of this.#living) life.assertAlive();
      await later(POLL_MS);
    }
  }

  async #disturb(): Promise<void> {
    const { disturbances } = this.#site;
    // A kill and a pause are as frequent as each disturbance of the store.
    const kind = Math.floor(this.#random() * (disturbances.length + 2));
    const from = monotonicMs();
    const disturbance = disturbances[kind] ?? (kind === disturbances.length ? this.#kill() : this.#pause());
    await disturbance.begin();
    // Sometimes longer than a lease.
    await later(200 + this.#random() ** 2 * 5_000);
    await disturbance.end();
    this.#faults.push({ what: disturbance.what, from, to: monotonicMs() });
  }

  get #isSecondHalf(): boolean {
    return monotonicMs() - this.#startedAt > this.#settings.minutes * 30_000;
  }

  /** The first worker lives through, for the course of its heap; in memory there is only one. */
  #victim(): number {
    return this.#living.length === 1 ? 0 : 1 + Math.floor(this.#random() * (this.#living.length - 1));
  }

  #kill(): Disturbance {
    // The memory is gone with it: mostly it lives on, and from the middle to the end, for the course of its heap.
    if (this.#isMemory && (this.#isSecondHalf || this.#random() < 0.8)) return this.#pause();
    const index = this.#victim();
    const begin = () => (this.#living[index] as Life).kill();
    const end = () => {
      this.#living[index] = this.#start();
    };
    return { what: KILL, begin, end };
  }

  #pause(): Disturbance {
    const life = this.#living[Math.floor(this.#random() * this.#living.length)] as Life;
    return { what: PAUSE, begin: () => life.pause(), end: () => life.resume() };
  }

  async #evidence(): Promise<readonly Evidence[]> {
    const faults = this.#faults;
    if (this.#isMemory) {
      return this.#lives.map((life) => ({ journals: [life.read()], faults, ...(life.final && { final: life.final }) }));
    }
    await later(DRAIN_MS);
    const opened = await openStore(this.#site.direct);
    const lockout = new Lockout({ ...OPTIONS, store: opened.store, storeTimeout: { minutes: 1 } });
    try {
      return [{ journals: this.#lives.map((life) => life.read()), faults, final: await opened.final(lockout) }];
    } finally {
      await lockout.close();
      await opened.close();
    }
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
