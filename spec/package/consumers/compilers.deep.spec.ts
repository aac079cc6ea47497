/** The declarations of the packed package, compiled by every TypeScript from the oldest that we name, with each way to find modules. */
import { Project, withPnpm } from '../../support/consumers/project.js';
import { readManifest } from '../../support/tools/package/repository.js';

const VERSIONS = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0'];
/** Packages of others take each of them seconds to read. */
const VERSIONS_WITH_PEERS = ['5.4', '5.9', '6.0', '7.0'];
const RESOLUTIONS = [
  { resolution: 'node10', module: 'commonjs', extensions: ['ts'] },
  { resolution: 'node16', module: 'node16', extensions: ['mts', 'cts'] },
  { resolution: 'bundler', module: 'esnext', extensions: ['ts'] },
];
/** TypeScript 7 has removed it. */
const hasResolution = (version: string, resolution: string) => resolution !== 'node10' || !version.startsWith('7');

/** With a mistake that must be seen: where the package's types are not found, everything is allowed. */
const MAIN = `
  import { Lockout, MemoryStore, withLockout, type LockoutOptions, type WithLockout } from 'passport-lockout';
  import { RedisStore } from 'passport-lockout/redis';

  class OwnStrategy {
    name = 'own';
    _verify = (username: string, done: (error: unknown, user?: object | false) => void) => done(null, { username });
    authenticate(): void {}
  }
  const options: LockoutOptions = { tiers: [{ failures: 3, cooloff: { minutes: 15 } }], store: new MemoryStore() };
  export const strategy: WithLockout<OwnStrategy> = withLockout(new OwnStrategy(), new Lockout(options));
  strategy.lockout.on('username_blocked', ({ failures, lockedUntil }) => console.log(failures + 1, lockedUntil?.toISOString()));
  // @ts-expect-error
  withLockout(new OwnStrategy(), { forgetAfer: 'PT1H' });
  // @ts-expect-error
  new RedisStore(1);
`;

/** Every entry, with a value of which something that does not exist is asked. */
const ENTRIES = [
  ['admin', 'createAdmin'],
  ['mongo', 'MongoStore'],
  ['nest', 'LockoutModule'],
  ['otel', 'instrumentLockout'],
  ['prometheus', 'collectLockoutMetrics'],
  ['redis', 'RedisStore'],
  ['testing', 'storeContract'],
]
  .map(
    ([entry, name]) => `import { ${name} } from 'passport-lockout/${entry}';\n// @ts-expect-error\n${name}.missing;\n`,
  )
  .join('');

const PROJECTS = [
  {
    title: 'of the main entry and the Redis store, with nothing else installed',
    versions: VERSIONS,
    source: MAIN,
    peers: [],
    options: [],
  },
  {
    title: 'of every entry, with the packages that they need',
    versions: VERSIONS_WITH_PEERS,
    source: ENTRIES,
    peers: [
      '@nestjs/common',
      '@opentelemetry/api',
      'fast-check',
      'mongoose',
      'preact',
      'preact-render-to-string',
      'prom-client',
    ],
    // Declarations of other packages may need a later TypeScript.
    options: ['--skipLibCheck'],
  },
];

for (const { title, versions: compilers, source, peers, options } of PROJECTS) {
  describe(`The declarations ${title}`, function () {
    this.timeout(600_000);
    let project: Project;

    before(async () => {
      const { devDependencies } = await readManifest();
      const versions = Object.fromEntries(
        ['@types/node', 'passport', ...peers].map((name) => [name, devDependencies[name] ?? '']),
      );
      project = await Project.create(withPnpm, versions);
      await project.write({ 'use.ts': source, 'use.mts': source, 'use.cts': source });
    });
    after(() => project?.remove());

    for (const version of compilers) {
      for (const { resolution, module, extensions } of RESOLUTIONS) {
        if (!hasResolution(version, resolution)) continue;
        it(`compile strictly in TypeScript ${version} with moduleResolution ${resolution}`, async () => {
          const files = extensions.map((extension) => `use.${extension}`);
          const deprecated = version === '6.0' && resolution === 'node10' ? ['--ignoreDeprecations', '6.0'] : [];
          const how = ['--module', module, '--moduleResolution', resolution, '--target', 'es2022', '--types', 'node'];
          const tsc = project.tools.path(`typescript${version}`, 'bin', 'tsc');

          await project.node(tsc, '--strict', '--noEmit', ...how, ...options, ...deprecated, ...files);
        });
      }
    }
  });
}
