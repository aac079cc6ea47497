/** What people, attackers and operators do: one turn of a client, chosen by chance that a seed repeats. */
import type { ActName } from './records.js';

export interface Login {
  readonly name: string;
  readonly ip: string;
  readonly right: boolean;
  /** Whether the browser sends the cookie that it was given at an earlier login, if it was. */
  readonly withCookie: boolean;
}

export type Turn =
  /** One after the other. */
  | { readonly kind: 'sequence'; readonly logins: readonly Login[] }
  /** All at once. */
  | { readonly kind: 'burst'; readonly logins: readonly Login[] }
  | {
      readonly kind: 'act';
      readonly what: ActName;
      readonly part: 'username' | 'ip';
      readonly value: string;
      readonly forMs?: number;
    };

/** Few enough that strangers, owners and operators meet at the same names, in all processes. */
const PEOPLE = 24;
const VICTIMS = 6;
const OFFICE = '192.0.2.10';
const ATTACKERS = ['203.0.113.7', '203.0.113.8', '198.51.100.9'];
const SPRAYER = '198.51.100.66';
const BUSY_PLACES = [OFFICE, SPRAYER, ...ATTACKERS];

export function nextTurn(random: () => number): Turn {
  const roll = random();
  const chosen = SHARES.find(({ upTo }) => roll < upTo) ?? SHARES[0];
  return (chosen as (typeof SHARES)[number]).make(random);
}

const pick = <T>(items: readonly T[], random: () => number) => items[Math.floor(random() * items.length)] as T;
const person = (random: () => number) => Math.floor(random() * PEOPLE);
const nameOf = (index: number) => `person-${index}`;
const victim = (random: () => number) => nameOf(Math.floor(random() * VICTIMS));
/** A third sit in the office, the others at home. */
const placeOf = (index: number) => (index % 3 === 0 ? OFFICE : `192.0.2.${100 + index}`);
const isLikely = (chance: number, random: () => number) => random() < chance;

function own(index: number, right: boolean, random: () => number): Login {
  return { name: nameOf(index), ip: placeOf(index), right, withCookie: isLikely(0.7, random) };
}

function stranger(name: string, ip: string, right = false): Login {
  return { name, ip, right, withCookie: false };
}

function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const SHARES: readonly { readonly upTo: number; readonly make: (random: () => number) => Turn }[] = [
  {
    // A good login.
    upTo: 0.3,
    make: (random) => ({ kind: 'sequence', logins: [own(person(random), true, random)] }),
  },
  {
    // One to three typing errors, then right.
    upTo: 0.5,
    make: (random) => {
      const who = person(random);
      const slips = 1 + Math.floor(random() * 3);
      return { kind: 'sequence', logins: times(slips + 1, (index) => own(who, index === slips, random)) };
    },
  },
  {
    // Guesses at one name from one address.
    upTo: 0.68,
    make: (random) => {
      const name = victim(random);
      const ip = pick(ATTACKERS, random);
      return { kind: 'sequence', logins: times(2 + Math.floor(random() * 4), () => stranger(name, ip)) };
    },
  },
  {
    // One password at many names.
    upTo: 0.78,
    make: (random) => ({
      kind: 'sequence',
      logins: times(6, () => stranger(nameOf(person(random)), SPRAYER)),
    }),
  },
  {
    // Wrong guesses at once, from one address or from several.
    upTo: 0.86,
    make: (random) => {
      const name = victim(random);
      const from = isLikely(0.5, random) ? [pick(ATTACKERS, random)] : ATTACKERS;
      return { kind: 'burst', logins: times(10, (index) => stranger(name, from[index % from.length] as string)) };
    },
  },
  {
    // A page that opens several connections, all with the right password.
    upTo: 0.92,
    make: (random) => {
      const login = own(person(random), true, random);
      return { kind: 'burst', logins: times(6, () => login) };
    },
  },
  {
    // The owner among strangers.
    upTo: 0.95,
    make: (random) => {
      const index = Math.floor(random() * VICTIMS);
      const ip = pick(ATTACKERS, random);
      const logins = times(8, (at) => (at % 4 === 0 ? own(index, true, random) : stranger(nameOf(index), ip)));
      return { kind: 'burst', logins };
    },
  },
  { upTo: 0.96, make: (random) => ({ kind: 'act', what: 'unblock', part: 'username', value: victim(random) }) },
  {
    upTo: 0.97,
    make: (random) => ({ kind: 'act', what: 'reset', part: 'username', value: nameOf(person(random)) }),
  },
  {
    upTo: 0.98,
    make: (random) => ({ kind: 'act', what: 'reset', part: 'ip', value: pick(BUSY_PLACES, random) }),
  },
  {
    upTo: 1,
    make: (random) => ({
      kind: 'act',
      what: 'block',
      part: 'username',
      // Of those who are not attacked, most are not locked yet.
      value: isLikely(0.5, random) ? victim(random) : nameOf(person(random)),
      forMs: 300 + Math.floor(random() * 900),
    }),
  },
];
