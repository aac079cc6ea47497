import { expect } from 'chai';
import { Duration } from 'luxon';
import { Strategy as LocalStrategy } from 'passport-local';
import * as everybodysZod from 'zod';
import * as z from 'zod/mini';
import { LockoutConfigError } from '../../lib/errors.js';
import { Lockout } from '../../lib/lockout.js';
import { describeValue } from '../../lib/validation/describe-value.js';
import { validateOptions } from '../../lib/validation/validate.js';

describe('validateOptions', () => {
  afterEach(() => everybodysZod.config(everybodysZod.locales.en()));

  it('returns valid options', () => {
    expect(validateOptions(z.strictObject({ size: z.number() }), { size: 5 }, 'options')).to.deep.equal({ size: 5 });
  });

  it('names the options by their label', () => {
    const schema = z.strictObject({ size: z.number('a number') });
    expect(() => validateOptions(schema, { size: 'x' }, 'RedisStore options'))
      .to.throw(LockoutConfigError)
      .with.property('message', 'RedisStore options.size: expected a number, got "x" (a string)');
  });

  it('says it in English, whatever language the application has set for its own use of zod', () => {
    everybodysZod.config(everybodysZod.locales.de());
    expect(() => validateOptions(z.strictObject({ size: z.number() }), { size: true, more: 1 }, 'options'))
      .to.throw(LockoutConfigError)
      .with.property(
        'message',
        [
          'options.size: expected a value of the type number, got true (a boolean)',
          'options.more: there is no such option; known options are size',
        ].join('\n'),
      );
  });

  const WITHOUT_TEXT = [
    { schema: z.number(), expected: 'a value of the type number' },
    { schema: z.literal('x'), expected: 'another value' },
  ];
  for (const { schema, expected } of WITHOUT_TEXT) {
    it(`says that ${expected} is expected if the schema has no text for it`, () => {
      expect(() => validateOptions(z.strictObject({ size: schema }), { size: true }, 'options'))
        .to.throw(LockoutConfigError)
        .with.property('message', `options.size: expected ${expected}, got true (a boolean)`);
    });
  }

  it('suggests nothing if no option is known', () => {
    expect(() => validateOptions(z.strictObject({}), { size: 5 }, 'options'))
      .to.throw(LockoutConfigError)
      .with.property('message', 'options.size: there is no such option; known options are none');
  });

  it('X41 names a thousand unknown members in a few short lines', () => {
    const sent = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`${index}\n${'x'.repeat(1_000)}`, index]),
    );
    expect(() => validateOptions(z.strictObject({}), sent, 'query'))
      .to.throw(LockoutConfigError)
      .with.property('message')
      .that.satisfies((message: string) => message.length < 2_000 && message.split('\n').length === 11);
  });

  it('X41 does not repeat a username', () => {
    const schema = z.strictObject({ username: z.string('a string') });
    expect(() => validateOptions(schema, { username: 5_551_234 }, 'query'))
      .to.throw(LockoutConfigError)
      .with.property('message', 'query.username: expected a string, got a number');
  });

  class Client {
    readonly host = 'db';
  }
  const VALUES = [
    { value: 'text', shown: '"text" (a string)' },
    { value: 'two\nlines', shown: '"two\\nlines" (a string)' },
    { value: 'x'.repeat(100), shown: `"${'x'.repeat(59)}... (a string)` },
    { value: 'mongodb://app:pass/word@db/app', shown: '"mongodb://***@db/app" (a string)' },
    { value: 'redis://:p@ss@db', shown: '"redis://***@db" (a string)' },
    { value: `redis://:${'p'.repeat(100)}@db`, shown: '"redis://***@db" (a string)' },
    { value: 'https://example.com/@home', shown: '"https://***@home" (a string)' },
    { value: 5, shown: '5 (a number)' },
    { value: -0.5, shown: '-0.5 (a number)' },
    { value: 5n, shown: '5 (a bigint)' },
    { value: false, shown: 'false (a boolean)' },
    { value: null, shown: 'null' },
    { value: undefined, shown: 'undefined' },
    { value: [], shown: 'an empty array' },
    { value: ['hunter2'], shown: 'an array of 1' },
    { value: function named() {}, shown: 'a function named named' },
    { value: Client, shown: 'the class Client; an instance is made with new' },
    { value: LocalStrategy, shown: 'the class Strategy; an instance is made with new' },
    { value: async () => {}, shown: 'a function named value' },
    { value: { minutes: 0 }, shown: 'an object { minutes: 0 }' },
    { value: { hours: -1, minutes: Number.NaN }, shown: 'an object { hours: -1, minutes: NaN }' },
    { value: { minutes: 'hunter2' }, shown: 'an object with minutes' },
    { value: { minutes: 5, pin: 1234 }, shown: 'an object with minutes, pin' },
    { value: (() => () => {})(), shown: 'a function without a name' },
    { value: Symbol('hunter2'), shown: 'a symbol' },
    { value: new Date(0), shown: '1970-01-01T00:00:00.000Z' },
    { value: new Date(Number.NaN), shown: 'an invalid Date' },
    { value: Duration.fromObject({ minutes: 15 }), shown: 'a luxon Duration of PT15M' },
    { value: Duration.invalid('on purpose'), shown: 'an invalid luxon Duration' },
    { value: {}, shown: 'an empty object' },
    { value: Object.create(null), shown: 'an empty object' },
    { value: { password: 'hunter2', user: 'app' }, shown: 'an object with password, user' },
    { value: new Client(), shown: 'an object with host' },
    { value: new Lockout(), shown: 'a Lockout' },
    { value: { 'two\nlines': 1, '\u202e': 2 }, shown: 'an object with "two\\nlines", "\\u202e"' },
    { value: new Proxy({}, { ownKeys: () => [{}] as never }), shown: 'an object that cannot be read' },
    { value: Object.defineProperty(() => {}, 'name', { value: 5 }), shown: 'a function without a name' },
    { value: '\u009b\u2028', shown: '"\\u009b\\u2028" (a string)' },
    { value: { ['k'.repeat(100)]: 1 }, shown: `an object with ${'k'.repeat(45)}...` },
  ];
  for (const { value, shown } of VALUES) {
    it(`shows a value as ${shown}`, () => {
      expect(describeValue(value)).to.equal(shown);
    });
  }
});
