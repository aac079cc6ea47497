import { expect } from 'chai';
import { detached } from '../../lib/util/detached.js';

describe('detached', () => {
  for (const text of [
    '',
    'alice',
    'alice@example.com',
    'Zoë Müller-Lüdenscheidt',
    '\ud83d\udd11 a key and a name',
    'half \ud800 of a pair',
  ]) {
    it(`leaves ${JSON.stringify(text)} unchanged`, () => {
      expect(detached(text)).to.equal(text);
    });
  }
});
