import { expect } from 'chai';
import { Duration } from 'luxon';
import sinon from 'sinon';
import { LockoutConfigError } from '../../lib/errors.js';
import { resolveOptions } from '../../lib/options/resolve.js';
import { optionsSchema } from '../../lib/options/schema.js';
import type { LockoutOptions, Tier } from '../../lib/options/types.js';
import { MemoryStore } from '../../lib/stores/memory/memory-store.js';
import type { Attempt } from '../../lib/subject/attempt.js';
import { type DimensionInput, toDimension } from '../../lib/subject/dimension.js';
import { canonicalUsername } from '../../lib/subject/username.js';
import { DAY, HOUR, LADDER, MINUTE, SECOND } from '../policy/examples.js';
import { attemptOf } from '../subject/examples.js';
import { SlowStore } from '../support/stores/slow-store.js';

const UNBOUNDED = Number.POSITIVE_INFINITY;

const SHARED_LADDER = [
  { failures: 30, cooloffMs: 15 * MINUTE },
  { failures: 60, cooloffMs: 2 * HOUR },
  { failures: 100, cooloffMs: DAY },
];

function tenant(attempt: Attempt): string | undefined {
  return attempt.action;
}

describe('resolveOptions', () => {
  const resolve = (options: LockoutOptions = {}) => resolveOptions(options, () => new MemoryStore());
  const policyOf = (options: LockoutOptions, dimension: DimensionInput, attempt = attemptOf()) =>
    resolve(options).policyFor(toDimension(dimension), attempt);

  for (const name of Object.keys(optionsSchema.shape)) {
    it(`takes an undefined ${name} for one that is left out`, () => {
      expect(JSON.stringify(resolve({ [name]: undefined }))).to.equal(JSON.stringify(resolve()));
    });
  }

  describe('by default', () => {
    it('keeps the state in the store that its caller creates', () => {
      const made = new MemoryStore();
      expect(resolveOptions({}, () => made).store).to.equal(made);
    });

    it('counts usernames and addresses', () => {
      expect(
        resolve()
          .dimensions.known()
          .map(({ name }) => name),
      ).to.deep.equal(['username', 'ip']);
    });

    const LADDERS = [
      { dimension: 'username', tiers: LADDER, forgetFrom: 'last', forgetAfterMs: 7 * DAY, maxTakenBack: 5 },
      { dimension: ['ip', 'username'], tiers: LADDER, forgetFrom: 'last', forgetAfterMs: 7 * DAY, maxTakenBack: 5 },
      {
        dimension: 'ip',
        tiers: SHARED_LADDER,
        forgetFrom: 'first',
        forgetAfterMs: DAY,
        maxTakenBack: UNBOUNDED,
        sprayNames: 10,
      },
      {
        dimension: 'userAgent',
        tiers: SHARED_LADDER,
        forgetFrom: 'first',
        forgetAfterMs: DAY,
        maxTakenBack: UNBOUNDED,
      },
      {
        dimension: ['ip', 'userAgent'],
        tiers: LADDER,
        forgetFrom: 'last',
        forgetAfterMs: 7 * DAY,
        maxTakenBack: UNBOUNDED,
      },
    ] as const;
    for (const { dimension, tiers, ...rest } of LADDERS) {
      it(`locks ${[dimension].flat().join('+')} at ${tiers.map(({ failures }) => failures).join('/')}`, () => {
        expect(policyOf({ dimensions: [dimension] }, dimension)).to.deep.equal({
          tiers,
          leaseTimeoutMs: 30 * SECOND,
          resetOnSuccess: true,
          hardStop: null,
          ...rest,
        });
      });
    }

    for (const [what, store, attemptLog] of [
      ['in the background if the store has an attempt log', new MemoryStore(), 'background'],
      ['nowhere if the store has none', new SlowStore(), 'off'],
    ] as const) {
      it(`writes the attempt log ${what}`, () => {
        expect(resolve({ store })).to.include({ attemptLog, attemptLogRetentionMs: 30 * DAY });
      });
    }

    it('keeps the last thousand failures and refusals of a username, and signs no tokens without a secret', () => {
      expect(resolve()).to.include({ attemptLogPerUsername: 1_000 });
      expect(resolve()).to.include({ unlockKeys: undefined, guessKey: undefined, devices: undefined });
      expect(resolve({ attemptLogPerUsername: 'all' })).to.include({ attemptLogPerUsername: Number.POSITIVE_INFINITY });
      expect(resolve()).to.include({ attemptLogPerAddress: 10_000 });
      expect(resolve({ attemptLogPerAddress: 'all' })).to.include({ attemptLogPerAddress: Number.POSITIVE_INFINITY });
    });

    it('returns the values of the table in the design', () => {
      expect(resolve()).to.deep.include({
        enforces: true,
        enabled: true,
        strategy: { username: undefined, ipOnly: false, isFailure: undefined },
        canonicalUsername,
        clientIp: undefined,
        ipv6Prefix: 64,
        isAllowed: undefined,
        isDenied: undefined,
        skip: undefined,
        onLocked: 'fail',
        lockedStatus: 429,
        retryAfterHeader: true,
        onStoreError: 'deny',
        fallbackStore: undefined,
        storeTimeoutMs: 2 * SECOND,
        busyTimeoutMs: 5 * SECOND,
        maxWaiters: 100,
        lockCacheTtlMs: SECOND,
        sensitive: new Set(),
      });
    });

    it('answers in the language of the client, with the built-in words', () => {
      const { messages } = resolve();
      expect(messages.isNegotiated).to.equal(true);
      expect(messages.textsIn(messages.localeFor(undefined)).locked).to.equal(
        'Too many failed logins. Try again {when}.',
      );
    });

    it('stores keys in clear', () => {
      expect(resolve().keys.toSubject('ip', { ip: '203.0.113.9' }).key).to.equal('ip=203.0.113.9');
    });

    it('treats undefined options as absent', () => {
      const names = ['store', 'tiers', 'dimensions', 'forgetAfter', 'forgetFrom', 'mode', 'allow', 'onStoreError'];
      const options: LockoutOptions = Object.fromEntries(names.map((name) => [name, undefined]));
      expect(resolve(options)).to.deep.include({ enforces: true, onStoreError: 'deny', storeTimeoutMs: 2 * SECOND });
      expect(policyOf(options, 'username')).to.deep.equal(policyOf({}, 'username'));
    });
  });

  describe('with given values', () => {
    const store = new MemoryStore();
    const fold = (name: unknown) => String(name);
    const never = () => false;
    const GIVEN: readonly { options: LockoutOptions; resolved: object }[] = [
      { options: { store }, resolved: { store } },
      { options: { mode: 'enforce' }, resolved: { enforces: true } },
      { options: { mode: 'monitor' }, resolved: { enforces: false } },
      { options: { enabled: false }, resolved: { enabled: false } },
      {
        options: { ipOnly: true },
        resolved: { strategy: { username: undefined, ipOnly: true, isFailure: undefined } },
      },
      { options: { ipv6Prefix: 32 }, resolved: { ipv6Prefix: 32 } },
      { options: { ipv6Prefix: 128 }, resolved: { ipv6Prefix: 128 } },
      { options: { onLocked: 'respond' }, resolved: { onLocked: 'respond' } },
      { options: { onLocked: never }, resolved: { onLocked: never } },
      { options: { lockedStatus: 403 }, resolved: { lockedStatus: 403 } },
      { options: { sensitive: ['ip', 'path'] }, resolved: { sensitive: new Set(['ip', 'path']) } },
      { options: { retryAfterHeader: false }, resolved: { retryAfterHeader: false } },
      { options: { onStoreError: 'allow' }, resolved: { onStoreError: 'allow', fallbackStore: undefined } },
      { options: { onStoreError: { fallback: store } }, resolved: { onStoreError: 'fallback', fallbackStore: store } },
      { options: { storeTimeout: 'PT0.5S' }, resolved: { storeTimeoutMs: 500 } },
      { options: { storeTimeout: { days: 24 } }, resolved: { storeTimeoutMs: 24 * DAY } },
      { options: { busyTimeout: { seconds: 0 } }, resolved: { busyTimeoutMs: 0 } },
      { options: { maxWaiters: 0 }, resolved: { maxWaiters: 0 } },
      { options: { lockCacheTtl: Duration.fromMillis(0) }, resolved: { lockCacheTtlMs: 0 } },
    ];
    for (const { options, resolved } of GIVEN) {
      it(`replaces the default: ${Object.keys(options).join()} -> ${JSON.stringify(resolved)}`, () => {
        expect(resolve(options)).to.deep.include(resolved);
      });
    }

    it('X4 keeps accents if the user store distinguishes them, and resolves whether names are unique', () => {
      const { canonicalUsername: keeping, usernamesAreUnique } = resolve({
        usernames: { accents: 'keep', unique: true },
      });
      expect([keeping('JOSÉ\u0001'), usernamesAreUnique]).to.deep.equal(['josé', true]);
      expect(resolve().canonicalUsername('JOSÉ\u0001')).to.equal('jose');
      expect(resolve({ usernames: { unique: false } })).to.include({ canonicalUsername, usernamesAreUnique: false });
      expect(resolve({ canonicalUsername: fold, usernames: { unique: true } }).usernamesAreUnique).to.equal(true);
    });

    it("leaves accents to the application's own fold, if there is one", () => {
      expect(() => resolve({ canonicalUsername: fold, usernames: { accents: 'keep' } })).to.throw(
        LockoutConfigError,
        'options.usernames.accents: expected nothing next to options.canonicalUsername, in which you may call canonicalUsername(name, { accents }), got "keep" (a string)',
      );
    });

    it('folds the usernames of lists as the application does', () => {
      const { isAllowed, isDenied } = resolve({
        canonicalUsername: fold,
        allow: { usernames: ['Root'] },
        deny: { ips: ['10.0.0.0/8'] },
      });
      expect(isAllowed?.(attemptOf({ username: 'Root' }))).to.equal(true);
      expect(isAllowed?.(attemptOf({ username: 'root' }))).to.equal(false);
      expect(isDenied?.(attemptOf({ address: '10.0.0.1' }))).to.equal(true);
    });

    it('passes functions their arguments, and uses what they return', () => {
      const answer = sinon.stub().returns('an answer');
      const options = {
        username: answer,
        isFailure: answer,
        canonicalUsername: answer,
        clientIp: answer,
      };
      const { strategy, canonicalUsername: canonical, clientIp } = resolve(options as LockoutOptions);
      const given = [strategy.username, strategy.isFailure, canonical, clientIp] as ((given: object) => unknown)[];
      for (const call of given) {
        const argument = {};
        expect(call(argument)).to.equal('an answer');
        expect(answer.lastCall.args[0]).to.equal(argument);
      }
      const skip = sinon.stub().returns(true);
      const request = {};
      expect(resolve({ skip }).skip?.(request)).to.equal(true);
      expect(skip.lastCall.args[0]).to.equal(request);
    });

    it('stores keys as pseudonyms if there is a secret', () => {
      const { keys } = resolve({ pseudonymize: 'a secret of at least 32 characters' });
      expect(keys.toSubject('username', { username: 'alice' }).key).to.match(/^username=%hmac:/);
    });

    it('gives leases the configured time, even beyond that of any timer', () => {
      expect(policyOf({ leaseTimeout: { days: 90 } }, 'ip').leaseTimeoutMs).to.equal(90 * DAY);
    });

    it('keeps failures over a success', () => {
      expect(policyOf({ resetOnSuccess: false }, 'username').resetOnSuccess).to.equal(false);
    });

    it('keeps the failures of one dimension over a success, and forgives those of the other', () => {
      const options = { dimensions: ['username', ['ip', 'username']], resetOnSuccess: { username: false } } as const;
      expect(policyOf(options, 'username').resetOnSuccess).to.equal(false);
      expect(policyOf(options, ['ip', 'username']).resetOnSuccess).to.equal(true);
    });

    it('applies the hard stop to dimensions with the username, and forgets it after a year by default', () => {
      const hardStop = { failures: 100 };
      expect(policyOf({ hardStop }, 'username').hardStop).to.deep.equal({ failures: 100, forgetAfterMs: 365 * DAY });
      expect(policyOf({ hardStop: { failures: 9, forgetAfter: 'P1D' } }, 'username').hardStop?.forgetAfterMs).to.equal(
        DAY,
      );
      expect(policyOf({ hardStop }, 'ip').hardStop).to.equal(null);
    });

    it("does not let a success forgive all failures of an address by a bare 'all', which is meant for usernames", () => {
      expect(policyOf({ resetOnSuccess: 'all' }, 'username').resetOnSuccess).to.equal('all');
      expect(policyOf({ resetOnSuccess: 'all' }, 'ip').resetOnSuccess).to.equal(true);
    });

    it('keeps the failures of an address over a success if resetOnSuccess says so', () => {
      expect(policyOf({ resetOnSuccess: false }, 'ip').resetOnSuccess).to.equal(false);
    });
  });

  describe('per dimension', () => {
    const strict: readonly Tier[] = [{ failures: 1, cooloff: 'forever' }];
    const strictPolicy = [{ failures: 1, cooloffMs: Number.POSITIVE_INFINITY }];

    it('applies a bare ladder to dimensions with the username, and keeps the default of the others', () => {
      const options = { tiers: strict, dimensions: ['username', ['ip', 'username'], 'ip', 'userAgent'] } as const;
      const ladders = options.dimensions?.map((dimension) => policyOf(options, dimension).tiers);
      expect(ladders).to.deep.equal([strictPolicy, strictPolicy, SHARED_LADDER, SHARED_LADDER]);
    });

    it('applies a bare ladder to all dimensions if none contains the username', () => {
      const options = { tiers: strict, dimensions: ['ip', 'userAgent'] } as const;
      const ladders = options.dimensions.map((dimension) => policyOf(options, dimension).tiers);
      expect(ladders).to.deep.equal([strictPolicy, strictPolicy]);
    });

    it('applies a ladder to its dimension, and keeps the default of the others', () => {
      const options = { tiers: { ip: strict } };
      expect(policyOf(options, 'ip').tiers).to.deep.equal(strictPolicy);
      expect(policyOf(options, 'username').tiers).to.deep.equal(LADDER);
    });

    const MEMORIES = [
      { forgetAfter: { hours: 1 }, username: HOUR, ip: HOUR },
      { forgetAfter: Duration.fromObject({ hours: 1 }), username: HOUR, ip: HOUR },
      { forgetAfter: 'PT1H', username: HOUR, ip: HOUR },
      { forgetAfter: 'forever', username: Number.POSITIVE_INFINITY, ip: Number.POSITIVE_INFINITY },
      { forgetAfter: {}, username: 7 * DAY, ip: DAY },
      { forgetAfter: { ip: { hours: 1 } }, username: 7 * DAY, ip: HOUR },
      { forgetAfter: { username: 'forever', ip: 'PT1H' }, username: Number.POSITIVE_INFINITY, ip: HOUR },
    ] as const;
    for (const { forgetAfter, username, ip } of MEMORIES) {
      it(`resolves forgetAfter ${JSON.stringify(forgetAfter)} to ${username} ms for usernames and ${ip} ms for addresses`, () => {
        expect(policyOf({ forgetAfter }, 'username').forgetAfterMs).to.equal(username);
        expect(policyOf({ forgetAfter }, 'ip').forgetAfterMs).to.equal(ip);
      });
    }

    const BEGINNINGS = [
      { forgetFrom: 'first', username: 'first', ip: 'first' },
      { forgetFrom: 'last', username: 'last', ip: 'last' },
      { forgetFrom: { ip: 'last' }, username: 'last', ip: 'last' },
      { forgetFrom: { username: 'first' }, username: 'first', ip: 'first' },
      { forgetFrom: {}, username: 'last', ip: 'first' },
    ] as const;
    for (const { forgetFrom, username, ip } of BEGINNINGS) {
      it(`resolves forgetFrom ${JSON.stringify(forgetFrom)} to ${username} for usernames and ${ip} for addresses`, () => {
        expect(policyOf({ forgetFrom }, 'username').forgetFrom).to.equal(username);
        expect(policyOf({ forgetFrom }, 'ip').forgetFrom).to.equal(ip);
      });
    }

    it('identifies a pair and a function by their names', () => {
      const options: LockoutOptions = {
        dimensions: [['username', 'ip'], tenant],
        tiers: { 'ip+username': strict },
        forgetAfter: { tenant: 'PT1H' },
      };
      expect(policyOf(options, ['ip', 'username']).tiers).to.deep.equal(strictPolicy);
      expect(policyOf(options, tenant)).to.deep.include({ tiers: SHARED_LADDER, forgetAfterMs: HOUR });
    });

    const INHERITED = ['toString', 'constructor', 'valueOf'];
    for (const name of INHERITED) {
      it(`uses the default for a function named ${name}, like a property that every object has`, () => {
        const dimension = Object.defineProperty(() => 'x', 'name', { value: name });
        const options: LockoutOptions = {
          dimensions: [dimension, 'ip'],
          tiers: { ip: strict },
          forgetAfter: { ip: 'PT1H' },
          forgetFrom: { ip: 'last' },
        };
        expect(policyOf(options, dimension)).to.deep.include({
          tiers: SHARED_LADDER,
          forgetAfterMs: DAY,
          forgetFrom: 'first',
        });
      });
    }

    it('rejects a table for a dimension that is not counted', () => {
      expect(() => resolve({ dimensions: ['ip'], tiers: { username: strict } }))
        .to.throw(LockoutConfigError)
        .with.property(
          'message',
          'options.tiers.username: expected the name of a counted dimension (ip), got "username"',
        );
    });
  });

  describe('with a tiers function', () => {
    const admin = attemptOf({ username: 'admin' });
    const strict: readonly Tier[] = [{ failures: 1, cooloff: { days: 1 } }];
    const lax: readonly Tier[] = [{ failures: 50, cooloff: { minutes: 1 } }];

    it('calls it for each attempt and dimension', () => {
      const tiers = sinon.spy(({ username }: Attempt, _: string) => (username === 'admin' ? strict : lax));
      const { policyFor } = resolve({ tiers });
      const dimension = toDimension('username');
      expect(policyFor(dimension, admin).tiers).to.deep.equal([{ failures: 1, cooloffMs: DAY }]);
      expect(policyFor(dimension, attemptOf()).tiers).to.deep.equal([{ failures: 50, cooloffMs: MINUTE }]);
      sinon.assert.calledWithExactly(tiers.firstCall, admin, 'username');
    });

    it('keeps the other rules of the dimension', () => {
      const rules = policyOf({ tiers: () => strict, forgetAfter: { username: 'PT1H' } }, 'username');
      expect(rules).to.include({ forgetAfterMs: HOUR, forgetFrom: 'last', resetOnSuccess: true });
    });

    it('checks each list that it returns once', () => {
      const { policyFor } = resolve({ tiers: () => strict });
      const dimension = toDimension('username');
      expect(policyFor(dimension, admin).tiers).to.equal(policyFor(dimension, attemptOf()).tiers);
    });

    it('returns one policy for each list and dimension, by which a store may remember it', () => {
      const { policyFor } = resolve({ tiers: ({ username }) => (username === 'admin' ? strict : lax) });
      const username = toDimension('username');
      expect(policyFor(username, admin)).to.equal(policyFor(username, admin));
      expect(policyFor(username, admin)).not.to.equal(policyFor(username, attemptOf()));
      expect(policyFor(username, admin)).not.to.equal(policyFor(toDimension('ip'), admin));
    });

    const BAD_LISTS = [
      {
        list: [],
        message: 'the list returned by options.tiers: expected at least one tier, got an empty array',
      },
      {
        list: undefined,
        message: 'the list returned by options.tiers: expected a list of tiers { failures, cooloff }, got undefined',
      },
      {
        list: [{ failures: 0, cooloff: 'PT1M' }],
        message:
          'the list returned by options.tiers[0].failures: expected a whole number from 1 to 1,000,000, got 0 (a number)',
      },
      {
        list: [{ failures: 3, cooloff: 'PT1M', extra: 1 }],
        message:
          'the list returned by options.tiers[0].extra: there is no such option; known options are failures, cooloff',
      },
    ];
    for (const { list, message } of BAD_LISTS) {
      it(`F46 throws when it returns ${JSON.stringify(list) ?? 'nothing'}, each time`, () => {
        const tiers = sinon.stub().returns(list);
        const { policyFor } = resolve({ tiers });
        for (let attempt = 0; attempt < 2; attempt += 1) {
          expect(() => policyFor(toDimension('username'), admin))
            .to.throw(LockoutConfigError)
            .with.property('message', message);
        }
      });
    }
  });
});
