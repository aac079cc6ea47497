import { expect } from 'chai';
import { Duration } from 'luxon';
import { isDurationObject, parseDuration, toLuxon, toRetryAfterSeconds } from '../../lib/util/durations.js';
import { DAY, HOUR, MINUTE, SECOND } from '../policy/examples.js';

describe('Durations:', () => {
  describe('parseDuration', () => {
    const DURATIONS = [
      { input: Duration.fromObject({ minutes: 15 }), ms: 15 * MINUTE },
      { input: Duration.fromMillis(0), ms: 0 },
      { input: { minutes: 15 }, ms: 15 * MINUTE },
      { input: { minute: 15 }, ms: 15 * MINUTE },
      { input: { hours: 1, minutes: 30 }, ms: 90 * MINUTE },
      { input: { hours: '2' }, ms: 2 * HOUR },
      { input: { seconds: -1 }, ms: -SECOND },
      { input: 'PT15M', ms: 15 * MINUTE },
      { input: { milliseconds: 1.6 }, ms: 2 },
      { input: { milliseconds: 0.4 }, ms: 0 },
      { input: 'P1D', ms: DAY },
      { input: 'P1W', ms: 7 * DAY },
      { input: 'P1M', ms: 30 * DAY },
      { input: 'P1Y', ms: 365 * DAY },
      { input: '90s', ms: 90 * SECOND },
      { input: '15m', ms: 15 * MINUTE },
      { input: '1.5h', ms: 90 * MINUTE },
      { input: '0m', ms: 0 },
      { input: '1d', ms: DAY },
      { input: '1w', ms: 7 * DAY },
      { input: 'forever', ms: Number.POSITIVE_INFINITY },
    ];
    for (const { input, ms } of DURATIONS) {
      it(`returns ${ms} ms for ${JSON.stringify(input)}`, () => {
        expect(parseDuration(input)).to.equal(ms);
      });
    }

    const NONE = [
      { title: 'undefined', input: undefined },
      { title: 'null', input: null },
      { title: 'a number, whose unit would be a guess', input: 900 },
      { title: 'true', input: true },
      { title: 'an empty string', input: '' },
      { title: 'a string that is not ISO 8601', input: '15 minutes' },
      { title: 'a unit that is written out', input: '15min' },
      { title: 'milliseconds, which look like minutes', input: '15ms' },
      { title: 'a capital unit, which may be months', input: '15M' },
      { title: 'a short duration with a blank', input: '15 m' },
      { title: 'a negative short duration', input: '-15m' },
      { title: 'a short duration in powers of ten', input: '1e3m' },
      { title: 'two short durations', input: '1h30m' },
      { title: 'a clock time', input: '00:15' },
      { title: 'Forever with a capital', input: 'Forever' },
      { title: 'an empty object', input: {} },
      { title: 'an unknown unit', input: { fortnights: 1 } },
      { title: 'a unit that is not a number', input: { minutes: 'many' } },
      { title: 'a unit that is NaN', input: { minutes: Number.NaN } },
      { title: 'an infinite unit', input: { minutes: Number.POSITIVE_INFINITY } },
      { title: 'an array', input: [15] },
      { title: 'a date', input: new Date(0) },
      { title: 'a function', input: () => 15 },
      { title: 'an invalid luxon Duration', input: Duration.invalid('on purpose') },
    ];
    for (const { title, input } of NONE) {
      it(`rejects ${title}`, () => {
        expect(parseDuration(input)).to.equal(undefined);
      });
    }
  });

  it('toLuxon returns milliseconds as a luxon Duration', () => {
    expect(toLuxon(90 * SECOND)?.toISO()).to.equal('PT90S');
  });

  it('toLuxon returns null for "until reset"', () => {
    expect(toLuxon(Number.POSITIVE_INFINITY)).to.equal(null);
  });

  const RETRY_AFTER = [
    { ms: -5 * SECOND, seconds: 1 },
    { ms: 0, seconds: 1 },
    { ms: 1, seconds: 1 },
    { ms: 999, seconds: 1 },
    { ms: 1_000, seconds: 1 },
    { ms: 1_001, seconds: 2 },
    { ms: 15 * MINUTE - 1, seconds: 900 },
    { ms: 15 * MINUTE, seconds: 900 },
    { ms: 3_650 * DAY, seconds: 315_360_000 },
  ];
  for (const { ms, seconds } of RETRY_AFTER) {
    it(`F14 toRetryAfterSeconds returns ${seconds} for ${ms} ms left`, () => {
      expect(toRetryAfterSeconds(ms)).to.equal(seconds);
    });
  }

  it('F14 toRetryAfterSeconds returns null for a lock until reset', () => {
    expect(toRetryAfterSeconds(Number.POSITIVE_INFINITY)).to.equal(null);
  });

  describe('isDurationObject', () => {
    const OBJECTS = [
      { title: 'the object form', input: { minutes: 1 }, is: true },
      { title: 'a luxon Duration', input: Duration.fromMillis(1), is: true },
      { title: 'an invalid luxon Duration', input: Duration.invalid('on purpose'), is: true },
      { title: 'an invalid duration, so that the message is about that', input: { minutes: -1 }, is: true },
      { title: 'a table of a dimension that is called as a unit', input: { hours: '1h' }, is: false },
      { title: 'a table with a number, which is a mistake in it', input: { username: 900 }, is: false },
      { title: 'an empty object', input: {}, is: false },
      { title: 'a table by dimension', input: { username: { minutes: 1 } }, is: false },
      { title: 'a table for a dimension named like a unit', input: { hours: { minutes: 1 } }, is: false },
    ];
    for (const { title, input, is } of OBJECTS) {
      it(`returns ${is} for ${title}`, () => {
        expect(isDurationObject(input)).to.equal(is);
      });
    }
  });
});
