/** `npm run soak` in short: clean on each store, and each fault that is put in on purpose is found. */
import { expect } from 'chai';
import { PLANTS } from '../../../bench/soak/plants.js';
import { type Soaked, type SoakSettings, soak } from '../../../bench/soak/run.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';

/** Ends by the number of attempts, however long they take. */
const SHORT: Omit<SoakSettings, 'store'> = {
  seed: 7,
  minutes: Number.POSITIVE_INFINITY,
  attempts: 2_500,
  attemptsPerFault: 400,
};
/** For a fault to be found, nothing else must go wrong. */
const UNDISTURBED = { ...SHORT, attemptsPerFault: Number.POSITIVE_INFINITY };

const violationsOf = ({ checked }: Soaked) => checked.flatMap(({ violations }) => violations);

describe('a short soak', () => {
  for (const store of ['memory', 'redis']) {
    it(`on ${store} finds nothing`, async () => {
      const soaked = await soak({ ...SHORT, store });

      expect(violationsOf(soaked)).to.deep.equal([]);
      expect(soaked.faults).not.to.have.length(0);
    });
  }

  describeMongo('on MongoDB', () => {
    it('finds nothing', async () => {
      const soaked = await soak({ ...SHORT, store: 'mongo' });

      expect(violationsOf(soaked)).to.deep.equal([]);
      expect(soaked.faults).not.to.have.length(0);
    });
  });

  for (const [plant, { what, finds }] of Object.entries(PLANTS)) {
    it(`finds that ${what}`, async () => {
      const soaked = await soak({ ...UNDISTURBED, store: 'redis', plant });

      expect(violationsOf(soaked).map(({ rule }) => rule)).to.include.oneOf([...finds]);
    });
  }
});
