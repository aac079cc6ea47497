/** docs/architecture.md and CONTRIBUTING.md lead to files that exist, and forget no room of lib. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readPage } from '../support/tools/documentation.js';
import { tableBelow } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';

const { text } = readPage('docs/architecture.md');

function pathsIn(markdown: string): readonly string[] {
  const paths = [...markdown.matchAll(/`((?:lib|spec|docs|bench|examples|\.ci)\/[^`\s]*)`/g)].map(
    ([, path = '']) => path,
  );
  return [...new Set(paths)];
}

const missingOf = (paths: readonly string[]) => paths.filter((path) => !existsSync(join(REPOSITORY, path)));

describe('docs/architecture.md', () => {
  it('names only files and folders that exist', () => {
    const paths = pathsIn(text);

    expect(paths).to.have.length.above(60);
    expect(missingOf(paths)).to.deep.equal([]);
  });

  it('lists every room of lib among its floors', () => {
    const rooms = readdirSync(join(REPOSITORY, 'lib'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `lib/${name}`);
    const floors = tableBelow(text, '## The rooms').flatMap(([, named = '']) => pathsIn(named));

    expect(floors).to.include.members(rooms);
  });

  it('shows where at least ten likely changes begin', () => {
    const changes = tableBelow(text, '## Where do I change ...');

    expect(changes).to.have.length.of.at.least(10);
    for (const [change, start = ''] of changes) expect(pathsIn(start), change).to.not.deep.equal([]);
  });

  it('names a spec as the proof of each promise', () => {
    for (const [promise, , proof = ''] of tableBelow(text, '## What must never break')) {
      const specs = pathsIn(proof).filter((path) => path.startsWith('spec/'));
      expect(specs, promise).to.not.deep.equal([]);
    }
  });
});

describe('CONTRIBUTING.md', () => {
  it('names only files and folders that exist', () => {
    const paths = pathsIn(readPage('CONTRIBUTING.md').text);

    expect(paths).to.have.length.above(10);
    expect(missingOf(paths)).to.deep.equal([]);
  });
});
