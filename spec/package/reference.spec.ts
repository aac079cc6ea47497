/** The tables of the documentation say what the code has: nothing is missing in them, and their defaults are those of the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Duration } from 'luxon';
import { ERROR_CODES, WARNING_CODES } from '../../lib/errors.js';
import { EVENT_NAMES } from '../../lib/events/emitter.js';
import {
  guessesPerYear,
  Lockout,
  type LockoutOptions,
  MemoryStore,
  type MemoryStoreOptions,
  presets,
} from '../../lib/index.js';
import { resolveOptions } from '../../lib/options/resolve.js';
import { optionsSchema } from '../../lib/options/schema.js';
import type { ActivityDocument } from '../../lib/stores/mongo/activity-document.js';
import type { AttemptDocument } from '../../lib/stores/mongo/attempt-document.js';
import type { HourDocument } from '../../lib/stores/mongo/hour-document.js';
import type { MongoStoreOptions } from '../../lib/stores/mongo/index.js';
import { LOCKOUT_FIELD_NAMES } from '../../lib/stores/mongo/own-collections.js';
import type { RedisStoreOptions } from '../../lib/stores/redis/index.js';
import type { Attempt } from '../../lib/subject/attempt.js';
import { readPage } from '../support/tools/documentation.js';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';

const rowsOf = (page: string, heading: string) => tableBelow(readPage(page).text, heading);
const namesIn = (page: string, heading: string) => rowsOf(page, heading).map(([name]) => codeSpan(name));

const MEMORY_STORE_OPTIONS = { clock: true, maxSubjects: true, maxAttempts: true } satisfies Record<
  keyof MemoryStoreOptions,
  true
>;

const MONGO_STORE_OPTIONS = { prefix: true, clock: true } satisfies Record<keyof MongoStoreOptions, true>;
const REDIS_STORE_OPTIONS = { prefix: true, maxAttempts: true, attemptLogStore: true, clock: true } satisfies Record<
  keyof RedisStoreOptions,
  true
>;

/** Kept whole by the compiler, as the events are. */
const ATTEMPT_FIELDS = {
  _id: true,
  at: true,
  outcome: true,
  count: true,
  username: true,
  ip: true,
  userAgent: true,
  method: true,
  path: true,
  action: true,
  sessionHash: true,
  reason: true,
  dimension: true,
  cause: true,
  tier: true,
  expiresAt: true,
  madeBy: true,
} satisfies Record<keyof AttemptDocument, true>;

const ACTIVITY_FIELDS = {
  _id: true,
  at: true,
  action: true,
  by: true,
  reason: true,
  dimension: true,
  key: true,
  parts: true,
  counts: true,
  lifted: true,
  undone: true,
  undoOf: true,
  expiresAt: true,
  madeBy: true,
} satisfies Record<keyof ActivityDocument, true>;

const HOUR_FIELDS = {
  _id: true,
  failed: true,
  refused: true,
  succeeded: true,
  locks: true,
  expiresAt: true,
  madeBy: true,
} satisfies Record<keyof HourDocument, true>;

function sourcesOfLib(): readonly string[] {
  const names = readdirSync(join(REPOSITORY, 'lib'), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(REPOSITORY, 'lib', name), 'utf8'));
}

describe('The documentation', () => {
  it('lists every option of a lockout, in the order of the code', () => {
    expect(namesIn('docs/options.md', '## All options')).to.deep.equal(Object.keys(optionsSchema.shape));
  });

  it('lists every option of MemoryStore', () => {
    expect(namesIn('docs/stores.md', '## `MemoryStore`')).to.deep.equal(Object.keys(MEMORY_STORE_OPTIONS));
  });

  it('lists every option of MongoStore', () => {
    expect(namesIn('docs/stores.md', '## `MongoStore`')).to.deep.equal(Object.keys(MONGO_STORE_OPTIONS));
  });

  it('lists every option of RedisStore', () => {
    expect(namesIn('docs/stores.md', '## `RedisStore`')).to.deep.equal(Object.keys(REDIS_STORE_OPTIONS));
  });

  it('lists every field of the collections', () => {
    const fieldsBelow = (heading: string) =>
      rowsOf('docs/stores.md', heading).flatMap(([cell = '']) => cell.split(', ').map((name) => codeSpan(name)));

    expect(fieldsBelow('### `lockouts`')).to.have.members(LOCKOUT_FIELD_NAMES);
    expect(fieldsBelow('### `lockout_attempts`')).to.have.members(Object.keys(ATTEMPT_FIELDS));
    expect(fieldsBelow('### `lockout_activity`')).to.have.members(Object.keys(ACTIVITY_FIELDS));
    expect(fieldsBelow('### `lockout_hours`')).to.have.members(Object.keys(HOUR_FIELDS));
  });

  it('lists every event', () => {
    expect(namesIn('docs/events.md', '## All events')).to.deep.equal(EVENT_NAMES);
  });

  it('lists every method of a lockout that is not about one login', () => {
    const own = Object.getOwnPropertyNames(Lockout.prototype).filter((name) => name !== 'constructor');
    const listed = rowsOf('docs/operations.md', '## From code').flatMap(([cell = '']) =>
      [...cell.matchAll(/`([a-z]\w+)\(/gi)].map(([, name]) => name),
    );

    expect([...new Set(listed), 'protect', 'middleware']).to.have.members(own);
  });

  it('lists every error code and no others; docs/checks.md lists the warnings', () => {
    expect(namesIn('docs/errors.md', '# Error codes')).to.have.members(ERROR_CODES);
  });

  it('lists no code that lib no longer contains', () => {
    const used = sourcesOfLib().flatMap((source) => source.match(/\b(?:ERR|WARN)_LOCKOUT_[A-Z_]*[A-Z]\b/g) ?? []);
    const once = [...ERROR_CODES, ...WARNING_CODES].filter((code) => used.filter((name) => name === code).length < 2);

    expect(once).to.deep.equal([]);
  });
});

describe('The documented default', () => {
  const store = new MemoryStore();
  const attempt = { username: 'alice', ip: '192.0.2.1' } as Attempt;
  /** Resolved options with the policies that they lead to, so that two of them can be compared. */
  const resolve = (options: LockoutOptions) => {
    const { keys: _, given: __, dimensions, ...resolved } = resolveOptions(options, () => store);
    const known = dimensions.known();
    return { ...resolved, known, policyFor: known.map((dimension) => resolved.policyFor(dimension, attempt)) };
  };

  for (const [name, , shown] of rowsOf('docs/options.md', '## All options')) {
    const option = codeSpan(name) as string;
    const literal = codeSpan(shown);
    if (literal === undefined) continue;
    it(`${option}: ${literal} is what the code uses without the option`, () => {
      const value: unknown = runInNewContext(`JSON.parse(JSON.stringify(${literal}))`, { JSON });

      expect(resolve({ [option]: value })).to.deep.equal(resolve({}));
    });
  }

  it('of each option equals its @default tag, which editors show', () => {
    const source = readFileSync(join(REPOSITORY, 'lib', 'options', 'types.ts'), 'utf8');
    for (const [name, , shown] of rowsOf('docs/options.md', '## All options')) {
      const option = codeSpan(name);
      const literal = codeSpan(shown);
      const comments = [
        ...source.matchAll(new RegExp(`@default (.+)\\n(?:   \\* .*\\n)*   \\*/\\n  readonly ${option}\\?:`, 'g')),
      ];
      const tags = comments.map(([, tag]) => tag);
      expect(tags, option).not.to.deep.equal([]);
      if (literal !== undefined) expect(tags, option).to.include(literal);
    }
  });

  it('of each option is a tag, never prose', () => {
    const prose = sourcesOfLib().flatMap((source) => source.match(/^ +(?:\/\*)?\*.*\bDefault:? .*/gm) ?? []);

    expect(prose).to.deep.equal([]);
  });

  it('of each option is shown as code if it is a value', () => {
    const shown = rowsOf('docs/options.md', '## All options').filter(([, , value]) => codeSpan(value) === undefined);

    expect(shown.map(([name]) => codeSpan(name))).to.deep.equal([
      'store',
      'tiers',
      'hardStop',
      'username',
      'isFailure',
      'canonicalUsername',
      'clientIp',
      'allow',
      'deny',
      'restrictTo',
      'skip',
      'info',
      'lockedMessage',
      'locale',
      'secret',
      'knownDevices',
      'repeatedGuess',
      'pseudonymize',
    ]);
  });

  it('is followed by the guesses per year that each preset grants', () => {
    const shown = rowsOf('docs/options.md', '## Presets').map(([name, , account, address]) => [
      codeSpan(name),
      account,
      address,
    ]);
    const text = (guesses: number | undefined) => guesses?.toLocaleString('en') ?? 'no limit';
    const computed = [[undefined, {}] as const, ...Object.entries(presets)].map(([name, options]) => {
      const budget = new Map(guessesPerYear(options).map(({ dimension, guesses }) => [dimension, guesses]));
      return [name && `presets.${name}`, text(budget.get('username')), text(budget.get('ip'))];
    });

    expect(shown).to.deep.equal(computed);
  });

  it('of each ladder is that of the code', () => {
    const { dimensions, policyFor } = resolveOptions(
      { dimensions: [['ip', 'username'], 'username', 'ip'] },
      () => store,
    );
    const [pair, username, ip] = dimensions.known().map((dimension) => policyFor(dimension, attempt).tiers);
    const rows = username?.map(({ failures, cooloffMs }, index) => [
      String(index + 1),
      `${failures} failures`,
      `${ip?.[index]?.failures} failures`,
      Duration.fromMillis(cooloffMs, { locale: 'en' }).rescale().toHuman(),
    ]);

    expect(rowsOf('docs/how-it-works.md', '## The default ladders')).to.deep.equal(rows);
    expect(rowsOf('README.md', '## What happens at the third wrong password')).to.deep.equal(
      rows?.map(([, ofName, ofAddress, time]) => [...[ofName, ofAddress].map((cell) => cell?.split(' ')[0]), time]),
    );
    expect(pair).to.deep.equal(username);
    expect(ip?.map(({ cooloffMs }) => cooloffMs)).to.deep.equal(username?.map(({ cooloffMs }) => cooloffMs));
  });
});
