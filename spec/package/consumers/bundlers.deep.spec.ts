/** The packed package in one file with its application, as bundlers make it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { LOGIN, LOGIN_NAMES, LOGIN_OUTPUT, LOGIN_PACKAGES } from '../../support/consumers/login.js';
import { Project, withPnpm } from '../../support/consumers/project.js';

/** Ours and what we depend on, minified; what is bundled today with 5 % in reserve. */
const MAX_BUNDLED_BYTES = 384_000;

const BUNDLERS: readonly { readonly name: string; bundle(project: Project, file: string): Promise<string> }[] = [
  {
    name: 'esbuild',
    async bundle(project, file) {
      await esbuild(project, file, `esbuild-${file}.cjs`);
      return `esbuild-${file}.cjs`;
    },
  },
  {
    name: 'webpack',
    async bundle(project, file) {
      const config = {
        mode: 'production',
        target: 'node20',
        entry: `./${file}`,
        output: { filename: `webpack-${file}.cjs` },
      };
      const build = `
        require(${JSON.stringify(project.tools.path('webpack'))})({ ...${JSON.stringify(config)}, context: __dirname }, (error, stats) => {
          if (error || stats.hasErrors() || stats.hasWarnings()) throw error ?? new Error(stats.toString());
        });`;
      await project.write({ 'webpack.cjs': build });
      await project.node('webpack.cjs');
      return join('dist', `webpack-${file}.cjs`);
    },
  },
  {
    name: 'vite',
    async bundle(project, file) {
      const config = {
        configFile: false,
        root: project.folder,
        logLevel: 'warn',
        ssr: { noExternal: true },
        build: { ssr: file, outDir: `vite-${file}`, rollupOptions: { output: { entryFileNames: 'login.mjs' } } },
      };
      const vite = JSON.stringify(project.tools.path('vite', 'dist', 'node', 'index.js'));
      await project.write({
        'vite.mjs': `const { build } = await import(${vite}); await build(${JSON.stringify(config)});`,
      });
      await project.node('vite.mjs');
      return join(`vite-${file}`, 'login.mjs');
    },
  },
];

describe('The packed package in a bundle', function () {
  this.timeout(600_000);
  let project: Project;

  before(async () => {
    project = await Project.create(withPnpm, LOGIN_PACKAGES);
    await project.write(LOGIN);
  });
  after(() => project?.remove());

  for (const { name, bundle } of BUNDLERS) {
    for (const file of LOGIN_NAMES) {
      it(`of ${name} locks a login after three failures, as ${file}`, async () => {
        const bundled = await bundle(project, file);

        expect(await readFile(join(project.folder, bundled), 'utf8'), 'ours is inside').to.not.match(
          /(?:from |require\()\s*["']passport/,
        );
        expect(await project.node(bundled)).to.equal(LOGIN_OUTPUT);
      });
    }
  }

  it(`takes no more than ${MAX_BUNDLED_BYTES} bytes, with all that it depends on`, async () => {
    await project.write({ 'ours.mjs': `export { withLockout, Lockout } from 'passport-lockout';` });
    await esbuild(project, 'ours.mjs', 'ours.min.mjs', '--minify', '--format=esm');

    expect((await stat(join(project.folder, 'ours.min.mjs'))).size).to.be.at.most(MAX_BUNDLED_BYTES);
  });
});

function esbuild(project: Project, file: string, outfile: string, ...options: readonly string[]): Promise<string> {
  const args = [file, '--bundle', '--platform=node', '--log-level=warning', `--outfile=${outfile}`, ...options];
  return project.node(project.tools.path('esbuild', 'bin', 'esbuild'), ...args);
}
