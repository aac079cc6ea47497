import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { REPOSITORY } from '../../support/tools/package/repository.js';

const run = promisify(execFile);

describe('The bundler of Redis scripts', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockout-bundle-'));
    await mkdir(join(folder, 'scripts'));
    await cp(join(REPOSITORY, 'lib/stores/redis/scripts/bundle.cjs'), join(folder, 'scripts/bundle.cjs'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function bundled(files: Readonly<Record<string, string>>): Promise<string> {
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, 'scripts', name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await run(process.execPath, [join(folder, 'scripts/bundle.cjs')]);
    return readFile(join(folder, 'scripts.generated.ts'), 'utf8');
  }

  async function errorOf(files: Readonly<Record<string, string>>): Promise<string> {
    return bundled(files).then(
      () => '',
      ({ stderr }: { stderr: string }) => stderr,
    );
  }

  it('puts an include in its place, and a constant where it is used, but not into a string', async () => {
    const made = await bundled({
      'step.lua': '--- @include "room/limit"\nreturn LIMIT .. \'LIMIT\' -- why\n',
      'include/room/limit.lua': '-- Why.\nlocal LIMIT = 3\n',
    });
    expect(made).to.include(`step: ["return 3 .. 'LIMIT' -- why"].join(`);
  });

  it('writes once what several scripts include, in its place in each', async () => {
    const made = await bundled({
      'one.lua': 'local a = 1\n--- @include "room/limit"\nreturn limit(a)\n',
      'two.lua': '--- @include "room/limit"\nreturn limit(2)\n',
      'include/room/limit.lua': 'local function limit(n)\n  return n\nend\n',
    });
    expect(made).to.include('const LIMIT = "local function limit(n)\\nreturn n\\nend";');
    expect(made).to.include(`one: ["local a = 1", LIMIT, "return limit(a)"].join('\\n')`);
    expect(made).to.include(`two: [LIMIT, "return limit(2)"].join('\\n')`);
  });

  it('refuses an include that it does not understand, or that is not there', async () => {
    expect(await errorOf({ 'step.lua': '--- @include room/limit\n' })).to.include('expected --- @include "room/name"');
    expect(await errorOf({ 'step.lua': '--- @include "room/none"\n' })).to.match(/ENOENT.*none\.lua/);
  });

  it('refuses a constant with two values, as each would be the other one somewhere', async () => {
    const files = {
      'step.lua': 'local LIMIT = 3\n--- @include "room/limit"\nreturn LIMIT\n',
      'include/room/limit.lua': 'local LIMIT = 4\n',
    };
    expect(await errorOf(files)).to.match(/step\.lua: expected one value of LIMIT, got 3 and 4/);
  });

  it('refuses an include that includes itself', async () => {
    const files = {
      'step.lua': '--- @include "room/one"\n',
      'include/room/one.lua': '--- @include "room/other"\n',
      'include/room/other.lua': '--- @include "room/one"\n',
    };
    expect(await errorOf(files)).to.match(/one\.lua includes itself, by way of .*other\.lua/);
  });
});
