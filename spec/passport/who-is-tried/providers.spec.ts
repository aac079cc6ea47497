/** A provider has judged already, so no name is tried. */
import { expect } from 'chai';
import type { StrategyOptions } from '../../../lib/index.js';
import * as shapes from '../../support/fixtures/credential-shapes.js';
import { guess, open, range, warnings } from '../../support/sites/shape-site.js';

describe('The name tried at a provider', () => {
  for (const shape of shapes.VOUCHED) {
    it(`X13 is none: an account that the application refuses is not counted (${shape.name})`, async () => {
      const site = open(shape, {}, () => false);
      const ends = range(20).map(() => site.login({ ip: '203.0.113.9' }));

      expect(new Set(ends)).to.deep.equal(new Set(['fail']));
      expect(site.judged).to.have.length(20);
      expect((await site.lockout.list({ locked: false })).items.filter(({ failures }) => failures > 0)).to.deep.equal(
        [],
      );
      expect(warnings(site)).to.deep.equal([]);
    });
  }

  it('X13 may be counted by the options if an application wants that', async () => {
    const [shape] = shapes.VOUCHED as [shapes.Shape];
    const options: StrategyOptions = {
      username: ({ args }) => args[0],
      isFailure: ({ called }) => called === 'fail',
    };
    const site = open(shape, options, () => false);

    expect(guess(site, () => ({}))).to.equal(3);
  });
});
