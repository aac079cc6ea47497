/** Wrong options are rejected at construction, with a message that names the expected and the given value. */
import { expect } from 'chai';
import sinon from 'sinon';
import { LockoutConfigError } from '../../lib/errors.js';
import { Lockout } from '../../lib/lockout.js';
import { resolveOptions } from '../../lib/options/resolve.js';
import type { LockoutOptions } from '../../lib/options/types.js';
import { MemoryStore } from '../../lib/stores/memory/memory-store.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { BAD_ANSWERS } from './bad-values/answers.js';
import { BAD_ATTEMPTS } from './bad-values/attempts.js';
import { BAD_COUNTING } from './bad-values/counting.js';
import { type BadValue, BITS, cooloff } from './bad-values/expected.js';
import { BAD_STORING } from './bad-values/storing.js';

/** Every option, in the order in which messages list them. */
const BAD_VALUES = {
  ...BAD_COUNTING,
  ...BAD_ATTEMPTS,
  ...BAD_ANSWERS,
  ...BAD_STORING,
} satisfies Record<keyof LockoutOptions, readonly BadValue[]>;

describe('Lockout options', () => {
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
      it(`F46 are rejected if options.${option}${at} is ${got}`, () => {
        const error = refusal({ [option]: value });
        expect(error.message).to.equal(`options.${option}${at}: expected ${expected}, got ${got}`);
        expect(error.code).to.equal('ERR_LOCKOUT_OPTION_INVALID');
      });
    }
  }

  for (const attemptLog of ['await', 'background'] as const) {
    it(`F46 are rejected if options.attemptLog is "${attemptLog}" and the store has no attempt log`, () => {
      const error = refusal({ attemptLog, store: new SlowStore() });
      expect(error.message).to.equal(
        `options.attemptLog: expected 'off' for a store without an attempt log, got "${attemptLog}" (a string)`,
      );
      expect(error.code).to.equal('ERR_LOCKOUT_OPTION_INVALID');
    });
  }

  it('F46 are rejected if options.locale has no texts', () => {
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
    { input: new MemoryStore(), got: 'a store; pass { store }' },
    { input: { lockout: new Lockout() }, got: 'an object { lockout }; pass the Lockout itself' },
    { input: MemoryStore, got: 'the class MemoryStore; an instance is made with new' },
    { input: () => {}, got: 'a function named input' },
  ];
  for (const { input, got } of NO_OPTIONS) {
    it(`F46 are rejected if they are ${got}`, () => {
      expect(refusal(input).message).to.equal(`options: expected an object of options, got ${got}`);
    });
  }

  describe('with an unknown name', () => {
    const NEAR_MISSES = [
      { given: 'forgetAfer', meant: 'forgetAfter' },
      { given: 'FORGETAFTER', meant: 'forgetAfter' },
      { given: 'tier', meant: 'tiers' },
      { given: 'secrets', meant: 'secret' },
      { given: 'dimension', meant: 'dimensions' },
      { given: 'locked_message', meant: 'lockedMessage' },
      { given: 'pseudonymise', meant: 'pseudonymize' },
    ];
    for (const { given, meant } of NEAR_MISSES) {
      it(`F46 are rejected with a hint: ${given}`, () => {
        const error = refusal({ [given]: 'hunter2' });
        expect(error.message).to.equal(`options.${given}: there is no such option; did you mean ${meant}?`);
        expect(error.code).to.equal('ERR_LOCKOUT_OPTION_UNKNOWN');
      });
    }

    it('F46 are rejected with a list of all names if none is similar', () => {
      const error = refusal({ rateLimit: 5 });
      const all = Object.keys(BAD_VALUES).join(', ');
      expect(error.message).to.equal(`options.rateLimit: there is no such option; known options are ${all}`);
      expect(error.code).to.equal('ERR_LOCKOUT_OPTION_UNKNOWN');
    });

    it('F46 are rejected with that list only once, however many names are unknown', () => {
      const { message } = refusal({ rateLimit: 5, windowMs: 5, tier: [] });
      expect(message.split('\n').map((line) => line.replace(/known options are .*/, '...'))).to.deep.equal([
        'options.rateLimit: there is no such option; ...',
        'options.windowMs: there is no such option',
        'options.tier: there is no such option; did you mean tiers?',
      ]);
    });

    const known = (names: string) => `; known options are ${names}`;
    const meant = (name: string) => `; did you mean ${name}?`;
    const TIER = known('failures, cooloff');
    const NESTED = [
      { input: { tiers: [{ failures: 3, cooloff, note: 'x' }] }, at: 'options.tiers[0].note', hint: TIER },
      { input: { tiers: { ip: [{ failures: 3, cooloff, note: 'x' }] } }, at: 'options.tiers.ip[0].note', hint: TIER },
      {
        input: { tiers: [{ failures: 3, cooloff, failure: 3 }] },
        at: 'options.tiers[0].failure',
        hint: meant('failures'),
      },
      { input: { allow: { ip: ['10.0.0.1'] } }, at: 'options.allow.ip', hint: meant('ips') },
      { input: { deny: { where: () => true } }, at: 'options.deny.where', hint: meant('when') },
      { input: { messages: { de: { lock: 'x' } } }, at: 'options.messages.de.lock', hint: meant('locked') },
      {
        input: { hardStop: { failures: 9, forget: 1 } },
        at: 'options.hardStop.forget',
        hint: known('failures, forgetAfter'),
      },
      { input: { usernames: { accent: 'keep' } }, at: 'options.usernames.accent', hint: meant('accents') },
      {
        input: { respondWith: { html: () => '' } },
        at: 'options.respondWith.html',
        hint: known('page, redirectTo, backTo, corsOrigin, prefer'),
      },
    ];
    for (const { input, at, hint } of NESTED) {
      it(`F46 are rejected if the name is inside another option, too: ${at}`, () => {
        const error = refusal(input);
        expect(error.message).to.equal(`${at}: there is no such option${hint}`);
        expect(error.code).to.equal('ERR_LOCKOUT_OPTION_UNKNOWN');
      });
    }
  });

  it('F46 are rejected with all mistakes at once, one per line', () => {
    const error = refusal({ mode: 'off', forgetAfer: 'PT1H', ipv6Prefix: 1, allow: { ip: [] } });
    expect(error.message.split('\n')).to.have.members([
      "options.mode: expected 'enforce' or 'monitor', got \"off\" (a string)",
      `options.ipv6Prefix: expected ${BITS}, got 1 (a number)`,
      'options.forgetAfer: there is no such option; did you mean forgetAfter?',
      'options.allow.ip: there is no such option; did you mean ips?',
    ]);
    expect(error.code).to.equal('ERR_LOCKOUT_OPTION_INVALID');
  });

  it('F46 are rejected without showing a secret, wherever it was put', () => {
    const inputs = [
      { pseudonymize: 'hunter2' },
      { secret: ['hunter2'] },
      { pseudonymise: 'hunter2' },
      { store: 'redis://:hunter2@db' },
    ];
    for (const input of inputs) expect(refusal(input).message).to.not.include('hunter2');
  });

  it('F46 are rejected before anything is created', () => {
    const createStore = sinon.stub().returns(new MemoryStore());
    expect(() => resolveOptions({ tiers: { user: [{ failures: 3, cooloff }] } }, createStore)).to.throw();
    expect(() => resolveOptions({ tiers: [] }, createStore)).to.throw();
    sinon.assert.notCalled(createStore);
  });
});
