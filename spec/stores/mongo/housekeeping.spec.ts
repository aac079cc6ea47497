/** Work that no login may depend on. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Housekeeping } from '../../../lib/stores/mongo/housekeeping.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('Housekeeping', () => {
  let now: number;

  beforeEach(() => {
    now = 1;
    sinon.stub(performance, 'now').callsFake(() => now);
  });
  afterEach(() => sinon.restore());

  function create(work: () => Promise<void>, patienceMs?: number) {
    const told: string[] = [];
    const housekeeping = new Housekeeping({
      work,
      toTrouble: (error) => ({ code: 'WARN_LOCKOUT_CHECK_INCOMPLETE', message: (error as Error).message }),
      tell: ({ message }) => told.push(message),
      ...(patienceMs !== undefined && { patienceMs }),
    });
    return { housekeeping, told };
  }

  for (const [outcome, work, againMs] of [
    ['was done, since somebody may have undone it,', () => Promise.resolve(), HOUR],
    ['failed', () => Promise.reject(new Error('no right')), MINUTE],
  ] as const) {
    it(`is due again ${againMs / MINUTE} min after it ${outcome} and no sooner`, async () => {
      const done = sinon.spy(work);
      const { housekeeping } = create(done);
      await housekeeping.tidy();
      now += againMs - 1;
      await housekeeping.tidy();
      expect(done.callCount).to.equal(1);
      now += 1;
      await housekeeping.tidy();
      expect(done.callCount).to.equal(2);
    });
  }

  it('is due at once if its work was found undone', async () => {
    const done = sinon.spy(() => Promise.resolve());
    const { housekeeping } = create(done);
    await housekeeping.tidy();
    housekeeping.makeDue();
    await housekeeping.tidy();
    expect(done.callCount).to.equal(2);
  });

  it('is awaited no longer than its patience, once for all waiting calls, and reports that it took longer', async () => {
    let finish: () => void = () => undefined;
    const { housekeeping, told } = create(() => new Promise((resolve) => (finish = resolve)), 1);
    await Promise.all([housekeeping.tidy(), housekeeping.tidy()]);
    await housekeeping.tidy();
    await housekeeping.again();
    await housekeeping.close();
    expect(told).to.deep.equal(['no answer yet']);
    expect(housekeeping.trouble?.message).to.equal('no answer yet');

    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(housekeeping.trouble).to.equal(undefined);
  });
});
