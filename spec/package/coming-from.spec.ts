/** The pages for those who come from other limiters: nothing that they know is missing, and what it is here exists. */
import { expect } from 'chai';
import * as limiter from 'rate-limiter-flexible';
import * as entry from '../../lib/index.js';
import { optionsSchema } from '../../lib/options/schema.js';
import { DJANGO_NAMES } from '../support/fixtures/django-names.js';
import { RATE_LIMITER_NAMES } from '../support/fixtures/rate-limiter-names.js';
import { Cli } from '../support/tools/cli.js';
import { readPage } from '../support/tools/documentation.js';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';

const { Lockout } = entry;
const CODE = /\b(?:ERR|WARN)_LOCKOUT_[A-Z_]+\b/g;
const explained = new Set(`${readPage('docs/errors.md').text}${readPage('docs/checks.md').text}`.match(CODE));

const PAGES = [
  {
    path: 'docs/coming-from-django.md',
    tables: DJANGO_NAMES,
    options: ['tiers', 'dimensions', 'onLocked'],
    functions: ['status', 'reset', 'withLockout'],
  },
  {
    path: 'docs/coming-from-rate-limiters.md',
    tables: RATE_LIMITER_NAMES,
    options: ['tiers', 'dimensions', 'onStoreError'],
    functions: ['status', 'protect', 'block'],
  },
];

for (const { path, tables, options, functions } of PAGES) {
  describe(path, () => {
    const page = readPage(path).text;
    const answers = Object.keys(tables).flatMap((heading) =>
      tableBelow(page, `### ${heading}`).map(([, here = '']) => here),
    );
    const found = (pattern: RegExp) => [
      ...new Set(answers.flatMap((here) => [...here.matchAll(pattern)].map(([, name = '']) => name))),
    ];

    for (const [heading, names] of Object.entries(tables)) {
      it(`has a row for each name, and no others: ${heading}`, () => {
        const rows = tableBelow(page, `### ${heading}`);

        expect(rows.map(([name]) => codeSpan(name))).to.deep.equal(names);
        for (const [name, here] of rows) expect(here, name).to.match(/\.$/);
      });
    }

    it('has no table that this spec does not check', () => {
      const headings = page.split('\n').filter((line) => line.startsWith('### ') && line.includes(': '));

      expect(headings).to.deep.equal(Object.keys(tables).map((heading) => `### ${heading}`));
    });

    it('would be reported without one of its rows', () => {
      const [[heading = '', [first = ''] = []] = []] = Object.entries(tables);
      const shortened = page.replace(new RegExp(`^\\| \`${first}\` .*\\n`, 'm'), '');

      expect(tableBelow(shortened, `### ${heading}`).map(([name]) => codeSpan(name))).to.not.include(first);
    });

    it('names only options that exist', () => {
      const named = found(/`([a-z]\w+): /g).filter((name) => name !== 'for');

      expect(named).to.include.members(options);
      expect(named.filter((name) => !(name in optionsSchema.shape))).to.deep.equal([]);
    });

    it('names only functions that exist', () => {
      const named = found(/`(?:\(?await )?(?:lockout\.)?([a-z]\w+)\(/g);

      expect(named).to.include.members(functions);
      expect(named.filter((name) => !(name in Lockout.prototype) && !(name in entry))).to.deep.equal([]);
    });

    it('names only codes that exist', () => {
      const named = page.match(CODE) ?? [];

      expect(named).to.have.length.above(5);
      expect(named.filter((code) => !explained.has(code))).to.deep.equal([]);
    });
  });
}

describe('The commands in docs/coming-from-django.md', () => {
  it('exist, including those that the help does not list', async () => {
    const cli = new Cli({});
    const named = [...readPage('docs/coming-from-django.md').text.matchAll(/`passport-lockout ([a-z-]+)/g)].map(
      ([, name = '']) => name,
    );
    const helps = await Promise.all(named.map(async (name) => [name, await cli.run([name, '--help'])] as const));

    expect(named).to.include.members(['reset', 'list-attempts', 'cleanup']);
    expect(helps.filter(([, { code }]) => code !== 0)).to.deep.equal([]);
  });
});

describe('The listed names of rate-limiter-flexible', () => {
  it('are those of the installed version', () => {
    const { 'rate-limiter-flexible: methods': methods = [], 'rate-limiter-flexible: classes': classes = [] } =
      RATE_LIMITER_NAMES;

    expect(methods.filter((name) => !(name in limiter.RateLimiterMongo.prototype))).to.deep.equal([]);
    expect(classes.filter((name) => !(name in limiter))).to.deep.equal([]);
  });
});
