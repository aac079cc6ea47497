import { expect } from 'chai';
import { type Obstacle, worseOf } from '../../lib/attempt/obstacle.js';

describe('worseOf', () => {
  const locked = { outcome: 'locked' } as Obstacle;
  const failed = { outcome: 'failed' } as Obstacle;
  const busy = { outcome: 'busy' } as Obstacle;

  for (const [worse, other] of [
    [locked, failed],
    [failed, busy],
    [locked, busy],
    [busy, undefined],
  ] as const) {
    it(`returns '${worse.outcome}' rather than '${other?.outcome ?? 'nothing'}', in either order`, () => {
      expect([worseOf(worse, other), worseOf(other, worse)]).to.deep.equal([worse, worse]);
    });
  }

  it('returns undefined when nothing keeps the attempt from going on', () => {
    expect(worseOf(undefined, undefined)).to.equal(undefined);
  });
});
