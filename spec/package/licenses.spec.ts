/** The list of licenses: all packages that an installation brings, those whose code is inside ours, and no others. */
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
const MOST_PACKAGES = 6;

describe('docs/licenses.md', () => {
  const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
  const lock = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, LockedPackage>> };
  const installed = Object.entries(lock.packages)
    .filter(([path, { dev, peer, optional, devOptional }]) => path && !dev && !peer && !optional && !devOptional)
    .map(([path, { license }]) => [path.replace(/^.*node_modules\//, ''), license]);

  const listed = (heading: string) => {
    const [, table = ''] = read('docs/licenses.md').split(`| ${heading} | license | what for |\n`);
    const rows = table.split('\n\n')[0] ?? '';
    return [...rows.matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map(([, name, license]) => [name, license]);
  };
  /** The bundler has written it. */
  const text = read('dist/LICENSES.txt');
  const inside = [...text.matchAll(/^## (\S+) (\d\S*) \((.+)\)$/gm)].map(([, name, version, license]) => ({
    name: name ?? '',
    version,
    license,
  }));

  it('lists every package that is installed with this one, with its license', () => {
    expect(listed('package')).to.deep.equal(installed);
  });

  it('lists every package of which there is code inside, with its license', () => {
    expect(listed('inside')).to.deep.equal(inside.map(({ name, license }) => [name, license]));
    expect(inside).to.not.have.length(0);
  });

  it('names a file with the version and the license of each package inside', () => {
    for (const { name, version } of inside) {
      expect(version, name).to.equal(JSON.parse(read(`node_modules/${name}/package.json`)).version);
    }
    expect(text).to.include('Copyright (c) 2025 Colin McDonnell').and.include('Blue Oak Model License');
  });

  it('has permissive licenses only', () => {
    const licenses = [...installed.map(([, license]) => license), ...inside.map(({ license }) => license)];
    expect(PERMISSIVE).to.include.members(licenses);
  });

  it(`lists no more than ${MOST_PACKAGES} packages that are installed`, () => {
    expect(installed).to.have.length.within(1, MOST_PACKAGES);
  });
});
