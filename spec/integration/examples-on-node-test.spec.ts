/** The examples that are tests themselves, on the test runner of Node. */
import { expect } from 'chai';
import { ExampleCopy } from '../support/sites/example-copy.js';
import { runTool } from '../support/tools/package/run-tool.js';

describe('The tests of an example', () => {
  const tests = [
    { name: 'custom-store', says: 'ok 1 - KeyValueStore (store contract)' },
    { name: 'testing', says: 'ok 1 - locks with the third wrong password, for 15 minutes' },
  ];

  for (const { name, says } of tests) {
    it(`pass in a copy of examples/${name}, which runs on node:test`, async () => {
      const copy = await ExampleCopy.create(name);
      const [test = '', ...files] = copy.args;

      const args = [test, '--test-reporter=tap', ...files];
      const { code, stdout } = await runTool(process.execPath, args, copy.folder);
      await copy.remove();

      expect(code, stdout).to.equal(0);
      expect(stdout).to.include(says);
      expect(stdout).to.match(/^# pass [1-9]\d*$/m);
      expect(stdout).to.match(/^# fail 0$/m);
    });
  }
});
