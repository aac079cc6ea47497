/** Stores that are wrong about where failures came from, or about what a success takes back, for the contract to find. */
import { MapKeyValue } from '../../../examples/custom-store/key-value.js';
import { KeyValueStore } from '../../../examples/custom-store/key-value-store.js';
import { fromText, toText } from '../../../examples/custom-store/record.js';
import { type LockoutStore, type Marks, type Policy, policy, type Source } from '../../../lib/index.js';
import { byMarks, type Fault } from './kinds.js';

type State = policy.SubjectState;
type Change = { -readonly [Name in keyof State]?: State[Name] };

const DAY = 24 * 3_600_000;
const FOREVER = Number.POSITIVE_INFINITY;
const HOME: Source = { place: 'home', spelling: 'alice' };

const bySource = (change: (source: Source) => Partial<Source>) =>
  byMarks(({ source }) => ({ source: source && { ...source, ...change(source) } }));

/** The store with the policy changed by which a success is settled. */
const bySuccess = (change: (rules: Policy, marks: Marks) => Partial<Policy>): Fault => {
  return (store) => ({
    settle: (subject, rules, lease, verdict, marks = {}) =>
      store.settle(
        subject,
        verdict === 'success' ? { ...rules, ...change(rules, marks) } : rules,
        lease,
        verdict,
        marks,
      ),
  });
};

/** By what the store is given or answers. */
export const SOURCE_FAULTS: Readonly<Record<string, Fault>> = {
  'takes back failures from any place': bySource(() => ({ place: 'anywhere' })),
  'takes back failures under any spelling': bySource(() => ({ spelling: 'anyone' })),
  'takes back failures from any source': bySuccess(({ resetOnSuccess }) => ({
    resetOnSuccess: resetOnSuccess && 'all',
  })),
  'forgets the sources of failures': byMarks(() => ({})),
  'treats an unknown source as the empty place': byMarks(({ source }) => ({
    source: source ?? { place: '', spelling: 'alice' },
  })),
  'treats the empty place as an unknown source': byMarks(({ source }) => (source?.place === '' ? {} : { source })),
  'treats an unknown source as home': byMarks(({ source }) => ({ source: source ?? HOME })),
  'lets an unknown source take everything back': bySuccess(({ resetOnSuccess }, { source }) => ({
    resetOnSuccess: source ? resetOnSuccess : 'all',
  })),
  'mixes up places and spellings': bySource(({ place, spelling }) =>
    place < spelling ? {} : { place: spelling, spelling: place },
  ),
  'joins place and spelling': bySource(({ place, spelling }) => ({ place: '', spelling: place + spelling })),
  'does not distinguish capital letters in spellings': bySource(({ spelling }) => ({
    spelling: spelling.toLowerCase(),
  })),
  'reads places as field names': bySource(({ place }) => ({ place: place.replace(/^[$_].*/, '') })),
  'takes back any number': bySuccess(() => ({ maxTakenBack: FOREVER })),
  'takes back one too many': bySuccess(({ maxTakenBack }) => ({ maxTakenBack: maxTakenBack + 1 })),
  'takes back one too few': bySuccess(({ maxTakenBack }) => ({ maxTakenBack: maxTakenBack - 1 })),
  'takes back at most five under any policy': bySuccess(() => ({ maxTakenBack: 5 })),
  'does not forgive everything when it should': bySuccess(({ resetOnSuccess }) => ({
    resetOnSuccess: resetOnSuccess !== false,
  })),
  'takes back on a success although nothing is forgiven': bySuccess(() => ({ resetOnSuccess: true })),
  'takes back under a lock': (store) => ({
    settle: (subject, rules, lease, verdict, marks) => {
      const lock = verdict === 'success' ? store.read(subject.key)?.lock : null;
      if (!lock) return store.settle(subject, rules, lease, verdict, marks);
      store.block(subject, { forMs: 0, forgetAfterMs: DAY, reason: null, by: null });
      store.settle(subject, rules, lease, verdict, marks);
      const { remainingMs: forMs, reason } = lock;
      store.block(subject, { forMs, forgetAfterMs: DAY, reason, by: 'admin' });
      return store.settle(subject, rules, lease, verdict, marks);
    },
  }),
  'takes back regardless of attempts being verified': (store) => ({
    settle: (subject, rules, lease, verdict, marks) => {
      if (verdict !== 'success') return store.settle(subject, rules, lease, verdict, marks);
      return store.settle(subject, { ...rules, tiers: [{ failures: 1_000, cooloffMs: 0 }] }, lease, verdict, marks);
    },
  }),
  'takes back as often as a success is passed': (store) => ({
    settle: (subject, rules, lease, verdict, marks) =>
      store.settle(subject, rules, verdict === 'success' ? { ...lease, until: 0 } : lease, verdict, marks),
  }),
  'shows no places': (store) => ({
    read: (key) => {
      const record = store.read(key);
      return record && { ...record, places: 0 };
    },
  }),
  'shows with a lock that its failures came from one place': (store) => ({
    settle: (...args) => {
      const reply = store.settle(...args);
      return reply.lock ? { ...reply, lock: { ...reply.lock, places: 1 } } : reply;
    },
  }),
  'does not return what was taken back': (store) => ({
    read: (key) => {
      const record = store.read(key);
      return record && { ...record, takenBack: 0 };
    },
  }),
  'takes a slot for a call without an id': (store) => ({
    reserve: (subject, rules, id) => {
      const reply = store.reserve(subject, rules, id ?? 'looking');
      return id === null && reply.outcome === 'taken' ? { outcome: 'free' } : reply;
    },
  }),
  'is busy for a call without an id': (store) => ({
    reserve: (subject, rules, id) => {
      if (id !== null) return store.reserve(subject, rules, id);
      const verifying = store.read(subject.key)?.verifying ?? 0;
      return verifying > 0 ? { outcome: 'busy' } : store.reserve(subject, rules, id);
    },
  }),
  'returns no lock for a call without an id': (store) => ({
    reserve: (subject, rules, id) => (id === null ? { outcome: 'free' } : store.reserve(subject, rules, id)),
  }),
};

/** By what the store keeps: how the state that it should save differs from the one that it does. */
export type Alteration = (state: State, before: State, now: number) => Change;

const tookBack = (state: State, before: State) => state.failures < before.failures && state.failures > 0;

type Instants = State['takenBackAt'];
const hasTaken = (takenBackAt: Instants, before: State) => (takenBackAt.at(-1) ?? 0) > (before.takenBackAt.at(-1) ?? 0);
/** Those that were taken back just now, so much later. */
const later = (takenBackAt: Instants, before: State, ms: number) =>
  takenBackAt.filter((at) => !before.takenBackAt.includes(at)).map((at) => at + ms);

export const STATE_FAULTS: Readonly<Record<string, Alteration>> = {
  'starts the day again with each failure it takes back': ({ takenBackAt }, before, now) =>
    hasTaken(takenBackAt, before) ? { takenBackAt: takenBackAt.map(() => now) } : {},
  'counts the day from the first failure it takes back': ({ takenBackAt }, before) =>
    hasTaken(takenBackAt, before) ? { takenBackAt: takenBackAt.map(() => takenBackAt[0] ?? 0) } : {},
  'lets the day last too long': ({ takenBackAt }, before) =>
    hasTaken(takenBackAt, before) ? { takenBackAt: [...before.takenBackAt, ...later(takenBackAt, before, 1)] } : {},
  'lets the day end too soon': ({ takenBackAt }, before) =>
    hasTaken(takenBackAt, before) ? { takenBackAt: [...before.takenBackAt, ...later(takenBackAt, before, -1)] } : {},
  'remembers one of several failures taken back at once': ({ takenBackAt }) => ({
    takenBackAt: [...new Set(takenBackAt)],
  }),
  'forgets what it took back when there are no failures left': ({ failures }) =>
    failures === 0 ? { takenBackAt: [] } : {},
  'forgets what it took back when the failures are forgotten': ({ leases, failures }) =>
    leases.length > 0 && failures === 0 ? { takenBackAt: [] } : {},
  'keeps the dates of failures that it took back': (state, before) =>
    tookBack(state, before)
      ? { firstFailureAt: before.firstFailureAt, lastFailureAt: before.lastFailureAt, forgetAt: before.forgetAt }
      : {},
  'never moves forgetAt': (state, before) => (tookBack(state, before) ? { forgetAt: before.forgetAt } : {}),
  'counts forgetAfter from the success': (state, before, now) =>
    tookBack(state, before) ? { forgetAt: now + DAY } : {},
  'counts forgetAfter from the first failure that remains': (state, before) =>
    tookBack(state, before) ? { forgetAt: (state.firstFailureAt ?? 0) + DAY } : {},
  'counts a lock as quiet time': (state, before) =>
    tookBack(state, before) ? { forgetAt: Math.min(state.forgetAt, (state.lastFailureAt ?? 0) + DAY) } : {},
  'treats the last failure of a place as its first': ({ sources }) => ({
    sources: sources.map((source) => ({ ...source, firstAt: source.lastAt })),
  }),
  'distinguishes one source too few': ({ sources }) => ({
    sources: sources.filter(({ spelling }) => spelling !== '').length > 63 ? sources.slice(0, -1) : sources,
  }),
  'drops the oldest source for a new one': ({ sources }) => ({ sources: sources.slice(-64) }),
  'drops a place whose failures it took back in part': ({ sources, failures }, before) => ({
    sources: failures < before.failures && failures > 0 ? [] : sources,
  }),
  'keeps the sources of what is forgotten': ({ sources, failures }, before) =>
    failures === 0 || failures < before.failures ? { sources: before.sources } : { sources },
  'keeps what it took back of a subject that is reset': ({ leases, failures }, before) =>
    failures === 0 && leases.length === 0 && before.failures > 0 && before.takenBackAt.length > 0
      ? { takenBackAt: before.takenBackAt }
      : {},
  'counts no source under a lock': ({ lockedUntil, sources, lastFailureAt }, before, now) =>
    lockedUntil > now && lastFailureAt !== before.lastFailureAt ? { sources: before.sources } : { sources },
  'stores no spellings': () => ({ spellings: [] }),
  'keeps the spellings of a row that is forgotten': ({ spellings, consecutiveFailures }, before) =>
    consecutiveFailures < before.consecutiveFailures && consecutiveFailures > 0
      ? { spellings: before.spellings }
      : { spellings },
  'distinguishes one spelling too few': ({ spellings }) => ({
    spellings: spellings.filter(({ spelling }) => spelling !== '').length > 15 ? spellings.slice(0, -1) : spellings,
  }),
};

/** A store that saves something else than it should. */
export function alteringStore(alter: Alteration, clock: () => number = Date.now): LockoutStore {
  class Altering extends MapKeyValue {
    override async compareAndSet(key: string, version: number, text: string | undefined): Promise<boolean> {
      const found = await this.get(key);
      const saved = text ?? found?.text;
      if (saved === undefined) return super.compareAndSet(key, version, text);
      const { subject } = fromText(saved);
      const state = text === undefined ? policy.UNKNOWN_SUBJECT : fromText(text).state;
      const before = found ? fromText(found.text).state : state;
      const altered = { ...state, ...alter(state, before, clock()) };
      const isKept = policy.expiresAt(altered) > clock();
      return super.compareAndSet(key, version, isKept ? toText({ subject, state: altered }) : undefined);
    }
  }
  return new KeyValueStore(new Altering(), clock);
}
