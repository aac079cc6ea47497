/** The option `knownDevices`: what it must be, its defaults, and what its functions may do. */
import { expect } from 'chai';
import { Duration } from 'luxon';
import * as z from 'zod/mini';
import { resolveKnownDevices } from '../../lib/devices/resolve.js';
import { knownDevices } from '../../lib/devices/schema.js';
import type { KnownDevicesInput } from '../../lib/devices/types.js';
import { LockoutConfigError } from '../../lib/errors.js';
import { validateOptions } from '../../lib/validation/validate.js';
import { DURATION } from '../options/bad-values/expected.js';

const schema = z.strictObject({ knownDevices: z.optional(knownDevices) }, 'an object of options');
const DAY_MS = 24 * 3_600_000;
const AGE = `${DURATION}, 1 to 400 days`;
const NAME = 'a name of 1 to 64 letters, digits and _ - . without a prefix such as __Host-, which is set where it fits';
const PATH = "a path without blanks and semicolons, such as '/' or '/app'";
const DOMAIN = "a domain such as 'example.com'";
const OBJECT = 'false, or an object { cookie, maxAge, read, write }';

function refusal(value: unknown): string {
  try {
    validateOptions(schema, { knownDevices: value }, 'options');
  } catch (error) {
    if (error instanceof LockoutConfigError) return error.message;
    throw error;
  }
  throw new Error('expected the option to be refused');
}

const cookie = (members: object) => ({ cookie: members });

describe('the option knownDevices', () => {
  for (const { value, at = '', expected, got } of [
    { value: true, expected: OBJECT, got: 'true (a boolean)' },
    { value: null, expected: OBJECT, got: 'null' },
    { value: '30d', expected: OBJECT, got: '"30d" (a string)' },
    { value: { maxAge: 365 }, at: '.maxAge', expected: AGE, got: '365 (a number)' },
    { value: { maxAge: '23h' }, at: '.maxAge', expected: AGE, got: '"23h" (a string)' },
    { value: { maxAge: { days: 401 } }, at: '.maxAge', expected: AGE, got: 'an object { days: 401 }' },
    { value: { maxAge: 'forever' }, at: '.maxAge', expected: AGE, got: '"forever" (a string)' },
    { value: { read: 'x-device' }, at: '.read', expected: 'a function of the request', got: '"x-device" (a string)' },
    {
      value: { write: true },
      at: '.write',
      expected: 'a function of the request and the value',
      got: 'true (a boolean)',
    },
    {
      value: cookie([]),
      at: '.cookie',
      expected: 'an object { name, secure, sameSite, path, domain }',
      got: 'an empty array',
    },
    { value: cookie({ name: '' }), at: '.cookie.name', expected: NAME, got: '"" (a string)' },
    { value: cookie({ name: 'a b' }), at: '.cookie.name', expected: NAME, got: '"a b" (a string)' },
    { value: cookie({ name: 'a=b' }), at: '.cookie.name', expected: NAME, got: '"a=b" (a string)' },
    { value: cookie({ name: '__Host-x' }), at: '.cookie.name', expected: NAME, got: '"__Host-x" (a string)' },
    { value: cookie({ name: '__secure-x' }), at: '.cookie.name', expected: NAME, got: '"__secure-x" (a string)' },
    { value: cookie({ name: 'x\n' }), at: '.cookie.name', expected: NAME, got: '"x\\n" (a string)' },
    { value: cookie({ secure: 'auto' }), at: '.cookie.secure', expected: 'true or false', got: '"auto" (a string)' },
    {
      value: cookie({ sameSite: 'Lax' }),
      at: '.cookie.sameSite',
      expected: "'lax', 'strict' or 'none'",
      got: '"Lax" (a string)',
    },
    {
      value: cookie({ sameSite: 'none', secure: false }),
      at: '.cookie.sameSite',
      expected: "'lax' or 'strict' beside secure: false: browsers refuse such a cookie",
      got: '"none" (a string)',
    },
    { value: cookie({ path: 'app' }), at: '.cookie.path', expected: PATH, got: '"app" (a string)' },
    { value: cookie({ path: '/; Secure' }), at: '.cookie.path', expected: PATH, got: '"/; Secure" (a string)' },
    { value: cookie({ path: '/\r\nX: y' }), at: '.cookie.path', expected: PATH, got: '"/\\r\\nX: y" (a string)' },
    {
      value: cookie({ domain: '.example.com' }),
      at: '.cookie.domain',
      expected: DOMAIN,
      got: '".example.com" (a string)',
    },
    {
      value: cookie({ domain: 'a.b; Secure' }),
      at: '.cookie.domain',
      expected: DOMAIN,
      got: '"a.b; Secure" (a string)',
    },
  ]) {
    it(`refuses options.knownDevices${at}: ${got}`, () => {
      expect(refusal(value)).to.equal(`options.knownDevices${at}: expected ${expected}, got ${got}`);
    });
  }

  it('names the member that was probably meant', () => {
    expect(refusal({ maxage: '30d' })).to.equal(
      'options.knownDevices.maxage: there is no such option; did you mean maxAge?',
    );
    expect(refusal({ cookie: { samesite: 'lax' } })).to.equal(
      'options.knownDevices.cookie.samesite: there is no such option; did you mean sameSite?',
    );
  });

  for (const maxAge of ['1d', '400d', { days: 365 }, Duration.fromObject({ weeks: 2 }), 'P1Y'] as const) {
    it(`takes ${JSON.stringify(maxAge)} for maxAge`, () => {
      expect(() => validateOptions(schema, { knownDevices: { maxAge } }, 'options')).not.to.throw();
    });
  }

  it('has a year and a cookie for this host alone by default, and is off with false', () => {
    const byDefault = {
      cookie: { name: 'lockout_device', secure: true, sameSite: 'lax', path: '/', domain: undefined },
      maxAgeMs: 365 * DAY_MS,
      read: undefined,
      write: undefined,
    };
    const inputs: readonly (KnownDevicesInput | undefined)[] = [undefined, {}, { cookie: {} }, { maxAge: '365d' }];
    for (const input of inputs) expect(resolveKnownDevices(input)).to.deep.equal(byDefault);
    expect(resolveKnownDevices(false)).to.equal(undefined);
  });

  it('refuses what read returns that is no text, and never shows it', () => {
    for (const [value, got] of [
      [5, 'a number'],
      [['x', 5], 'an array of 2'],
      [true, 'true (a boolean)'],
    ] as const) {
      const read = resolveKnownDevices({ read: () => value as never })?.read;
      expect(() => read?.({}))
        .to.throw(LockoutConfigError)
        .with.property('message')
        .that.matches(/^options\.knownDevices\.read: expected a function that returns a string, .*, got /)
        .and.satisfies((message: string) => message.endsWith(got));
    }
  });

  it('refuses a promise of read and of write: nobody would wait for it', () => {
    const resolved = resolveKnownDevices({ read: (async () => 'x') as never, write: async () => {} });
    for (const call of [() => resolved?.read?.({}), () => resolved?.write?.({}, 'x')]) {
      expect(call).to.throw(LockoutConfigError, /expected a synchronous function, got a promise/);
    }
  });
});
