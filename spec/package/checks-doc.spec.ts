/** docs/checks.md explains every warning that the code has, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { WARNING_CODES, warningHelp } from '../../lib/errors.js';
import { missingTarget } from '../support/tools/documentation.js';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';

const page = readFileSync(join(REPOSITORY, 'docs', 'checks.md'), 'utf8');
const sections = page.split(/^## /m).slice(1);

describe('docs/checks.md', () => {
  it('has a section for every warning code, and no other', () => {
    expect(sections.map((section) => codeSpan(section.split('\n')[0]))).to.deep.equal(WARNING_CODES);
  });

  it('contains the page and heading to which the help of each code links', () => {
    for (const code of WARNING_CODES) {
      const target = warningHelp(code).replace('passport-lockout/', '');
      expect(missingTarget({ from: 'package.json', target }), code).to.equal(undefined);
    }
  });

  it('lists the codes in its table in the order of the sections', () => {
    const listed = tableBelow(page, '# Checks and warnings').map(([code]) => codeSpan(code));
    expect(listed).to.deep.equal(sections.map((section) => codeSpan(section.split('\n')[0])));
  });

  it('explains in every section what the code means, why it matters, and how to fix it', () => {
    for (const section of sections) {
      const [title] = section.split('\n');
      for (const part of ['**Meaning.** ', '**Why it matters.** ', '**How to fix.** ']) {
        expect(section, title).to.include(part);
      }
    }
  });
});
