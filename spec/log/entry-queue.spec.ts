/** The queue of the attempt log: its order, its bound, and who gives way. */
import { expect } from 'chai';
import { EntryQueue } from '../../lib/log/entry-queue.js';
import type { AttemptOutcome } from '../../lib/stores/attempt-log.js';
import { entryWith } from '../support/fixtures/attempt-entries.js';

const MAX_QUEUED = 10_000;
const MAX_REFUSED = 5_000;

describe('EntryQueue', () => {
  let queue: EntryQueue;
  let now: number;

  beforeEach(() => {
    queue = new EntryQueue();
    now = 0;
  });

  function add(outcome: AttemptOutcome, times = 1, count = 1): void {
    for (let time = 0; time < times; time += 1)
      queue.add(entryWith({ outcome, count, username: `${outcome} ${++now}` }), now);
  }

  const take = (count: number) => queue.take(count, now).map(({ entry }) => entry);

  it('returns entries in the order of arrival, with their age', () => {
    add('refused');
    add('failed', 2);
    add('refused');
    add('succeeded');
    expect(queue.take(4, now).map(({ entry, ageMs }) => [entry.username, ageMs])).to.deep.equal([
      ['refused 1', 4],
      ['failed 2', 3],
      ['failed 3', 2],
      ['refused 4', 1],
    ]);
    expect(take(4).map(({ username }) => username)).to.deep.equal(['succeeded 5']);
    expect(queue.length).to.equal(0);
  });

  it('X26 keeps room for other entries, however many refusals come', () => {
    add('refused', MAX_QUEUED);
    add('succeeded', MAX_QUEUED - MAX_REFUSED);
    expect(queue.takeLost()).to.equal(MAX_QUEUED - MAX_REFUSED);
    expect(take(MAX_QUEUED).filter(({ outcome }) => outcome === 'succeeded')).to.have.length(MAX_QUEUED - MAX_REFUSED);
  });

  for (const outcome of ['failed', 'succeeded', 'logout'] as const) {
    it(`X26 drops refusals in favour of ${outcome} entries when it is full`, () => {
      add('refused', MAX_REFUSED);
      add(outcome, MAX_QUEUED);
      expect(take(MAX_QUEUED).filter((entry) => entry.outcome === outcome)).to.have.length(MAX_QUEUED);
      expect(queue.takeLost()).to.equal(MAX_REFUSED);
    });
  }

  it('drops the newest entry when it is full of entries that are not refusals', () => {
    add('failed', MAX_QUEUED + 2);
    add('refused');
    expect(queue.length).to.equal(MAX_QUEUED);
    expect(queue.takeLost()).to.equal(3);
  });

  it('counts lost attempts by the number that an entry stands for, and reports them once', () => {
    add('failed', MAX_QUEUED);
    add('refused', 1, 2_990);
    expect([queue.takeLost(), queue.takeLost()]).to.deep.equal([2_990, 0]);
  });

  it('counts entries that are dropped as lost', () => {
    add('failed', 3);
    add('refused', 1, 10);
    queue.drop();
    expect([queue.length, queue.takeLost()]).to.deep.equal([0, 13]);
  });
});
