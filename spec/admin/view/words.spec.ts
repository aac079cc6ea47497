/** Numbers, shares and times in words. */
import { expect } from 'chai';
import { countOf, relativeText, shareText, spanText, utcText } from '../../../lib/admin/view/words.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('words of the admin pages', () => {
  for (const [ms, text] of [
    [-5, '0 s'],
    [1, '1 s'],
    [42 * SECOND, '42 s'],
    [MINUTE, '1 m'],
    [90 * SECOND, '1 m 30 s'],
    [14 * MINUTE + 1, '15 m'],
    [59 * MINUTE + 59 * SECOND, '1 h'],
    [108 * MINUTE, '1 h 48 m'],
    [HOUR + 59 * MINUTE + 1, '2 h'],
    [23 * HOUR + 59 * MINUTE + 1, '1 d'],
    [DAY, '1 d'],
    [3 * DAY + 4 * HOUR, '3 d 4 h'],
    [DAY + 23 * HOUR + 1, '2 d'],
  ] as const) {
    it(`writes ${ms} ms as ${text}, so that no lock seems to end before it does`, () => {
      expect(spanText(ms)).to.equal(text);
    });
  }

  for (const [ago, text] of [
    [0, 'just now'],
    [-3 * SECOND, 'just now'],
    [42 * SECOND, '42 s ago'],
    [5 * MINUTE + 59 * SECOND, '5 m ago'],
    [47 * HOUR, '1 d ago'],
    [-2 * HOUR, 'in 2 h'],
  ] as const) {
    it(`writes an instant ${ago} ms before now as ${text}`, () => {
      expect(relativeText(10 * DAY - ago, 10 * DAY)).to.equal(text);
    });
  }

  for (const [part, whole, text] of [
    [0, 0, '0%'],
    [0, 9, '0%'],
    [1, 1000, '<1%'],
    [1, 2, '50%'],
    [999, 1000, '>99%'],
    [9, 9, '100%'],
  ] as const) {
    it(`writes ${part} of ${whole} as ${text}`, () => {
      expect(shareText(part, whole)).to.equal(text);
    });
  }

  it('counts one thing and many with their nouns', () => {
    expect([countOf(1, 'user'), countOf(1284, 'user'), countOf(2, 'address', 'addresses')]).to.deep.equal([
      '1 user',
      '1,284 users',
      '2 addresses',
    ]);
  });

  it('writes an instant in UTC, and says so', () => {
    expect(utcText(Date.UTC(2026, 10, 26, 14, 3, 22))).to.equal('2026-11-26 14:03:22 UTC');
  });
});
