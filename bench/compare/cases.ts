/** The logins that are compared. Names and addresses are made before any time is taken. */
import type { Credentials } from '../exchange.js';
import { RIGHT_PASSWORD } from '../login.js';
import { STRICT, UNREACHABLE } from './contender.js';

export interface Attempt extends Credentials {
  /** The statuses that are right answers. */
  readonly statuses: readonly number[];
}

export interface Case {
  readonly name: string;
  /**
   * `single`: all attempts are of one kind, so their median says something. `load`: a mixture, timed as a whole. `burst`:
   * `IN_PARALLEL` attempts at one name at once, timed as a whole.
   */
  readonly shape: 'single' | 'load' | 'burst';
  readonly nameLimit: number;
  /** What has happened lately, in this process and its store. */
  readonly before: readonly Attempt[];
  /** Returns further attempts; those of fresh subjects have never been made before. */
  next(count: number): readonly Attempt[];
}

/** How many clients log in at once under load, and how many requests a burst has. */
export const IN_PARALLEL = 32;

const GOOD = [200];
const FAILED = [401];
const REFUSED = [429];
/** Where guesses reach the limit, the last one let through is answered as the rest by some, and not by others. */
const GUESSED = [401, 429];
/** The answer of a burst of right passwords depends on whether the limiter tells them from guesses. */
const GOOD_OR_REFUSED = [200, 429];

const WRONG_PASSWORD = 'wrong';
/** More than is let through, so that the name is locked whatever a contender counts first. */
const TO_LOCK = 2 * STRICT;
const GUESSES_PER_NAME = 10;
const OFFICE = '192.0.2.1';

/** A counter that makes names and addresses. */
class Subjects {
  readonly #of: string;
  readonly #network: number;
  #made = 0;

  /** @param network - the first octet of the addresses; each kind of subject has its own */
  constructor(of: string, network: number) {
    this.#of = of;
    this.#network = network;
  }

  next(): { username: string; ip: string } {
    const index = this.#made;
    this.#made += 1;
    const ip = `${this.#network}.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
    return { username: `${this.#of}-${index}@example.org`, ip };
  }

  take(count: number): readonly { username: string; ip: string }[] {
    return Array.from({ length: count }, () => this.next());
  }
}

type Subject = ReturnType<Subjects['next']>;
const right = (subject: Subject, statuses = GOOD): Attempt => ({ ...subject, password: RIGHT_PASSWORD, statuses });
const wrong = (subject: Subject, statuses = FAILED): Attempt => ({ ...subject, password: WRONG_PASSWORD, statuses });
const repeat = <T>(times: number, make: () => readonly T[]): readonly T[] => Array.from({ length: times }, make).flat();

/** Returns one after the other, and begins again. */
function turnOver<T>(items: readonly T[]): () => T {
  let turn = 0;
  return () => {
    const item = items[turn % items.length] as T;
    turn += 1;
    return item;
  };
}

/** Attempts of the same clients in turn, each of which has made two before. */
function known(name: string, network: number, names: number, make: (subject: Subject) => Attempt): Case {
  const clients = new Subjects(`known-${network}`, network).take(names).map((subject) => make(subject));
  const inTurn = turnOver(clients);
  return {
    name,
    shape: 'single',
    nameLimit: UNREACHABLE,
    before: [...clients, ...clients],
    next: (count) => Array.from({ length: count }, inTurn),
  };
}

function fresh(
  name: string,
  network: number,
  make: (subject: Subject) => Attempt,
  before: readonly Attempt[] = [],
): Case {
  const subjects = new Subjects(`fresh-${network}`, network);
  return {
    name,
    shape: 'single',
    nameLimit: UNREACHABLE,
    before,
    next: (count) => subjects.take(count).map((subject) => make(subject)),
  };
}

/** Names that are locked, asked from addresses that are not. */
function refused(name: string, network: number, names: number): Case {
  const clients = new Subjects(`refused-${network}`, network).take(names);
  const inTurn = turnOver(clients.map((client) => wrong(client, REFUSED)));
  return {
    name,
    shape: 'single',
    nameLimit: STRICT,
    before: repeat(TO_LOCK, () => clients.map((client) => wrong(client, GUESSED))),
    next: (count) => Array.from({ length: count }, inTurn),
  };
}

/** What a site sees: nine of ten clients are known. Of `outOf` logins one is wrong. */
function load(name: string, network: number, names: number, outOf: number): Case {
  const clients = new Subjects(`known-${network}`, network).take(names);
  const subjects = new Subjects(`fresh-${network + 1}`, network + 1);
  const inTurn = turnOver(clients);
  return {
    name,
    shape: 'load',
    nameLimit: UNREACHABLE,
    before: clients.flatMap((client) => [right(client), right(client)]),
    next: (count) =>
      Array.from({ length: count }, (_, index) => {
        const subject = index % 10 === 9 ? subjects.next() : inTurn();
        return index % outOf === outOf - 1 ? wrong(subject) : right(subject);
      }),
  };
}

/** Ten guesses at each of ever new names; the limit lets three through. */
function guessing(network: number): Case {
  const subjects = new Subjects(`guessed-${network}`, network);
  return {
    name: 'all wrong',
    shape: 'load',
    nameLimit: STRICT,
    before: [],
    next: (count) => {
      const names = subjects.take(Math.ceil(count / GUESSES_PER_NAME));
      // Name by name in turn, so that those at work in parallel guess at different names.
      return repeat(GUESSES_PER_NAME, () => names.map((subject) => wrong(subject, GUESSED))).slice(0, count);
    },
  };
}

function burst(name: string, network: number, make: (subject: Subject) => Attempt): Case {
  const subjects = new Subjects(`burst-${network}`, network);
  return {
    name,
    shape: 'burst',
    nameLimit: STRICT,
    before: [],
    next: () => {
      const subject = subjects.next();
      return Array.from({ length: IN_PARALLEL }, () => make(subject));
    },
  };
}

/** Names by which bounds are promised. */
export const CASE = {
  goodKnown: 'good, known',
  goodFresh: 'good, fresh',
  goodFreshName: 'good, fresh name, known address',
  failedKnown: 'failed, known',
  failedFresh: 'failed, fresh',
  failedFreshName: 'failed, fresh name, known address',
  /** One name again and again, as guesses come: a lock that was seen may be remembered. */
  refused: 'refused',
  /** Many names in turn: a lock that was seen may be forgotten before its name comes again. */
  refusedInTurn: 'refused, names in turn',
} as const;

/**
 * Creates the cases anew, with nothing attempted yet.
 *
 * @param names - how many names are known, or locked
 */
export function createCases(names: number): readonly Case[] {
  const office = { username: 'colleague', ip: OFFICE };
  const fromOffice = ({ username }: Subject): Subject => ({ username, ip: OFFICE });
  return [
    known(CASE.goodKnown, 10, names, right),
    fresh(CASE.goodFresh, 11, right),
    fresh(CASE.goodFreshName, 12, (subject) => right(fromOffice(subject)), [right(office), right(office)]),
    known(CASE.failedKnown, 13, names, wrong),
    fresh(CASE.failedFresh, 14, wrong),
    fresh(CASE.failedFreshName, 15, (subject) => wrong(fromOffice(subject)), [wrong(office), wrong(office)]),
    refused(CASE.refused, 16, 1),
    refused(CASE.refusedInTurn, 17, names),
    load('all right', 20, names, Number.POSITIVE_INFINITY),
    load('mixed', 22, names, 5),
    guessing(24),
    burst(`burst of ${IN_PARALLEL}, wrong`, 25, (subject) => wrong(subject, GUESSED)),
    burst(`burst of ${IN_PARALLEL}, right`, 26, (subject) => right(subject, GOOD_OR_REFUSED)),
  ];
}
