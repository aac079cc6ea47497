import { expect } from 'chai';
import { detached } from '../../lib/util/detached.js';

describe('util/detached', () => {
  for (const text of [
    '',
    'alice',
    'alice@example.com',
    'Zoë Müller-Lüdenscheidt',
    '\ud83d\udd11 a key and a name',
    'half \ud800 of a pair',
  ]) {
    it(`leaves ${JSON.stringify(text)} as it is`, () => {
      expect(detached(text)).to.equal(text);
    });
  }
});
