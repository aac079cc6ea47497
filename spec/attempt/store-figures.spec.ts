/** How well the store answers, as the admin pages say it. */
import { expect } from 'chai';
import sinon from 'sinon';
import { GuardedStore } from '../../lib/attempt/guarded-store.js';
import { StoreFigures } from '../../lib/attempt/store-figures.js';
import { SlowStore } from '../support/stores/slow-store.js';

describe('StoreFigures', () => {
  let figures: StoreFigures;

  beforeEach(() => {
    sinon.useFakeTimers({ toFake: ['performance'] });
    figures = new StoreFigures();
  });
  afterEach(() => sinon.restore());

  it('has no percentile without calls', () => {
    expect(figures.p95Ms).to.equal(null);
  });

  it('returns the time within which 95 of 100 calls were answered', () => {
    for (let ms = 100; ms >= 1; ms -= 1) figures.onAnswer(ms);
    expect(figures.p95Ms).to.equal(95);
  });

  it('returns that of the latest 512 calls', () => {
    for (let call = 0; call < 512; call += 1) figures.onAnswer(900);
    for (let call = 0; call < 512; call += 1) figures.onAnswer(2);
    expect(figures.p95Ms).to.equal(2);
  });

  it('counts the errors of the last hour', () => {
    figures.onError();
    sinon.clock.tick(30 * 60_000);
    figures.onError();
    expect(figures.errorsLastHour).to.equal(2);
    sinon.clock.tick(30 * 60_000);
    expect(figures.errorsLastHour).to.equal(1);
    sinon.clock.tick(10 * 3_600_000);
    expect(figures.errorsLastHour).to.equal(0);
  });
});

describe('The figures of GuardedStore', () => {
  it('are of what logins wait for, and of every failure', async () => {
    const store = new SlowStore();
    const guarded = new GuardedStore(store, 60_000, () => {});
    await guarded.call('list', async () => []);
    expect(guarded.figures.p95Ms).to.equal(null);
    await guarded.call('reserve', async () => ({}));
    expect(guarded.figures.p95Ms).to.be.a('number');
    await guarded.call('read', () => Promise.reject(new Error('x')));
    expect(guarded.figures.errorsLastHour).to.equal(1);
  });
});
