/** Origins that browsers send, of pages and of applications. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';

describe('respondWith.corsOrigin', () => {
  for (const corsOrigin of [
    ...['*', 'https://app.example', 'http://localhost:5173', 'https://xn--bcher-kva.example', 'http://[::1]:8080'],
    ...['capacitor://localhost', 'chrome-extension://abcdef', 'null'],
  ]) {
    it(`may be ${corsOrigin}`, () => {
      expect(() => new Lockout({ respondWith: { corsOrigin } })).not.to.throw();
    });
  }
});
