/** The server's time as seen by one process: it never runs backwards for consecutive events. */
import { expect } from 'chai';
import fc from 'fast-check';
import sinon from 'sinon';
import { ServerClock } from '../../../lib/stores/mongo/server-clock.js';

const NOON = Date.UTC(2026, 0, 1, 12);

describe('ServerClock', () => {
  let monotonic: number;
  let clock: ServerClock;

  beforeEach(() => {
    monotonic = 1_000;
    sinon.stub(performance, 'now').callsFake(() => monotonic);
    clock = new ServerClock(undefined);
  });
  afterEach(() => {
    sinon.restore();
  });

  /** An answer that took so long; the server read its time somewhere on the way. */
  const answer = (serverTime: number, tookMs: number) => {
    const askedAt = monotonic;
    monotonic += tookMs;
    clock.learn(new Date(serverTime), askedAt);
  };

  it('assumes that the way there takes as long as the way back', () => {
    answer(NOON, 100);
    expect(clock.now()).to.equal(NOON + 50);
    monotonic += 1_000;
    expect(clock.now()).to.equal(NOON + 1_050);
    expect(clock.at(monotonic - 500)).to.equal(NOON + 550);
  });

  it('does not move for an answer that its own slowness explains', () => {
    answer(NOON, 0);
    // 300 ms later by the server, of which 400 ms were on the way: it was asked anywhere between.
    answer(NOON + 300, 400);
    expect(clock.now()).to.equal(NOON + 400);
  });

  it('follows a server whose time has changed', () => {
    answer(NOON, 0);
    answer(NOON + 60_000, 10);
    expect(clock.now()).to.equal(NOON + 60_005);
  });

  it('stands still until a server that was set back has caught up', () => {
    answer(NOON, 0);
    answer(NOON - 1_000, 0);
    expect(clock.now()).to.equal(NOON);
    monotonic += 999;
    expect(clock.now()).to.equal(NOON);
    monotonic += 2;
    expect(clock.now()).to.equal(NOON + 1);
  });

  it('dates what happened before a change by the time that held then', () => {
    answer(NOON, 0);
    const before = monotonic;
    monotonic += 500;
    answer(NOON + 60_000, 0);
    expect(clock.at(before)).to.equal(NOON);
  });

  it('gives a moment the same time whenever it is asked', () => {
    answer(NOON, 0);
    const before = monotonic;
    for (const offset of [-300, -200, 100, -100]) {
      monotonic += 10;
      answer(NOON + monotonic + offset, 0);
      expect(clock.at(before)).to.equal(NOON);
    }
  });

  it('never runs backwards, whatever the server answers and however long it takes', () => {
    const answers = fc.array(fc.record({ offset: fc.integer({ min: -500, max: 500 }), tookMs: fc.nat(200) }));
    fc.assert(
      fc.property(answers, (given) => {
        clock = new ServerClock(undefined);
        answer(NOON + monotonic, 0);
        let last = clock.now();
        for (const { offset, tookMs } of given) {
          const recordedAt = monotonic;
          answer(NOON + monotonic + offset, tookMs);
          const [recorded, now] = [clock.at(recordedAt), clock.now()];
          expect(recorded).to.be.at.least(last);
          expect(now).to.be.at.least(recorded);
          last = now;
        }
      }),
    );
  });

  it('dates a moment before the first answer by that answer', () => {
    const asked = clock.moment();
    monotonic += 500;
    answer(NOON, 0);
    expect(asked(0)).to.equal(NOON - 500);
  });

  it('dates what came before a change by what held then, even if a later moment has been asked for', () => {
    answer(NOON, 0);
    monotonic += 1_000;
    answer(NOON + 61_000, 0);
    expect(clock.moment()(400)).to.equal(NOON + 600);
  });

  it('dates a moment by the given clock as that was then', () => {
    let now = NOON;
    const asked = new ServerClock(() => now).moment();
    now += 500;
    expect(asked(0)).to.equal(NOON);
  });

  it('uses the clock that it was given', () => {
    expect(new ServerClock(() => NOON).at(5)).to.equal(NOON);
    expect(new ServerClock(() => NOON).now()).to.equal(NOON);
  });
});
