/** The contract on the test runner of Node, by the example of a custom store. */
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runTool } from '../support/tools/package/run-tool.js';

describe('examples/custom-store', () => {
  it('keeps the contract, which runs on node:test', async () => {
    const test = fileURLToPath(new URL('../../examples/custom-store/contract.test.js', import.meta.url));
    const { code, stdout } = await runTool(process.execPath, ['--test', '--test-reporter=tap', test], process.cwd());
    expect(code, stdout).to.equal(0);
    expect(stdout).to.include('ok 1 - KeyValueStore keeps the contract of a store');
    expect(stdout).to.match(/^# pass [1-9]\d+$/m);
    expect(stdout).to.match(/^# fail 0$/m);
  });
});
