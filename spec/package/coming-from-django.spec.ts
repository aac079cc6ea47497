/** The page for those who come from Django: nothing that they know is missing in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import * as entry from '../../lib/index.js';
import { optionsSchema } from '../../lib/options/schema.js';
import { DJANGO_NAMES } from '../support/fixtures/django-names.js';
import { Cli } from '../support/tools/cli.js';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';

const { Lockout } = entry;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CODE = /\b(?:ERR|WARN)_LOCKOUT_[A-Z_]+\b/g;
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const checks = readFileSync(join(ROOT, 'docs', 'checks.md'), 'utf8');
const page = readFileSync(join(ROOT, 'docs', 'coming-from-django.md'), 'utf8');
const headings = page.split('\n').filter((line) => line.startsWith('### ') && line.includes(': '));

describe('the page for those who come from Django', () => {
  for (const [heading, names] of Object.entries(DJANGO_NAMES)) {
    it(`has a row for each name, and no other: ${heading}`, () => {
      const rows = tableBelow(page, `### ${heading}`);

      expect(rows.map(([name]) => codeSpan(name))).to.deep.equal(names);
      for (const [name, here] of rows) expect(here, name).to.match(/\.$/);
    });
  }

  it('has no table of which this spec does not know', () => {
    expect(headings).to.deep.equal(Object.keys(DJANGO_NAMES).map((heading) => `### ${heading}`));
  });

  it('misses a name that is not there', () => {
    const [first = ''] = DJANGO_NAMES['axes: settings'] ?? [];
    const shortened = page.replace(new RegExp(`^\\| \`${first}\` .*\\n`, 'm'), '');

    expect(tableBelow(shortened, '### axes: settings').map(([name]) => codeSpan(name))).to.not.include(first);
  });

  const answers = Object.keys(DJANGO_NAMES).flatMap((heading) =>
    tableBelow(page, `### ${heading}`).map(([, here = '']) => here),
  );
  const found = (pattern: RegExp) => [
    ...new Set(answers.flatMap((here) => [...here.matchAll(pattern)].map(([, name = '']) => name))),
  ];

  it('names only options that exist', () => {
    const named = found(/`([a-z]\w+): /g);

    expect(named).to.include.members(['tiers', 'dimensions', 'onLocked']);
    expect(named.filter((name) => !(name in optionsSchema.shape))).to.deep.equal([]);
  });

  it('names only functions that exist', () => {
    const named = found(/`(?:\(?await )?(?:lockout\.)?([a-z]\w+)\(/g);

    expect(named).to.include.members(['status', 'reset', 'withLockout']);
    expect(named.filter((name) => !(name in Lockout.prototype) && !(name in entry))).to.deep.equal([]);
  });

  it('names only commands that exist', async () => {
    const { stdout } = await new Cli({}).run(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name);
    const named = found(/`passport-lockout ([a-z-]+)/g);

    expect(named).to.include.members(['reset', 'list-attempts', 'cleanup']);
    expect(named.filter((name) => !commands.includes(name))).to.deep.equal([]);
  });

  it('names only codes that exist', () => {
    const explained = new Set(`${readme}${checks}`.match(CODE));
    const named = page.match(CODE) ?? [];

    expect(named).to.have.length.above(5);
    expect(named.filter((code) => !explained.has(code))).to.deep.equal([]);
  });
});
