/** Who makes the failures: counts by address, network and name over entries of the attempt log. Pure. */
import type { AttemptEntry } from '../../../stores/attempt-log.js';
import { toNetwork } from '../../core/networks.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import type { TopAddress, TopLists, TopName, TopNetwork } from './snapshot.js';

const MOST = 8;

type Field = 'ip' | 'username';

/** The attempts of one address, network or name. */
interface Tally {
  readonly value: string;
  failures: number;
  succeeded: number;
  /** Addresses of a name, and names of an address or network, in its failures. */
  readonly others: Set<string>;
  readonly addresses: Set<string>;
}

/** The lists before it is known which of their subjects are locked. */
export interface Tallies extends Omit<TopLists, 'addresses' | 'names'> {
  readonly addresses: readonly Omit<TopAddress, 'isLocked'>[];
  readonly names: readonly Omit<TopName, 'isLocked'>[];
  /** Keys of the names that logged in. */
  readonly knownNames: ReadonlySet<string>;
}

/**
 * @param entries - newest first; all of them say whose name logged in
 * @param since - the lists are of entries from this instant on, so that an attack is not lost in a quiet day before it
 * @param keyOf - returns the key of a subject from its parts as stores keep them
 */
export function tallyUp(
  entries: readonly AttemptEntry[],
  since: number,
  keyOf: (parts: Readonly<Record<string, string>>) => string,
): Tallies {
  const [addresses, networks, names] = [new Map(), new Map(), new Map()] as const satisfies readonly Map<
    string,
    Tally
  >[];
  const networkOf = memoized(toNetwork);
  const knownNames = new Set<string>();
  const recent = entries.filter(({ at }) => at >= since);
  let failures = 0;
  for (const { username, outcome } of entries) {
    if (outcome === 'succeeded' && username !== null) knownNames.add(username);
  }
  for (const { ip, username, count, outcome } of recent) {
    if (outcome === 'logout') continue;
    const isFailure = outcome !== 'succeeded';
    if (isFailure) failures += count;
    if (ip !== null) add(tallyOf(addresses, ip), isFailure, count, username, ip);
    if (username !== null) add(tallyOf(names, username), isFailure, count, ip, ip);
    const network = ip === null ? undefined : networkOf(ip);
    if (network !== undefined) add(tallyOf(networks, network), isFailure, count, username, ip);
  }
  const subject = (field: Field, value: string): SubjectRef => {
    const parts = { [field]: value };
    return { key: keyOf(parts), dimension: field, parts };
  };
  return {
    entries: recent.length,
    since: recent.at(-1)?.at ?? null,
    failures,
    distinctNames: failedIn(names).length,
    distinctAddresses: failedIn(addresses).length,
    addresses: mostOf(addresses).map(({ value, failures, succeeded, others }) => ({
      subject: subject('ip', value),
      failures,
      succeeded,
      names: others.size,
    })),
    networks: mostOf(networks).map(
      ({ value, failures, others, addresses }): TopNetwork => ({
        network: value,
        failures,
        addresses: addresses.size,
        names: others.size,
      }),
    ),
    names: mostOf(names).map(({ value, failures, succeeded, others }) => ({
      subject: subject('username', value),
      failures,
      succeeded,
      addresses: others.size,
    })),
    knownNames: new Set([...knownNames].map((username) => keyOf({ username }))),
  };
}

function tallyOf(tallies: Map<string, Tally>, value: string): Tally {
  const known = tallies.get(value);
  if (known) return known;
  const tally: Tally = { value, failures: 0, succeeded: 0, others: new Set(), addresses: new Set() };
  tallies.set(value, tally);
  return tally;
}

/** @param other - null if the merged refusals of an entry differ in it */
function add(tally: Tally, isFailure: boolean, count: number, other: string | null, ip: string | null): void {
  if (!isFailure) {
    tally.succeeded += count;
    return;
  }
  tally.failures += count;
  if (other !== null) tally.others.add(other);
  if (ip !== null) tally.addresses.add(ip);
}

function failedIn(tallies: ReadonlyMap<string, Tally>): readonly Tally[] {
  return [...tallies.values()].filter(({ failures }) => failures > 0);
}

/** Of equal ones, by value, so that rows do not change places from one second to the next. */
function mostOf(tallies: ReadonlyMap<string, Tally>): readonly Tally[] {
  return failedIn(tallies)
    .toSorted((a, b) => b.failures - a.failures || (a.value < b.value ? -1 : 1))
    .slice(0, MOST);
}

function memoized<T>(convert: (value: string) => T): (value: string) => T {
  const known = new Map<string, T>();
  return (value) => {
    if (!known.has(value)) known.set(value, convert(value));
    return known.get(value) as T;
  };
}
