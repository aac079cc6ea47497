import { expect } from 'chai';
import fc from 'fast-check';
import { parsePageCursor, toPageCursor } from '../../lib/stores/page-cursor.js';

describe('A cursor by the last record of a page', () => {
  const end = fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY));

  it('names the place again, whatever the key and the end of the lock', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), end, (key, lockedUntil) => {
        const position = { key, lockedUntil: lockedUntil + 0 };
        expect(parsePageCursor(toPageCursor(position, 'lockedUntil'), 'lockedUntil')).to.deep.equal(position);
        expect(parsePageCursor(toPageCursor(position, 'key'), 'key').key).to.equal(key);
      }),
    );
  });

  const STRANGE = ['', 'a', 'key', 'key:', 'lockedUntil:', 'lockedUntil:1', 'lockedUntil:1:', 'username=alice'];
  const ENDS = ['', ' 1', '01', '-1', '1e3', '0x1', 'NaN', '-Infinity', 'soon'].map((text) => `lockedUntil:${text}:a`);
  for (const cursor of [...STRANGE, ...ENDS]) {
    it(`is not ${JSON.stringify(cursor)}`, () => {
      for (const order of ['key', 'lockedUntil'] as const) {
        expect(() => parsePageCursor(cursor, order)).to.throw('query.cursor: expected the cursor of the previous page');
      }
    });
  }

  it('is refused under another order', () => {
    const position = { key: 'username=alice', lockedUntil: 1 };
    expect(() => parsePageCursor(toPageCursor(position, 'key'), 'lockedUntil')).to.throw('under the same order');
    expect(() => parsePageCursor(toPageCursor(position, 'lockedUntil'), 'key')).to.throw('under the same order');
  });
});
