/** What `npm start` shows in a fresh clone, while everything is still to be compiled. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from '../support/tools/package/repository.js';

describe('npm start', () => {
  it('says what it does before it begins to compile', () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    expect(scripts['start']).to.match(/^npm run example /);
    const folder = mkdtempSync(join(tmpdir(), 'lockout-start-'));
    // Stands for npm, and compiles nothing.
    writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "npm $*"\nexit 1\n');
    chmodSync(join(folder, 'npm'), 0o755);
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };

    const { stdout } = spawnSync('sh', ['-c', scripts['example'] as string], { env, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout).to.match(/^compiling, which takes about half a minute\nnpm .*run .*build\n$/);
  });
});
