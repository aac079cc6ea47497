/** What a process keeps of the requests that it has judged. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { childEnvironment } from '../../support/tools/child-environment.js';

const SCRIPT = fileURLToPath(new URL('../../support/tools/kept-texts-process.js', import.meta.url));

describe('A process with counters and a log in memory', function () {
  this.timeout(600_000);

  it('X29 keeps the attempted names, and none of the forms and headers they came in', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', SCRIPT], {
      env: childEnvironment(),
    });

    const { kept, known } = JSON.parse(stdout) as { kept: number; known: number };
    expect(known).to.be.above(300);
    // The last request may still lie on the stack.
    expect(kept).to.be.at.most(2);
  });
});
