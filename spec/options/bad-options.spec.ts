import { expect } from 'chai';
import { Duration } from 'luxon';
import sinon from 'sinon';
import { LockoutConfigError } from '../../lib/errors.js';
import { resolveOptions } from '../../lib/options/resolve.js';
import type { LockoutOptions } from '../../lib/options/types.js';
import { MemoryStore } from '../../lib/stores/memory/memory-store.js';
import { SlowStore } from '../support/stores/slow-store.js';

interface BadValue {
  readonly value: unknown;
  /** Below the option, e.g. `[0].failures`. */
  readonly at?: string;
  readonly expected: string;
  readonly got: string;
}

const STORE =
  'a store: an object with the methods reserve, settle, read, list, block, clear, erase, sweep, lift, close';
const DIMENSION = "'ip', 'username', 'userAgent', a function with a name of its own, or a list of them without repeats";
const DURATION = "a luxon Duration, its object form such as { minutes: 15 }, or an ISO 8601 string such as 'PT15M'";
const COOLOFF = `${DURATION}, over 0, or 'forever'`;
const FAILURES = 'a whole number from 1 to 1,000,000';
const STATUS = 'an HTTP status from 400 to 599';
const BITS = 'a whole number of bits from 32 to 128';
const NETWORK = 'an IP address or a CIDR range such as 10.0.0.0/8 or 2001:db8::/32';
const LIST = 'an object { ips, usernames, when }';
const NOBODY_LISTED = 'at least one of ips, usernames and when: an empty list would refuse everybody';
const RESPOND = 'an object { page, redirectTo, corsOrigin }';
const TEXTS = 'an object { locked, lockedForever, storeUnavailable, title, timeLeft }';
const LOCALE = "a locale such as 'de' or 'pt-BR', or a function of the request";
const AUDIT = "'background', 'await' or 'off'";
const A_SECRET = 'a secret of at least 32 characters';
const SECRET = 'x'.repeat(32);
const SECRETS = `${A_SECRET}, or a list of such secrets`;
const ROTATION = `${A_SECRET}, or { current, previous }`;
const HIDDEN = 'something else (not shown, it may be a secret)';

function ip(): string {
  return '203.0.113.9';
}
const cooloff = 'PT1M';
const named = (name: string) => Object.defineProperty(() => 'x', 'name', { value: name });

const BAD_VALUES = {
  store: [
    { value: null, expected: STORE, got: 'null' },
    { value: {}, expected: STORE, got: 'an empty object' },
    { value: { reserve: () => {} }, expected: STORE, got: 'an object with reserve' },
    { value: MemoryStore, expected: STORE, got: 'a function named MemoryStore' },
    {
      value: 'mongodb://app:hunter2@db.example.com/app',
      expected: STORE,
      got: '"mongodb://***@db.example.com/app" (a string)',
    },
  ],
  dimensions: [
    { value: 'ip', expected: 'a list of dimensions, or a function of the attempt', got: '"ip" (a string)' },
    { value: [], expected: 'at least one dimension', got: 'an empty array' },
    { value: ['email'], at: '[0]', expected: DIMENSION, got: '"email" (a string)' },
    { value: ['ip', []], at: '[1]', expected: DIMENSION, got: 'an empty array' },
    { value: [['ip', 'ip']], at: '[0]', expected: DIMENSION, got: 'an array of 2' },
    { value: [['ip', 'email']], at: '[0]', expected: DIMENSION, got: 'an array of 2' },
    { value: [() => 'x'], at: '[0]', expected: DIMENSION, got: 'a function without a name' },
    { value: [ip], at: '[0]', expected: DIMENSION, got: 'a function named ip' },
    { value: [named('a=b')], at: '[0]', expected: DIMENSION, got: 'a function named a=b' },
    { value: [Symbol('ip')], at: '[0]', expected: DIMENSION, got: 'a symbol' },
    { value: ['ip', 'ip'], expected: 'each dimension only once', got: 'an array of 2' },
    {
      value: [
        ['ip', 'username'],
        ['username', 'ip'],
      ],
      expected: 'each dimension only once',
      got: 'an array of 2',
    },
    { value: [named('tenant'), named('tenant')], expected: 'each dimension only once', got: 'an array of 2' },
  ],
  tiers: [
    { value: 5, expected: 'a list of tiers { failures, cooloff }', got: '5 (a number)' },
    { value: null, expected: 'a list of tiers { failures, cooloff }', got: 'null' },
    { value: [], expected: 'at least one tier', got: 'an empty array' },
    { value: [null], at: '[0]', expected: 'a tier { failures, cooloff }', got: 'null' },
    { value: [{ failures: 0, cooloff }], at: '[0].failures', expected: FAILURES, got: '0 (a number)' },
    { value: [{ failures: 2.5, cooloff }], at: '[0].failures', expected: FAILURES, got: '2.5 (a number)' },
    { value: [{ failures: 1_000_001, cooloff }], at: '[0].failures', expected: FAILURES, got: '1000001 (a number)' },
    { value: [{ cooloff }], at: '[0].failures', expected: FAILURES, got: 'undefined' },
    { value: [{ failures: 3 }], at: '[0].cooloff', expected: COOLOFF, got: 'undefined' },
    { value: [{ failures: 3, cooloff: 900 }], at: '[0].cooloff', expected: COOLOFF, got: '900 (a number)' },
    { value: [{ failures: 3, cooloff: 'PT0S' }], at: '[0].cooloff', expected: COOLOFF, got: '"PT0S" (a string)' },
    {
      value: [{ failures: 3, cooloff: { seconds: -1 } }],
      at: '[0].cooloff',
      expected: COOLOFF,
      got: 'an object with seconds',
    },
    {
      value: [{ failures: 3, cooloff: { years: 300_000 } }],
      at: '[0].cooloff',
      expected: COOLOFF,
      got: 'an object with years',
    },
    {
      value: [
        { failures: 3, cooloff },
        { failures: 3, cooloff },
      ],
      at: '[1].failures',
      expected: 'more failures than the tier before it (3): tiers ascend',
      got: '3 (a number)',
    },
    {
      value: [
        { failures: 3, cooloff },
        { failures: 6, cooloff },
        { failures: 5, cooloff },
      ],
      at: '[2].failures',
      expected: 'more failures than the tier before it (6): tiers ascend',
      got: '5 (a number)',
    },
    { value: { username: [] }, at: '.username', expected: 'at least one tier', got: 'an empty array' },
    {
      value: { username: [{ failures: 0, cooloff }] },
      at: '.username[0].failures',
      expected: FAILURES,
      got: '0 (a number)',
    },
    {
      value: { user: [{ failures: 3, cooloff }] },
      at: '.user',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"user"',
    },
    {
      value: new Map(),
      expected: 'a list of tiers, an object of such lists by dimension, or a function of attempt and dimension',
      got: 'an empty object',
    },
  ],
  forgetAfter: [
    { value: 3_600, expected: COOLOFF, got: '3600 (a number)' },
    { value: '1 hour', expected: COOLOFF, got: '"1 hour" (a string)' },
    { value: null, expected: COOLOFF, got: 'null' },
    { value: { hours: 0 }, expected: COOLOFF, got: 'an object with hours' },
    { value: Duration.fromMillis(-1), expected: COOLOFF, got: 'a luxon Duration of PT-0.001S' },
    { value: Duration.invalid('on purpose'), expected: COOLOFF, got: 'an invalid luxon Duration' },
    { value: { fortnights: 1 }, at: '.fortnights', expected: COOLOFF, got: '1 (a number)' },
    { value: { username: 'soon' }, at: '.username', expected: COOLOFF, got: '"soon" (a string)' },
    {
      value: { user: 'PT1H' },
      at: '.user',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"user"',
    },
    {
      value: new Date(0),
      expected: `${DURATION}, 'forever', or an object of these by dimension`,
      got: '1970-01-01T00:00:00.000Z',
    },
  ],
  forgetFrom: [
    { value: 'middle', expected: "'first' or 'last'", got: '"middle" (a string)' },
    { value: { ip: 'middle' }, at: '.ip', expected: "'first' or 'last'", got: '"middle" (a string)' },
    {
      value: { 'username+ip': 'last' },
      at: '.username+ip',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"username+ip"',
    },
    { value: new Map(), expected: "'first', 'last', or an object of these by dimension", got: 'an empty object' },
  ],
  resetOnSuccess: [
    { value: 'yes', expected: 'true or false', got: '"yes" (a string)' },
    { value: { username: 1 }, at: '.username', expected: 'true or false', got: '1 (a number)' },
    {
      value: { user: true },
      at: '.user',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"user"',
    },
    {
      value: { ip: true },
      at: '.ip',
      expected: 'false for a dimension without the username (a success would forgive what others failed from there)',
      got: 'true (a boolean)',
    },
  ],
  hardStop: [
    { value: 100, expected: 'an object { failures, forgetAfter }', got: '100 (a number)' },
    { value: { failures: 0 }, at: '.failures', expected: FAILURES, got: '0 (a number)' },
    { value: {}, at: '.failures', expected: FAILURES, got: 'undefined' },
    {
      value: { failures: 100, forgetAfter: 'never' },
      at: '.forgetAfter',
      expected: COOLOFF,
      got: '"never" (a string)',
    },
  ],
  mode: [{ value: 'observe', expected: "'enforce' or 'monitor'", got: '"observe" (a string)' }],
  enabled: [{ value: 0, expected: 'true or false', got: '0 (a number)' }],
  username: [{ value: 'email', expected: 'a function of { req, args }', got: '"email" (a string)' }],
  ipOnly: [{ value: null, expected: 'true or false', got: 'null' }],
  isFailure: [{ value: true, expected: 'a function of { action, args, req }', got: 'true (a boolean)' }],
  canonicalUsername: [{ value: true, expected: 'a function of the username', got: 'true (a boolean)' }],
  usernames: [
    { value: 'keep', expected: 'an object { accents, unique }', got: '"keep" (a string)' },
    { value: { accents: true }, at: '.accents', expected: "'ignore' or 'keep'", got: 'true (a boolean)' },
    { value: { unique: 1 }, at: '.unique', expected: 'true or false', got: '1 (a number)' },
  ],
  clientIp: [{ value: 'x-real-ip', expected: 'a function of the request', got: '"x-real-ip" (a string)' }],
  ipv6Prefix: [
    { value: 31, expected: BITS, got: '31 (a number)' },
    { value: 129, expected: BITS, got: '129 (a number)' },
    { value: 64.5, expected: BITS, got: '64.5 (a number)' },
    { value: Number.NaN, expected: BITS, got: 'NaN (a number)' },
    { value: '/64', expected: BITS, got: '"/64" (a string)' },
    { value: 64n, expected: BITS, got: '64 (a bigint)' },
  ],
  allow: [
    { value: ['10.0.0.1'], expected: LIST, got: 'an array of 1' },
    {
      value: { ips: '10.0.0.1' },
      at: '.ips',
      expected: 'a list of addresses or CIDR ranges',
      got: '"10.0.0.1" (a string)',
    },
    { value: { ips: ['10.0.0.0/33'] }, at: '.ips[0]', expected: NETWORK, got: '"10.0.0.0/33" (a string)' },
    { value: { ips: ['::1', 5] }, at: '.ips[1]', expected: NETWORK, got: '5 (a number)' },
    { value: { usernames: 'root' }, at: '.usernames', expected: 'a list of usernames', got: '"root" (a string)' },
    { value: { usernames: [5] }, at: '.usernames[0]', expected: 'a text', got: '5 (a number)' },
    { value: { usernames: [''] }, at: '.usernames[0]', expected: 'a text that is not empty', got: '"" (a string)' },
    { value: { when: false }, at: '.when', expected: 'a function of the attempt', got: 'false (a boolean)' },
  ],
  deny: [
    { value: '10.0.0.1', expected: LIST, got: '"10.0.0.1" (a string)' },
    { value: { ips: ['localhost'] }, at: '.ips[0]', expected: NETWORK, got: '"localhost" (a string)' },
  ],
  restrictTo: [
    { value: ['10.0.0.0/8'], expected: LIST, got: 'an array of 1' },
    { value: {}, expected: NOBODY_LISTED, got: 'an empty object' },
    { value: { ips: [], usernames: [] }, expected: NOBODY_LISTED, got: 'an object with ips, usernames' },
    {
      value: { ips: ['10.0.0.0/33'] },
      at: '.ips[0]',
      expected: NETWORK,
      got: '"10.0.0.0/33" (a string)',
    },
  ],
  skip: [{ value: ['GET'], expected: 'a function of the request', got: 'an array of 1' }],
  onLocked: [{ value: 'redirect', expected: "'fail', 'error', 'respond' or a function", got: '"redirect" (a string)' }],
  respondWith: [
    { value: '/locked', expected: RESPOND, got: '"/locked" (a string)' },
    {
      value: { page: '<p>' },
      at: '.page',
      expected: 'a function of what is known of the lock',
      got: '"<p>" (a string)',
    },
    { value: { redirectTo: '' }, at: '.redirectTo', expected: 'a text that is not empty', got: '"" (a string)' },
    { value: { corsOrigin: true }, at: '.corsOrigin', expected: 'a text', got: 'true (a boolean)' },
  ],
  attemptsLeft: [{ value: 3, expected: 'true or false', got: '3 (a number)' }],
  lockedStatus: [
    { value: 200, expected: STATUS, got: '200 (a number)' },
    { value: 600, expected: STATUS, got: '600 (a number)' },
    { value: '429', expected: STATUS, got: '"429" (a string)' },
  ],
  lockedMessage: [
    { value: '', expected: 'a text that is not empty', got: '"" (a string)' },
    { value: {}, expected: 'a text', got: 'an empty object' },
  ],
  messages: [
    { value: 'de', expected: 'an object of texts by locale', got: '"de" (a string)' },
    { value: { de: 'Nein.' }, at: '.de', expected: TEXTS, got: '"Nein." (a string)' },
    { value: { de: { locked: '' } }, at: '.de.locked', expected: 'a text that is not empty', got: '"" (a string)' },
    {
      value: { de: { timeLeft: 'gleich' } },
      at: '.de.timeLeft',
      expected: 'a text with {duration} in it',
      got: '"gleich" (a string)',
    },
    {
      value: { no_such: {} },
      at: '.no_such',
      expected: "a locale such as 'de' or 'pt-BR' as the name",
      got: 'an empty object',
    },
  ],
  locale: [
    { value: 7, expected: LOCALE, got: '7 (a number)' },
    { value: 'no_such', expected: LOCALE, got: '"no_such" (a string)' },
  ],
  retryAfterHeader: [{ value: 'true', expected: 'true or false', got: '"true" (a string)' }],
  onStoreError: [
    { value: 'ignore', expected: "'deny', 'allow' or { fallback: store }", got: '"ignore" (a string)' },
    { value: null, expected: "'deny', 'allow' or { fallback: store }", got: 'null' },
    { value: { fallback: {} }, expected: "'deny', 'allow' or { fallback: store }", got: 'an object with fallback' },
  ],
  storeTimeout: [
    { value: { seconds: 0 }, expected: `${DURATION}, over 0, at most 24 days`, got: 'an object with seconds' },
    { value: 'P25D', expected: `${DURATION}, over 0, at most 24 days`, got: '"P25D" (a string)' },
    { value: 'forever', expected: `${DURATION}, over 0, at most 24 days`, got: '"forever" (a string)' },
  ],
  leaseTimeout: [
    { value: 'PT0S', expected: `${DURATION}, over 0`, got: '"PT0S" (a string)' },
    { value: 'forever', expected: `${DURATION}, over 0`, got: '"forever" (a string)' },
  ],
  busyTimeout: [
    { value: { seconds: -1 }, expected: `${DURATION}, 0 to 24 days`, got: 'an object with seconds' },
    { value: 'P25D', expected: `${DURATION}, 0 to 24 days`, got: '"P25D" (a string)' },
  ],
  maxWaiters: [
    { value: -1, expected: 'a whole number from 0', got: '-1 (a number)' },
    { value: Number.POSITIVE_INFINITY, expected: 'a whole number from 0', got: 'Infinity (a number)' },
  ],
  lockCacheTtl: [
    { value: 1_000, expected: `${DURATION}, from 0`, got: '1000 (a number)' },
    { value: 'forever', expected: `${DURATION}, from 0`, got: '"forever" (a string)' },
  ],
  audit: [
    { value: true, expected: AUDIT, got: 'true (a boolean)' },
    { value: 'async', expected: AUDIT, got: '"async" (a string)' },
    { value: null, expected: AUDIT, got: 'null' },
  ],
  attemptRetention: [
    { value: 30, expected: `${DURATION}, over 0`, got: '30 (a number)' },
    { value: { days: 0 }, expected: `${DURATION}, over 0`, got: 'an object with days' },
    { value: 'P-1D', expected: `${DURATION}, over 0`, got: '"P-1D" (a string)' },
    { value: 'forever', expected: `${DURATION}, over 0`, got: '"forever" (a string)' },
    { value: { years: 300_000 }, expected: `${DURATION}, over 0`, got: 'an object with years' },
  ],
  attemptsPerUsername: [
    { value: 0, expected: "a whole number from 1, or 'all'", got: '0 (a number)' },
    { value: 1.5, expected: "a whole number from 1, or 'all'", got: '1.5 (a number)' },
    { value: Number.POSITIVE_INFINITY, expected: "a whole number from 1, or 'all'", got: 'Infinity (a number)' },
    { value: 'none', expected: "a whole number from 1, or 'all'", got: '"none" (a string)' },
  ],
  unlockTokenSecret: [
    { value: 'hunter2', expected: SECRETS, got: HIDDEN },
    { value: [], expected: SECRETS, got: HIDDEN },
    { value: ['x'.repeat(32), 'hunter2'], expected: SECRETS, got: HIDDEN },
    { value: true, expected: SECRETS, got: HIDDEN },
  ],
  pseudonymize: [
    { value: 'hunter2', expected: ROTATION, got: HIDDEN },
    { value: '', expected: ROTATION, got: HIDDEN },
    { value: true, expected: ROTATION, got: HIDDEN },
    { value: { current: 'hunter2', previous: SECRET }, at: '.current', expected: A_SECRET, got: HIDDEN },
    { value: { current: SECRET }, at: '.previous', expected: SECRETS, got: HIDDEN },
    { value: { current: SECRET, previous: [] }, at: '.previous', expected: SECRETS, got: HIDDEN },
    { value: { current: SECRET, previous: [SECRET, 'hunter2'] }, at: '.previous', expected: SECRETS, got: HIDDEN },
  ],
  sensitive: [
    { value: 'ip', expected: 'a list of names', got: '"ip" (a string)' },
    { value: [''], at: '[0]', expected: 'a text that is not empty', got: '"" (a string)' },
    {
      value: ['ip', 'password'],
      at: '[1]',
      expected: 'one of username, ip, userAgent, path',
      got: '"password" (a string)',
    },
  ],
} satisfies Record<keyof LockoutOptions, readonly BadValue[]>;

describe('options: bad values', () => {
  function refusal(input: unknown): LockoutConfigError {
    try {
      Reflect.apply(resolveOptions, undefined, [input, () => new MemoryStore()]);
    } catch (error) {
      if (error instanceof LockoutConfigError) return error;
      throw error;
    }
    throw new Error('expected the options to be refused');
  }

  for (const [option, values] of Object.entries<readonly BadValue[]>(BAD_VALUES)) {
    for (const { value, at = '', expected, got } of values) {
      it(`F46 refuses options.${option}${at}: ${got}`, () => {
        const error = refusal({ [option]: value });
        expect(error.message).to.equal(`options.${option}${at}: expected ${expected}, got ${got}`);
        expect(error.code).to.equal('ERR_LOCKOUT_OPTION_INVALID');
      });
    }
  }

  for (const audit of ['await', 'background'] as const) {
    it(`F46 refuses options.audit: "${audit}" for a store without an access log`, () => {
      const error = refusal({ audit, store: new SlowStore() });
      expect(error.message).to.equal(
        `options.audit: expected 'off' for a store without an access log (attempts), got "${audit}" (a string)`,
      );
      expect(error.code).to.equal('ERR_LOCKOUT_OPTION_INVALID');
    });
  }

  it('F46 refuses options.locale: one that has no texts', () => {
    expect(refusal({ locale: 'sv' }).message).to.match(
      /^options\.locale: expected a locale that has texts \(en, ar, .*\), got "sv"$/,
    );
    expect(() => resolveOptions({ locale: 'sv', messages: { sv: {} } }, () => new MemoryStore())).not.to.throw();
  });

  const NO_OPTIONS = [
    { input: null, got: 'null' },
    { input: undefined, got: 'undefined' },
    { input: 'axes', got: '"axes" (a string)' },
    { input: [], got: 'an empty array' },
    { input: () => {}, got: 'a function named input' },
  ];
  for (const { input, got } of NO_OPTIONS) {
    it(`F46 refuses ${got} in place of options`, () => {
      expect(refusal(input).message).to.equal(`options: expected an object of options, got ${got}`);
    });
  }

  describe('an unknown option', () => {
    const NEAR_MISSES = [
      { given: 'forgetAfer', meant: 'forgetAfter' },
      { given: 'FORGETAFTER', meant: 'forgetAfter' },
      { given: 'tier', meant: 'tiers' },
      { given: 'unlockTokenSecrets', meant: 'unlockTokenSecret' },
      { given: 'dimension', meant: 'dimensions' },
      { given: 'locked_message', meant: 'lockedMessage' },
      { given: 'pseudonymise', meant: 'pseudonymize' },
    ];
    for (const { given, meant } of NEAR_MISSES) {
      it(`F46 is refused with a hint: ${given}`, () => {
        const error = refusal({ [given]: 'hunter2' });
        expect(error.message).to.equal(`options.${given}: there is no such option; did you mean ${meant}?`);
        expect(error.code).to.equal('ERR_LOCKOUT_OPTION_UNKNOWN');
      });
    }

    it('F46 that resembles none is refused with the list of all', () => {
      const error = refusal({ rateLimit: 5 });
      const all = Object.keys(BAD_VALUES).join(', ');
      expect(error.message).to.equal(`options.rateLimit: there is no such option; known options are ${all}`);
      expect(error.code).to.equal('ERR_LOCKOUT_OPTION_UNKNOWN');
    });

    const NESTED = [
      { input: { tiers: [{ failures: 3, cooloff, message: 'x' }] }, at: 'options.tiers[0].message' },
      { input: { tiers: { ip: [{ failures: 3, cooloff, message: 'x' }] } }, at: 'options.tiers.ip[0].message' },
      { input: { allow: { ip: ['10.0.0.1'] } }, at: 'options.allow.ip' },
      { input: { deny: { where: () => true } }, at: 'options.deny.where' },
      { input: { messages: { de: { lock: 'x' } } }, at: 'options.messages.de.lock' },
      { input: { respondWith: { template: () => '' } }, at: 'options.respondWith.template' },
    ];
    for (const { input, at } of NESTED) {
      it(`F46 is refused inside another, too: ${at}`, () => {
        const error = refusal(input);
        expect(error.message).to.equal(`${at}: there is no such option here`);
        expect(error.code).to.equal('ERR_LOCKOUT_OPTION_UNKNOWN');
      });
    }
  });

  it('F46 names all that is wrong at once, a line each', () => {
    const error = refusal({ mode: 'off', forgetAfer: 'PT1H', ipv6Prefix: 1, allow: { ip: [] } });
    expect(error.message.split('\n')).to.have.members([
      "options.mode: expected 'enforce' or 'monitor', got \"off\" (a string)",
      `options.ipv6Prefix: expected ${BITS}, got 1 (a number)`,
      'options.forgetAfer: there is no such option; did you mean forgetAfter?',
      'options.allow.ip: there is no such option here',
    ]);
    expect(error.code).to.equal('ERR_LOCKOUT_OPTION_INVALID');
  });

  it('F46 never shows a secret, wherever it went wrong', () => {
    const inputs = [
      { pseudonymize: 'hunter2' },
      { unlockTokenSecret: ['hunter2'] },
      { pseudonymise: 'hunter2' },
      { store: 'redis://:hunter2@db' },
    ];
    for (const input of inputs) expect(refusal(input).message).to.not.include('hunter2');
  });

  it('F46 builds nothing when an option is wrong', () => {
    const createStore = sinon.stub().returns(new MemoryStore());
    expect(() => resolveOptions({ tiers: { user: [{ failures: 3, cooloff }] } }, createStore)).to.throw();
    expect(() => resolveOptions({ tiers: [] }, createStore)).to.throw();
    sinon.assert.notCalled(createStore);
  });
});
