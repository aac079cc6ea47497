/** The list of licenses: all packages that an installation brings, and no others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from '../support/tools/package/repository.js';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/** Licenses that ask for nothing but their text. */
const PERMISSIVE = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', '0BSD'];
const MOST_PACKAGES = 8;

describe('docs/licenses.md', () => {
  const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
  const lock = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, LockedPackage>> };
  const installed = Object.entries(lock.packages)
    .filter(([path, { dev, peer, optional, devOptional }]) => path && !dev && !peer && !optional && !devOptional)
    .map(([path, { license }]) => [path.replace(/^.*node_modules\//, ''), license]);

  it('lists every package that is installed with this one, with its license', () => {
    const listed = [...read('docs/licenses.md').matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map(([, name, of]) => [
      name,
      of,
    ]);
    expect(listed).to.deep.equal(installed);
  });

  it('has permissive licenses only', () => {
    expect(PERMISSIVE).to.include.members(installed.map(([, license]) => license));
  });

  it(`lists no more than ${MOST_PACKAGES} packages`, () => {
    expect(installed).to.have.length.within(1, MOST_PACKAGES);
  });
});
