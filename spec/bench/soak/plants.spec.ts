/** Faults that are put in on purpose, and the page that explains them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PLANTS } from '../../../bench/soak/plants.js';
import { REPOSITORY } from '../../support/tools/package/repository.js';

describe('docs/soak.md', () => {
  it('has a row for each planted fault, with what it is', () => {
    const page = readFileSync(join(REPOSITORY, 'docs', 'soak.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z][a-z-]+)` \| (.+) \|$/gm)].map(([, name, what]) => [name, what]);

    expect(rows).to.deep.equal(Object.entries(PLANTS).map(([name, { what }]) => [name, what]));
  });
});
