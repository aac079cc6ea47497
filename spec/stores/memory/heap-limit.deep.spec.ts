/** The default bound of the memory store where a process has little memory. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { childEnvironment } from '../../support/tools/child-environment.js';

const SCRIPT = fileURLToPath(new URL('../../support/tools/random-names-process.js', import.meta.url));

describe('MemoryStore in a small process', function () {
  this.timeout(600_000);

  it('X29 survives 600,000 random names with --max-old-space-size=256', async () => {
    const args = ['--max-old-space-size=256', SCRIPT];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: childEnvironment({ NAMES: '600000' }),
    });

    const { size, heapLimit } = JSON.parse(stdout) as { size: number; heapLimit: number };
    expect(heapLimit).to.be.below(400 * 2 ** 20);
    expect(size).to.be.within(25_000, 50_000);
  });

  it('X29 survives 60,000 of the names that take most memory with --max-old-space-size=96', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=96', SCRIPT], {
      env: childEnvironment({ NAMES: '60000', KIND: 'worst' }),
    });

    expect((JSON.parse(stdout) as { size: number }).size).to.be.within(8_000, 25_000);
  });
});
