/** The packed package as Node loads it, from a project that has nothing but its declared dependencies. */
import { join } from 'node:path';
import { expect } from 'chai';
import { Consumer } from '../support/tools/package/consumer.js';
import { readManifest } from '../support/tools/package/repository.js';
import { runTool } from '../support/tools/package/run-tool.js';

const DOCUMENTED_NAMES = [
  'Lockout',
  'LockoutConfigError',
  'LockoutError',
  'LockoutRefusedError',
  'LockoutStoreError',
  'MemoryStore',
  'canonicalUsername',
  'exactName',
  'isLockedInfo',
  'exponentialLadder',
  'guessesPerYear',
  'lockoutMixin',
  'logLockout',
  'policy',
  'presets',
  'trustedProxies',
  'withLockout',
];

const OPTIONAL_PACKAGES = [
  '@nestjs/common',
  '@opentelemetry/api',
  'express',
  'ioredis',
  'mongodb',
  'mongoose',
  'passport',
  'passport-local',
  'preact',
  'prom-client',
  'redis',
];

describe('The packed package in Node', () => {
  let consumer: Consumer;

  before(async () => {
    consumer = await Consumer.create();
  });
  after(() => consumer.remove());

  const LOADERS = [
    { format: 'ESM', name: 'names.mjs', load: `import * as loaded from 'passport-lockout';` },
    { format: 'CJS', name: 'names.cjs', load: `const loaded = require('passport-lockout');` },
  ];
  for (const { format, name, load } of LOADERS) {
    it(`exports as ${format} exactly the documented names, without a word on stderr`, async () => {
      const { stdout, stderr } = await consumer.run(name, `${load} console.log(JSON.stringify(Object.keys(loaded)));`);
      expect(stderr).to.equal('');
      expect(JSON.parse(stdout)).to.have.members(DOCUMENTED_NAMES);
    });
  }

  for (const name of OPTIONAL_PACKAGES) {
    it(`loads if ${name} is not installed`, async () => {
      const { stderr } = await consumer.run('optional.cjs', `require('${name}')`);
      expect(stderr).to.include(`Cannot find module '${name}'`);
    });
  }

  it('shares a lockout between a wrapper loaded as CJS and a Lockout loaded as ESM', async () => {
    const source = `
      import { createRequire } from 'node:module';
      import { Lockout } from 'passport-lockout';
      const { withLockout } = createRequire(import.meta.url)('passport-lockout');
      const lockout = new Lockout();
      const strategy = { name: 'own', _verify(username, done) { done(null, false); }, authenticate() {} };
      console.log(withLockout(strategy, lockout).lockout === lockout);
    `;
    const { stdout, stderr } = await consumer.run('mixed.mjs', source);
    expect(stderr).to.equal('');
    expect(stdout.trim()).to.equal('true');
  });

  it('loads nothing that only another entry needs', async () => {
    const source = `
      require('passport-lockout');
      const files = Object.keys(require.cache).map((file) => file.split('/passport-lockout/dist/')[1]);
      console.log(JSON.stringify(files.filter(Boolean).sort()));
    `;
    const { stdout } = await consumer.run('loaded.cjs', source);
    expect(JSON.parse(stdout)).to.deep.equal([
      'cjs/chunks/lockout.js',
      'cjs/chunks/main.js',
      'cjs/chunks/rolldown-runtime.js',
      'cjs/index.js',
    ]);
  });

  it('hides its internal modules', async () => {
    const { stderr } = await consumer.run('inner.cjs', `require('passport-lockout/dist/cjs/lockout.js')`);
    expect(stderr).to.include('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('provides the command, which runs without a client of a database and says what is missing', async () => {
    const bin = join('node_modules', 'passport-lockout', 'dist', 'cjs', 'cli', 'bin.js');
    const { version } = await readManifest();
    const told = await runTool(process.execPath, [bin, '--version'], consumer.folder);
    expect(told).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' });
    const list = await runTool(process.execPath, [bin, 'list', '--mongo', 'mongodb://127.0.0.1:1'], consumer.folder);
    expect(list).to.deep.equal({
      code: 2,
      stdout: '',
      stderr: 'passport-lockout: the package mongoose is not installed; --mongo and MONGODB_URI need it\n',
    });
    const onRedis = await runTool(process.execPath, [bin, 'list', '--redis', 'redis://127.0.0.1:1'], consumer.folder);
    expect(onRedis).to.include({ code: 2, stdout: '' });
    expect(onRedis.stderr).to.match(/^passport-lockout: no client of Redis is installed; .+\n$/);
    const { bin: commands } = await readManifest();
    expect(commands).to.deep.equal({ 'passport-lockout': './dist/cjs/cli/bin.js' });
  });

  const APPLICATIONS = [
    { name: 'app.mjs', source: `import { Lockout } from 'passport-lockout'; export default new Lockout();` },
    { name: 'app.cjs', source: `exports.lockout = new (require('passport-lockout').Lockout)();` },
  ];
  for (const { name, source } of APPLICATIONS) {
    it(`provides the command, which finds the lockout of an application in ${name}`, async () => {
      await consumer.run(name, source);
      const bin = join('node_modules', 'passport-lockout', 'dist', 'cjs', 'cli', 'bin.js');
      const listed = await runTool(process.execPath, [bin, 'list', '--app', name], consumer.folder);
      expect(listed).to.include({ code: 0, stdout: '' });
      expect(listed.stderr).to.match(/^passport-lockout: the application keeps its lockouts in memory/);
    });
  }

  it('exports its version', async () => {
    const { stdout } = await consumer.run('version.cjs', `console.log(require('passport-lockout/package.json').name)`);
    expect(stdout.trim()).to.equal('passport-lockout');
  });
});
