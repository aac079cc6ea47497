/** A worker of node:cluster, for real. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { childEnvironment } from '../support/tools/child-environment.js';

const WORKER = fileURLToPath(new URL('../support/sites/cluster-check.js', import.meta.url));

describe('A worker of node:cluster', () => {
  it('warns on stderr that its memory store is not shared with the other workers', async () => {
    const env = childEnvironment();
    delete env['NODE_APP_INSTANCE'];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [WORKER], { env });

    expect(JSON.parse(stdout)).to.deep.equal(['WARN_LOCKOUT_MEMORY_STORE_CLUSTER']);
    expect(stderr).to.include('[WARN_LOCKOUT_MEMORY_STORE_CLUSTER] LockoutWarning: ');
  });
});
