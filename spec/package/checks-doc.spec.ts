/** docs/checks.md explains every warning that the code has, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';

const page = readFileSync(join(REPOSITORY, 'docs', 'checks.md'), 'utf8');
const sections = page.split(/^## /m).slice(1);

function codesInLib(): string[] {
  const files = readdirSync(join(REPOSITORY, 'lib'), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(REPOSITORY, 'lib', name), 'utf8'));
  return [...new Set(sources.flatMap((source) => source.match(/\bWARN_LOCKOUT_[A-Z_]*[A-Z]\b/g) ?? []))];
}

describe('docs/checks.md', () => {
  it('has a section for every warning code in lib, and no other', () => {
    expect(codesInLib()).to.have.length.above(10);
    expect(sections.map((section) => codeSpan(section.split('\n')[0]))).to.have.members(codesInLib());
  });

  it('lists them in its table in the order of the sections', () => {
    const listed = tableBelow(page, '# Checks and warnings').map(([code]) => codeSpan(code));
    expect(listed).to.deep.equal(sections.map((section) => codeSpan(section.split('\n')[0])));
  });

  it('says in every section what it means, why it matters, and how to fix it', () => {
    for (const section of sections) {
      const [title] = section.split('\n');
      for (const part of ['**Meaning.** ', '**Why it matters.** ', '**How to fix.** ']) {
        expect(section, title).to.include(part);
      }
    }
  });
});
