import { expect } from 'chai';
import { type Obstacle, worseOf } from '../../lib/attempt/obstacle.js';

describe('attempt/obstacle', () => {
  const locked = { outcome: 'locked' } as Obstacle;
  const failed = { outcome: 'failed' } as Obstacle;
  const busy = { outcome: 'busy' } as Obstacle;

  for (const [worse, other] of [
    [locked, failed],
    [failed, busy],
    [locked, busy],
    [busy, undefined],
  ] as const) {
    it(`tells '${worse.outcome}' rather than '${other?.outcome ?? 'nothing'}', whichever comes first`, () => {
      expect([worseOf(worse, other), worseOf(other, worse)]).to.deep.equal([worse, worse]);
    });
  }

  it('tells nothing where nothing keeps the attempt from going on', () => {
    expect(worseOf(undefined, undefined)).to.equal(undefined);
  });
});
