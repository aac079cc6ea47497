/** The attack that the button starts: guesses from made-up addresses go the way of every login, without a network in between. */
import { setInterval as every } from 'node:timers/promises';
import type { Lockout } from 'passport-lockout';
import { findUser } from '../users.js';

/** Ten thousand addresses guess once each; one more tries a single password for many names, as in a spray. */
export const ADDRESSES = 10_000;
const SPRAYER = '198.19.0.1';
const SPRAYED_NAMES = 20;
/** 500 guesses a second, in small batches, so that pages are answered meanwhile. */
const BATCH = 25;
const BATCH_EVERY_MS = 50;
/** One name of the spray after this many guesses of the others. */
const SPRAY_EVERY = 100;

export interface AttackProgress {
  readonly isRunning: boolean;
  readonly sent: number;
  /** Guesses whose password was checked. */
  readonly verified: number;
  readonly refused: number;
}

/** Both ranges are reserved for tests of networks (RFC 2544): nobody has these addresses. */
export const isBotnet = (address: string | undefined) => /^198\.1[89]\./.test(address ?? '');

export class Botnet {
  readonly #lockout: Lockout;
  readonly #attacks = new Map<string, AttackProgress>();
  readonly #stopped = new AbortController();

  constructor(lockout: Lockout) {
    this.#lockout = lockout;
  }

  progressOf(username: string): AttackProgress | undefined {
    return this.#attacks.get(username);
  }

  /** Does nothing while an attack on this account is running. */
  async attack(username: string): Promise<void> {
    if (this.progressOf(username)?.isRunning) return;
    this.#attacks.set(username, { isRunning: true, sent: 0, verified: 0, refused: 0 });
    try {
      await this.#guessAll(username);
    } finally {
      this.#add(username, { isRunning: false });
    }
    const { sent, verified, refused } = this.progressOf(username) as AttackProgress;
    console.log(`[attack] ${sent} guesses at ${username}: ${verified} verified, ${refused} refused`);
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #guessAll(username: string): Promise<void> {
    let next = 1;
    for await (const _ of every(BATCH_EVERY_MS)) {
      if (this.#stopped.signal.aborted || next > ADDRESSES) return;
      const batch = Array.from({ length: BATCH }, (_each, index) => this.#guess(username, next + index));
      if (next % SPRAY_EVERY === 1) batch.push(this.#spray(Math.floor(next / SPRAY_EVERY)));
      await Promise.all(batch);
      next += BATCH;
    }
  }

  async #guess(username: string, number: number): Promise<void> {
    const ip = `198.18.${number >> 8}.${number & 255}`;
    const guess = `guess ${number}`;
    const { outcome } = await this.#lockout.protect({ ip, username }, () => findUser(username, guess), { guess });
    const { sent, verified, refused } = this.progressOf(username) as AttackProgress;
    const isRefused = outcome === 'refused';
    this.#add(username, {
      sent: sent + 1,
      verified: verified + Number(!isRefused),
      refused: refused + Number(isRefused),
    });
  }

  async #spray(number: number): Promise<void> {
    if (number >= SPRAYED_NAMES) return;
    const [username, guess] = [`employee${number}`, 'Spring2026!'];
    await this.#lockout.protect({ ip: SPRAYER, username }, () => findUser(username, guess), { guess });
  }

  #add(username: string, news: Partial<AttackProgress>): void {
    this.#attacks.set(username, { ...(this.progressOf(username) as AttackProgress), ...news });
  }
}
