/** Stores that are wrong about repeats of a wrong guess, or about sprays, for the contract to find. */
import type { policy } from '../../../lib/index.js';
import { byMarks, byPolicy, bySettleReply, type Fault, type Faults, FOREVER } from './kinds.js';
import type { Alteration } from './sources.js';

type State = policy.SubjectState;

const DAY = 24 * 3_600_000;

const passed = ({ repeats }: State, before: State) => repeats !== null && repeats.count !== before.repeats?.count;
/** With the first repeat of a minute. */
const begins = ({ repeats }: State) => repeats?.count === 1;
const isGone = ({ failures }: State, before: State) => failures === 0 && before.failures > 0;
const placesOf = ({ sources }: State) =>
  new Set(sources.filter(({ spelling }) => spelling !== '').map(({ place }) => place)).size;

/** Takes a failure for a repeat where its guess is among those that it remembers by itself. */
const remembering = (remembers: (key: string, guess: string, isUnderLock: boolean) => boolean): Fault => {
  return (store) => ({
    settle: (subject, rules, lease, verdict, marks = {}) => {
      const isUnderLock = Boolean(store.read(subject.key)?.lock);
      const isKnown = verdict === 'failure' && marks.guess !== undefined;
      const isRepeat = (isKnown && remembers(subject.key, marks.guess ?? '', isUnderLock)) || marks.isRepeat;
      return store.settle(subject, rules, lease, verdict, { ...marks, isRepeat });
    },
  });
};

/** The last three of each subject, whatever happens to it. */
const forEver: Fault = (store, clock) => {
  const lists = new Map<string, readonly string[]>();
  const remembers = (key: string, guess: string, isUnderLock: boolean) => {
    const known = lists.get(key) ?? [];
    if (!isUnderLock && !known.includes(guess)) lists.set(key, [...known, guess].slice(-3));
    return known.includes(guess);
  };
  return remembering(remembers)(store, clock);
};

const ofAnySubject: Fault = (store, clock) => {
  const first = new Map<string, string>();
  const remembers = (key: string, guess: string) => {
    if (!first.has(guess)) first.set(guess, key);
    return first.get(guess) !== key;
  };
  return remembering(remembers)(store, clock);
};

const underLock: Fault = (store, clock) => {
  const guesses = new Set<string>();
  const remembers = (key: string, guess: string, isUnderLock: boolean) => {
    const isKnown = !isUnderLock && guesses.has(key + guess);
    if (isUnderLock) guesses.add(key + guess);
    return isKnown;
  };
  return remembering(remembers)(store, clock);
};

export const GUESS_FAULTS: Faults = {
  'counts every repeat': byMarks(({ source }) => ({ source })),
  'counts what is a repeat for another subject': byMarks(({ source, guess }) => ({ source, guess })),
  'never says that a failure was a repeat': bySettleReply(() => ({ isRepeat: false })),
  'says of every failure that it was a repeat': bySettleReply((_, [, , , verdict]) => ({
    isRepeat: verdict === 'failure',
  })),
  'distinguishes guesses by their first letter': byMarks(({ guess, ...marks }) => ({ ...marks, guess: guess?.[0] })),
  'reads guesses as field names': byMarks(({ guess, ...marks }) => ({
    ...marks,
    guess: guess?.replace(/^[$_].*/, ''),
  })),
  'takes no guess for a guess': byMarks(({ guess = 'a', ...marks }) => ({ ...marks, guess })),
  'remembers guesses for ever': forEver,
  'remembers guesses of any subject': ofAnySubject,
  'remembers guesses that come in under a lock': underLock,
  'lets a late repeat pass': (store) => ({
    settle: (subject, rules, lease, verdict, marks = {}) => {
      const mayPass = verdict === 'failure' && (marks.guess !== undefined || marks.isRepeat);
      return store.settle(subject, rules, mayPass ? { ...lease, until: FOREVER } : lease, verdict, marks);
    },
  }),
  'lets a repeat under a lock pass': (store) => ({
    settle: (subject, rules, lease, verdict, marks = {}) => {
      const passes = store.read(subject.key)?.lock && (marks.guess !== undefined || marks.isRepeat);
      if (!passes) return store.settle(subject, rules, lease, verdict, marks);
      return { ...store.settle(subject, rules, lease, 'release'), isRepeat: true };
    },
  }),

  'reports no spray': bySettleReply(() => ({ isSpray: false })),
  'reports a spray with each failure': bySettleReply((_, [{ key }, { sprayNames = FOREVER }], store) => ({
    isSpray: (store.read(key)?.places ?? 0) >= sprayNames,
  })),
  'reports a spray once for ever': (store) => {
    const reported = new Set<string>();
    return {
      settle: (subject, ...rest) => {
        const reply = store.settle(subject, ...rest);
        const isSpray = reply.isSpray && !reported.has(subject.key);
        if (isSpray) reported.add(subject.key);
        return { ...reply, isSpray };
      },
    };
  },
  'reports a spray one name too late': byPolicy(({ sprayNames }) => ({ sprayNames: sprayNames && sprayNames + 1 })),
  'reports a spray one name too early': byPolicy(({ sprayNames }) => ({ sprayNames: sprayNames && sprayNames - 1 })),
  'reports sprays whether or not it should': byPolicy(({ sprayNames = 4 }) => ({ sprayNames })),
  'takes spellings for names': byMarks(({ source, ...marks }) => ({
    ...marks,
    source: source && { ...source, place: `${source.place} ${source.spelling}` },
  })),
  'takes an unknown name for one': byMarks(({ source = { place: 'x', spelling: 'x' }, ...marks }) => ({
    ...marks,
    source,
  })),
  'reports a spray with a success': bySettleReply(
    ({ isSpray }, [{ key }, { sprayNames = FOREVER }, , verdict], store) => ({
      isSpray: isSpray || (verdict !== 'failure' && (store.read(key)?.places ?? 0) >= sprayNames - 1),
    }),
  ),
  'reports a spray with a repeat': bySettleReply(({ isSpray, isRepeat }) => ({ isSpray: isSpray || isRepeat })),
  'reports no spray with a lock': bySettleReply(({ isSpray, didLock }) => ({ isSpray: isSpray && !didLock })),
  'reports a spray under a lock': bySettleReply(({ isSpray, lock }, [, { sprayNames = FOREVER }]) => ({
    isSpray: isSpray || (lock?.places ?? 0) >= sprayNames,
  })),
  'lets a spray fade one name too late': (store) => ({
    settle: (subject, rules, lease, verdict, marks) => {
      const names = rules.sprayNames;
      const sprayNames = verdict === 'success' && names ? Math.floor(names / 2) * 2 - 2 : names;
      return store.settle(subject, { ...rules, sprayNames }, lease, verdict, marks);
    },
  }),
};

export const GUESS_STATE_FAULTS: Readonly<Record<string, Alteration>> = {
  'remembers a fourth guess': ({ guesses }, before) => {
    const isDropped = guesses.length === 3 && before.guesses[0] !== undefined && !guesses.includes(before.guesses[0]);
    return { guesses: isDropped ? [...before.guesses.slice(0, 1), ...guesses] : guesses };
  },
  'remembers two guesses': ({ guesses }) => ({ guesses: guesses.slice(-2) }),
  'remembers a repeated guess for longer': (state, before) => {
    const [first, ...others] = state.guesses;
    return passed(state, before) && first !== undefined ? { guesses: [...others, first] } : {};
  },
  'forgets the guesses with each success': ({ failures }, before) =>
    failures < before.failures ? { guesses: [] } : {},
  'forgets the guesses with a block': ({ cause }) => (cause === 'operator' ? { guesses: [] } : {}),
  'forgets the guess that locked': ({ lockedBy }, before) =>
    lockedBy !== before.lockedBy ? { guesses: before.guesses } : {},
  'lets any number of repeats pass': () => ({ repeats: null }),
  'lets one repeat too few pass': (state, before) =>
    passed(state, before) && begins(state) && state.repeats ? { repeats: { ...state.repeats, count: 2 } } : {},
  'lets one repeat too many pass': (state, before, now) =>
    passed(state, before) && begins(state) && before.repeats?.since !== now && state.repeats
      ? { repeats: { ...state.repeats, count: 0 } }
      : {},
  'lets ten repeats pass wherever they were found': ({ repeats }) =>
    repeats?.count === 10 ? { repeats: { ...repeats, count: 30 } } : {},
  'lets the minute of repeats last too long': (state, before) =>
    passed(state, before) && begins(state) && state.repeats
      ? { repeats: { ...state.repeats, since: state.repeats.since + 1 } }
      : {},
  'lets the minute of repeats end too soon': (state, before) =>
    passed(state, before) && begins(state) && state.repeats
      ? { repeats: { ...state.repeats, since: state.repeats.since - 1 } }
      : {},
  'begins the minute anew with each repeat': ({ repeats }, _, now) => ({
    repeats: repeats && { ...repeats, since: now },
  }),
  'grants new repeats when the failures are gone': (state, before) => (isGone(state, before) ? { repeats: null } : {}),
  'keeps the repeats of a subject that is reset': ({ repeats }, before) => ({ repeats: repeats ?? before.repeats }),
  'counts repeats for the hard stop': (state, before) =>
    passed(state, before) && state.consecutiveFailures > 0
      ? { consecutiveFailures: state.consecutiveFailures + 1 }
      : {},
  'remembers failures for longer because of a repeat': (state, before, now) =>
    passed(state, before) && state.failures > 0 ? { lastFailureAt: now, forgetAt: now + DAY } : {},

  'never lets a spray fade': ({ isSprayed, failures }, before) => ({
    isSprayed: failures > 0 && (isSprayed || before.isSprayed),
  }),
  'lets a spray fade with each success': ({ failures }, before) =>
    failures < before.failures ? { isSprayed: false } : {},
  'lets a spray fade at half its names': (state, before) =>
    state.failures < before.failures && placesOf(state) <= 3 ? { isSprayed: false } : {},
  'lets a spray fade with a lock': ({ lockedUntil }, _, now) => (lockedUntil > now ? { isSprayed: false } : {}),
};
