/** How long an address pauses at a name where its attempts end without a verdict. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Pacing } from '../../../lib/attempt/waiting/pacing.js';

const [ALICE, BOB] = ['username=alice', 'username=bob'];
const [HERE, THERE] = ['203.0.113.9', '198.51.100.1'];

describe('Pacing', () => {
  let timers: sinon.SinonFakeTimers;
  let pacing: Pacing;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['performance'] });
    pacing = new Pacing();
  });
  afterEach(() => timers.restore());

  /** Ends an attempt without a verdict, and waits until the next may begin. */
  function pauseAfterOne(address: string | undefined = HERE): number {
    pacing.slowDown(ALICE, address);
    const pause = pacing.freeAt(ALICE, address) - performance.now();
    timers.tick(pause);
    return pause;
  }

  it('X25 imposes pauses of 50 ms, doubled up to a second', () => {
    const pauses = Array.from({ length: 8 }, () => pauseAfterOne());
    expect(pauses).to.deep.equal([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('X25 imposes one pause for attempts that end together', () => {
    for (let attempt = 0; attempt < 100; attempt += 1) pacing.slowDown(ALICE, HERE);
    expect(pacing.freeAt(ALICE, HERE) - performance.now()).to.equal(50);
  });

  it('X25 stops with a verdict, and begins again with 50 ms', () => {
    pauseAfterOne();
    pacing.slowDown(ALICE, HERE);
    pacing.clear(ALICE, HERE);
    expect(pacing.freeAt(ALICE, HERE)).to.equal(0);
    expect(pauseAfterOne()).to.equal(50);
  });

  it('X25 concerns this address at this name only', () => {
    pacing.slowDown(ALICE, HERE);
    expect([pacing.freeAt(ALICE, THERE), pacing.freeAt(BOB, HERE), pacing.freeAt(ALICE, undefined)]).to.deep.equal([
      0, 0, 0,
    ]);
  });

  it('X25 treats all attempts without an address as those of one address', () => {
    expect([pauseAfterOne(undefined), pauseAfterOne(undefined)]).to.deep.equal([50, 100]);
  });

  it('X25 costs nothing if every attempt is judged', () => {
    pacing.clear(ALICE, HERE);
    expect(pacing.isIdle).to.equal(true);
    pacing.slowDown(ALICE, HERE);
    pacing.clear(ALICE, HERE);
    expect(pacing.isIdle).to.equal(true);
  });

  describe('after an attempt that took long', () => {
    const [LONG, NEXT] = [{}, {}];
    const isFree = (key: string, address: string) => pacing.freeAt(key, address) <= performance.now();

    beforeEach(() => pacing.oneAtATime(ALICE, HERE, LONG));

    it('X25 admits one attempt at a time from its address at this name', () => {
      expect([isFree(ALICE, HERE), isFree(ALICE, THERE), isFree(BOB, HERE)]).to.deep.equal([false, true, true]);
      pacing.leave(ALICE, HERE, LONG);
      expect(isFree(ALICE, HERE)).to.equal(true);
      pacing.enter(ALICE, HERE, NEXT);
      expect(isFree(ALICE, HERE)).to.equal(false);
      pacing.leave(ALICE, HERE, NEXT);
      expect(isFree(ALICE, HERE)).to.equal(true);
    });

    it('X25 waits for all that were already under way', () => {
      pacing.oneAtATime(ALICE, HERE, NEXT);
      pacing.leave(ALICE, HERE, LONG);
      expect(isFree(ALICE, HERE)).to.equal(false);
      pacing.leave(ALICE, HERE, NEXT);
      expect(isFree(ALICE, HERE)).to.equal(true);
    });

    it('X25 imposes a pause after that attempt, too, if it was not judged', () => {
      pacing.leave(ALICE, HERE, LONG);
      expect(pauseAfterOne()).to.equal(50);
      pacing.enter(ALICE, HERE, NEXT);
      expect(isFree(ALICE, HERE), 'still one at a time').to.equal(false);
    });

    it('X25 stops with a verdict', () => {
      pacing.clear(ALICE, HERE);
      pacing.enter(ALICE, HERE, NEXT);
      expect(isFree(ALICE, HERE)).to.equal(true);
      expect(pacing.isIdle).to.equal(true);
    });
  });
});
