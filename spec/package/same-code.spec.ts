/** One application may import the package and require it: through a framework, a plugin, or its tests. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Consumer } from '../support/tools/package/consumer.js';
import { readManifest } from '../support/tools/package/repository.js';
import { runTool } from '../support/tools/package/run-tool.js';

/** Nest and Preact consist of ES modules, which not every loader lets CommonJS require: their entries are there for both. */
const TWICE = ['passport-lockout/admin', 'passport-lockout/nest'];

describe('The packed package, imported and required in one application,', () => {
  let consumer: Consumer;
  let entries: readonly string[];

  before(async () => {
    const { exports, peerDependencies } = await readManifest();
    entries = Object.keys(exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => entry.replace(/^\./, 'passport-lockout'));
    consumer = await Consumer.create([...Object.keys(peerDependencies), 'reflect-metadata', 'rxjs', 'passport-local']);
  });
  after(() => consumer.remove());

  it('exports the same names and the same values', async () => {
    const source = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const compare = async (entry) => {
        const [imported, required] = [await import(entry), require(entry)];
        const names = [...new Set([...Object.keys(imported), ...Object.keys(required)])].filter((name) => name !== 'module.exports');
        return names.map((name) => ({ entry, name, isThere: name in imported && name in required, isSame: imported[name] === required[name] }));
      };
      const entries = ${JSON.stringify(entries)};
      console.log(JSON.stringify((await Promise.all(entries.map(compare))).flat()));
    `;
    const { stdout, stderr } = await consumer.run('same.mjs', source);
    const names: readonly { entry: string; name: string; isThere: boolean; isSame: boolean }[] = JSON.parse(stdout);

    expect(stderr).to.equal('');
    expect(new Set(names.map(({ entry }) => entry))).to.have.all.keys(entries);
    expect(names.filter(({ isThere }) => !isThere)).to.deep.equal([]);
    expect(names.filter(({ entry, isSame }) => !TWICE.includes(entry) && !isSame)).to.deep.equal([]);
  });

  it('can be imported, every entry of it, where CommonJS cannot require ES modules', async () => {
    const source = `await Promise.all(${JSON.stringify(entries)}.map((entry) => import(entry)));`;
    await writeFile(join(consumer.folder, 'import.mjs'), source);
    const args = ['--no-experimental-require-module', 'import.mjs'];
    expect(await runTool(process.execPath, args, consumer.folder)).to.deep.equal({ code: 0, stdout: '', stderr: '' });
  });

  it('lets the one recognize the errors of the other', async () => {
    const source = `
      import { createRequire } from 'node:module';
      import { LockoutConfigError, LockoutRefusedError } from 'passport-lockout';
      const require = createRequire(import.meta.url);
      const { withLockout } = require('passport-lockout');
      const { Strategy } = require('passport-local');
      const wrap = (options) => withLockout(new Strategy((username, password, done) => done(null, false)), options);
      const strategy = wrap({ tiers: [{ failures: 1, cooloff: { minutes: 15 } }], onLocked: 'error' });
      strategy.lockout.on('warning', () => {});
      const body = { username: 'alice', password: 'wrong' };
      const req = { method: 'POST', url: '/', headers: {}, body, query: {}, ip: '203.0.113.9', socket: {} };
      const login = () => new Promise((fail, error) => Object.assign(Object.create(strategy), { fail, error }).authenticate(req));
      await login().catch((error) => console.log(error.code, error instanceof LockoutRefusedError));
      try { wrap({ tires: [] }); } catch (error) { console.log(error.code, error instanceof LockoutConfigError); }
    `;
    const { stdout, stderr } = await consumer.run('errors.mjs', source);

    expect(stderr).to.equal('');
    expect(stdout).to.equal('ERR_LOCKOUT_LOCKED true\nERR_LOCKOUT_OPTION_UNKNOWN true\n');
  });

  it('understands the durations of luxon as ES modules, and hands out what these recognize', async () => {
    const source = `
      import { Duration } from 'luxon';
      import { exponentialLadder } from 'passport-lockout';
      const [{ cooloff }] = exponentialLadder({ after: 3, base: Duration.fromObject({ minutes: 1 }), cap: { days: 1 } });
      console.log(Duration.isDuration(cooloff), Duration.fromObject({ minutes: 1 }).plus(cooloff).toMillis());
    `;
    const { stdout, stderr } = await consumer.run('durations.mjs', source);

    expect(stderr).to.equal('');
    expect(stdout).to.equal('true 120000\n');
  });
});
