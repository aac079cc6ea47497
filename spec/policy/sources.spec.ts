/** Each rule of "the same place" by itself. The store contract tests them together, on every store. */
import { expect } from 'chai';
import { settle } from '../../lib/policy/settle.js';
import {
  countSource,
  countSpelling,
  endRow,
  MAX_SOURCES,
  MAX_SPELLINGS,
  placesOf,
  takeBack,
  takenBackNow,
} from '../../lib/policy/sources.js';
import { currentState, expiresAt, mattersUntil, type Source, type SourceCount } from '../../lib/policy/state.js';
import { DAY, HOUR, NOON, policyWith, SECOND, stateWith } from './examples.js';
import { CAFE, count, failedFrom, HOME, UNKNOWN } from './sources.js';

const FOREVER = Number.POSITIVE_INFINITY;
const LATER = NOON + HOUR;

const places = (number: number): readonly SourceCount[] =>
  Array.from({ length: number }, (_, index) => count({ place: `place ${index}`, spelling: 'alice' }));
const spellings = (number: number) =>
  Array.from({ length: number }, (_, index) => ({ spelling: `alice ${index}`, failures: 1 }));

describe('The policy function', () => {
  const policy = policyWith({ tiers: [{ failures: 200, cooloffMs: HOUR }] });

  describe('countSource', () => {
    it('starts a count for a new source', () => {
      expect(countSource([count(HOME)], CAFE, LATER)).to.deep.equal([count(HOME), count(CAFE, 1, LATER)]);
    });

    it('raises the count of a known source, and keeps the time of its first failure', () => {
      expect(countSource([count(HOME, 2), count(CAFE)], HOME, LATER)).to.deep.equal([
        count(HOME, 3, NOON, LATER),
        count(CAFE),
      ]);
    });

    for (const [what, other] of [
      ['place', CAFE],
      ['spelling', { place: 'home', spelling: 'Alice' }],
    ] as const) {
      it(`distinguishes sources that differ only in their ${what}`, () => {
        expect(countSource([count(HOME)], other, NOON)).to.deep.equal([count(HOME), count(other)]);
      });
    }

    it('keeps one count for all unknown sources', () => {
      const once = countSource([], undefined, NOON);

      expect(countSource(once, undefined, LATER)).to.deep.equal([count(UNKNOWN, 2, NOON, LATER)]);
    });

    it(`distinguishes ${MAX_SOURCES} sources, not counting the unknown one`, () => {
      const sources = [...places(MAX_SOURCES - 1), count(UNKNOWN)];

      expect(countSource(sources, HOME, NOON)).to.deep.equal([...sources, count(HOME)]);
    });

    it('counts a further source as unknown', () => {
      const sources = countSource(places(MAX_SOURCES), HOME, NOON);

      expect(sources).to.deep.equal([...places(MAX_SOURCES), count(UNKNOWN)]);
      expect(countSource(sources, CAFE, LATER).at(-1)).to.deep.equal(count(UNKNOWN, 2, NOON, LATER));
    });

    it('continues to count a known source when the list is full', () => {
      const [first, ...others] = places(MAX_SOURCES);

      expect(countSource(places(MAX_SOURCES), first, LATER)).to.deep.equal([
        count(first as Source, 2, NOON, LATER),
        ...others,
      ]);
    });
  });

  describe('takeBack', () => {
    it('takes back the failures of the same place under the same spelling', () => {
      const state = failedFrom(count(HOME, 2), count(CAFE));

      const after = takeBack(state, policy, LATER, HOME);

      expect(after).to.deep.include({ failures: 1, takenBackAt: [LATER, LATER] });
      expect(after.sources).to.deep.equal([count(CAFE)]);
    });

    for (const [what, source] of [
      ['another place', CAFE],
      ['another spelling', { place: 'home', spelling: 'Alice' }],
    ] as const) {
      it(`changes nothing for ${what}`, () => {
        const state = failedFrom(count(HOME, 2), count(UNKNOWN));

        expect(takeBack(state, policy, LATER, source)).to.equal(state);
      });
    }

    it('leaves a clear record if no failure remains, except for what it took back', () => {
      const after = takeBack(failedFrom(count(HOME, 2)), policy, LATER, HOME);

      expect(after).to.deep.equal(stateWith({ takenBackAt: [LATER, LATER] }));
    });

    it('takes back no more than maxTakenBack within a day, if need be only some failures of a place', () => {
      const earlier = [LATER - DAY + 1, NOON, NOON];
      const state = { ...failedFrom(count(HOME, 4)), takenBackAt: earlier };

      const after = takeBack(state, policy, LATER, HOME);

      expect(after).to.deep.include({ failures: 2, takenBackAt: [...earlier, LATER, LATER] });
      expect(after.sources).to.deep.equal([count(HOME, 2)]);
      expect(takeBack(after, policy, LATER, HOME)).to.equal(after);
    });

    it('takes back as many again as were taken back a day ago', () => {
      const [aDayAgo, later] = [LATER - DAY, LATER - DAY + 1];
      const state = { ...failedFrom(count(HOME, 4)), takenBackAt: [aDayAgo, aDayAgo, aDayAgo, later, later] };

      const after = takeBack(state, policy, LATER, HOME);

      expect(after).to.deep.include({ failures: 1, takenBackAt: [later, later, LATER, LATER, LATER] });
    });

    it('takes back and counts nothing if the policy allows none', () => {
      const state = failedFrom(count(HOME, 4));

      expect(takeBack(state, { ...policy, maxTakenBack: 0 }, LATER, HOME)).to.equal(state);
    });

    it('takes back any number without counting if the policy has no bound', () => {
      const state = failedFrom(count(HOME, 40), count(CAFE));

      const after = takeBack(state, { ...policy, maxTakenBack: FOREVER }, LATER, HOME);

      expect(after).to.deep.include({ failures: 1, takenBackAt: [] });
    });

    const crowd = (number: number) =>
      Array.from({ length: number }, (_, index) => ({ id: `other ${index}`, until: FOREVER }));
    const UNDER_WAY = [
      { below: 'the next lock', failures: 4, leases: 4, takes: 2 },
      { below: 'the next lock, were it one less', failures: 4, leases: 5, takes: 0 },
      { below: 'a lock that was passed already', failures: 8, leases: 1, takes: 2 },
      { below: 'a lock that was passed already, were it one less', failures: 8, leases: 2, takes: 0 },
    ];
    for (const { below, failures, leases, takes } of UNDER_WAY) {
      it(`takes back ${takes} of 2 if ${leases} attempts are under way and fit below ${below}`, () => {
        const rules = policyWith({
          tiers: [
            { failures: 6, cooloffMs: HOUR },
            { failures: 7, cooloffMs: HOUR },
          ],
        });
        const state = { ...failedFrom(count(HOME, 2), count(CAFE, failures - 2)), leases: crowd(leases) };

        expect(takeBack(state, rules, LATER, HOME).failures).to.equal(failures - takes);
      });
    }
  });

  describe('countSpelling', () => {
    it('counts by spelling, wherever the failures come from', () => {
      const once = countSpelling([], HOME);

      expect(countSpelling(once, CAFE)).to.deep.equal([{ spelling: 'alice', failures: 2 }]);
      expect(countSpelling(once, { place: 'home', spelling: 'Alice' })).to.deep.equal([
        { spelling: 'alice', failures: 1 },
        { spelling: 'Alice', failures: 1 },
      ]);
    });

    it(`distinguishes ${MAX_SPELLINGS} spellings and counts further ones as unknown`, () => {
      const full = [...spellings(MAX_SPELLINGS - 1), { spelling: '', failures: 1 }];

      const sixteen = countSpelling(full, HOME);
      const seventeen = countSpelling(sixteen, { place: 'home', spelling: 'Alice' });

      expect(sixteen).to.deep.equal([...full, { spelling: 'alice', failures: 1 }]);
      expect(seventeen.find(({ spelling }) => spelling === '')).to.deep.equal({ spelling: '', failures: 2 });
      expect(countSpelling(seventeen, undefined).find(({ spelling }) => spelling === '')?.failures).to.equal(3);
    });

    it('has a row that ends with a success under its spelling, from any place, while the others continue', () => {
      const row = [
        { spelling: 'alice', failures: 2 },
        { spelling: 'Alice', failures: 1 },
      ];
      const state = stateWith({ consecutiveFailures: 3, consecutiveUntil: LATER, spellings: row });

      const after = endRow(state, { place: 'anywhere', spelling: 'alice' });

      expect(after).to.deep.include({ consecutiveFailures: 1, consecutiveUntil: LATER, spellings: row.slice(1) });
      expect(endRow(after, { place: 'anywhere', spelling: 'Alice' })).to.deep.equal(stateWith());
    });

    it('has a row that continues if the spelling is another or unknown', () => {
      const row = [
        { spelling: 'alice', failures: 2 },
        { spelling: '', failures: 1 },
      ];
      const state = stateWith({ consecutiveFailures: 3, consecutiveUntil: LATER, spellings: row });

      expect(endRow(state, { place: 'home', spelling: 'ALICE' })).to.equal(state);
      expect(endRow(state, undefined)).to.equal(state);
    });
  });

  describe('takenBackNow', () => {
    const state = stateWith({ takenBackAt: [NOON, NOON, LATER] });

    it('counts each failure taken back for a day', () => {
      const counts = [NOON + DAY - 1, NOON + DAY, LATER + DAY - 1, LATER + DAY].map((now) => takenBackNow(state, now));
      expect(counts).to.deep.equal([3, 1, 1, 0]);
    });

    it('keeps the record for its count, although nothing else is visible', () => {
      expect(expiresAt(state)).to.equal(LATER + DAY);
      expect(mattersUntil(state)).to.equal(0);
    });

    it('is not forgotten together with the failures', () => {
      const failing = { ...failedFrom(count(HOME)), takenBackAt: [LATER] };

      expect(currentState(failing, NOON + DAY)).to.deep.equal(stateWith({ takenBackAt: [LATER] }));
    });
  });

  describe('a spray', () => {
    const spraying = { ...policy, sprayNames: 10, maxTakenBack: FOREVER };
    const sprayed = (names: number) => ({ ...failedFrom(...places(names)), isSprayed: true });
    const first = { place: 'place 0', spelling: 'alice' };

    it('lasts while half of its names are left, and fades with one fewer', () => {
      expect(takeBack(sprayed(6), spraying, NOON, first).isSprayed).to.equal(true);
      expect(takeBack(sprayed(5), spraying, NOON, first).isSprayed).to.equal(false);
    });

    it('does not fade with a success that takes nothing back', () => {
      const state = sprayed(4);
      expect(takeBack(state, spraying, NOON, CAFE)).to.equal(state);
    });

    it('lasts where the policy does not look for it', () => {
      expect(takeBack(sprayed(2), { ...spraying, sprayNames: undefined }, NOON, first).isSprayed).to.equal(true);
    });

    it('is over with the last failure', () => {
      expect(takeBack(sprayed(1), spraying, NOON, first)).to.deep.equal(stateWith());
    });
  });

  describe('placesOf', () => {
    it('counts each place once, whatever the spellings, and no unknown source', () => {
      const sources = [count(HOME), count({ place: 'home', spelling: 'Alice' }), count(CAFE), count(UNKNOWN)];

      expect(placesOf(sources)).to.equal(2);
      expect(placesOf([count(UNKNOWN)])).to.equal(0);
      expect(placesOf([count({ place: '', spelling: 'alice' })])).to.equal(1);
      expect(placesOf([])).to.equal(0);
    });
  });

  it('settle takes nothing back on a success under a lock', () => {
    const lease = { id: 'mine', until: NOON + 30 * SECOND };
    const locked = { ...failedFrom(count(HOME, 2)), lockedUntil: LATER, leases: [lease] };

    const { state } = settle(locked, policy, NOON, lease, 'success', { source: HOME });

    expect(state).to.deep.equal({ ...locked, leases: [] });
  });
});
