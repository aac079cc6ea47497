/** The attempt log in memory. */
import { expect } from 'chai';
import { AttemptRing } from '../../../lib/stores/memory/memory-attempt-log.js';
import { MINUTE, NOON, SECOND } from '../../policy/examples.js';
import { entryWith, pending, queryWith, usernames } from '../../support/fixtures/attempt-entries.js';

describe('AttemptRing', () => {
  let now: number;
  let ring: AttemptRing;

  beforeEach(() => {
    now = NOON;
    ring = new AttemptRing(4, () => now);
  });

  function append(...names: readonly string[]): void {
    for (const username of names) {
      ring.append([pending({ username })], MINUTE);
      now += SECOND;
    }
  }

  const found = (filter: Parameters<typeof queryWith>[0] = {}) => usernames(ring.query(queryWith(filter)));

  it('is empty at first', () => {
    expect(ring.query(queryWith())).to.deep.equal([]);
  });

  it('returns an entry as it was, with its id and its time', () => {
    const entry = entryWith({ outcome: 'refused', reason: 'locked', dimension: 'username', tier: 1 });
    ring.append([{ entry, ageMs: 300 }], MINUTE);

    expect(ring.query(queryWith())).to.deep.equal([{ ...entry, id: '00000000000', at: NOON - 300 }]);
  });

  it('returns the newest first, even if entries were written late', () => {
    ring.append([pending({ username: 'second' }, 100), pending({ username: 'third' })], MINUTE);
    ring.append([pending({ username: 'first' }, 500)], MINUTE);

    expect(found()).to.deep.equal(['third', 'second', 'first']);
  });

  it('orders entries of the same millisecond by the order of writing', () => {
    ring.append(
      ['a', 'b', 'c'].map((username) => pending({ username })),
      MINUTE,
    );

    expect(found()).to.deep.equal(['c', 'b', 'a']);
  });

  it('keeps the newest entries, up to its bound', () => {
    append('a', 'b', 'c', 'd', 'e', 'f');

    expect(found()).to.deep.equal(['f', 'e', 'd', 'c']);
  });

  it('keeps one entry if the bound is one', () => {
    ring = new AttemptRing(1, () => now);
    append('a', 'b');

    expect(found()).to.deep.equal(['b']);
  });

  it('hides entries older than their retention, to the millisecond', () => {
    ring.append([pending({ username: 'short' })], SECOND);
    ring.append([pending({ username: 'long' })], MINUTE);

    now += SECOND - 1;
    expect(found()).to.deep.equal(['long', 'short']);
    now += 1;
    expect(found()).to.deep.equal(['long']);
  });

  it('counts the retention from the attempt, not from its writing', () => {
    ring.append([pending({}, 400)], SECOND);

    now += 600;
    expect(found()).to.deep.equal([]);
  });

  describe('filtered', () => {
    beforeEach(() => {
      ring.append([pending({ username: 'alice', ip: '192.0.2.1' })], MINUTE);
      now += SECOND;
      ring.append([pending({ username: 'bob', ip: '192.0.2.1', outcome: 'succeeded' })], MINUTE);
      now += SECOND;
      ring.append([pending({ username: 'carol', ip: null, outcome: 'refused' })], MINUTE);
    });

    for (const { filter, names } of [
      { filter: { outcome: 'failed' }, names: ['alice'] },
      { filter: { outcome: 'logout' }, names: [] },
      { filter: { username: 'bob' }, names: ['bob'] },
      { filter: { username: 'Bob' }, names: [] },
      { filter: { ip: '192.0.2.1' }, names: ['bob', 'alice'] },
      { filter: { ip: '192.0.2.1', username: 'alice' }, names: ['alice'] },
      { filter: { ip: '192.0.2.1', outcome: 'refused' }, names: [] },
      { filter: { since: NOON + SECOND }, names: ['carol', 'bob'] },
      { filter: { until: NOON + SECOND }, names: ['alice'] },
      { filter: { since: NOON + SECOND, until: NOON + 2 * SECOND }, names: ['bob'] },
      { filter: { limit: 2 }, names: ['carol', 'bob'] },
    ] as const) {
      it(`by ${JSON.stringify(filter)} returns [${names.join(', ')}]`, () => {
        expect(found(filter)).to.deep.equal(names);
      });
    }
  });

  it('continues after an entry, within its millisecond and before it', () => {
    ring.append([pending({ username: 'oldest' }, 100)], MINUTE);
    ring.append([pending({ username: 'older' }), pending({ username: 'newest' })], MINUTE);
    const [newest] = ring.query(queryWith({ limit: 1 }));
    const [older] = ring.query(queryWith({ limit: 1, after: newest }));

    expect(usernames([newest, older] as never)).to.deep.equal(['newest', 'older']);
    expect(found({ after: older })).to.deep.equal(['oldest']);
  });
});
