/** The packed package, installed by pnpm and by Yarn, on each runtime and version that we name, with nothing but what it declares. */
import { expect } from 'chai';
import { LOGIN, LOGIN_NAMES, LOGIN_OUTPUT, LOGIN_PACKAGES } from '../../support/consumers/login.js';
import { Project, withPnpm, withYarn, yarn } from '../../support/consumers/project.js';
import type { Tools } from '../../support/consumers/tools.js';

interface Runtime {
  readonly name: string;
  readonly program: (tools: Tools) => string;
  readonly args: readonly string[];
}

const RUNTIMES: readonly Runtime[] = [
  { name: 'the oldest Node of `engines`', program: (tools) => tools.path('node20', 'bin', 'node'), args: [] },
  { name: 'Node 22', program: (tools) => tools.path('node22', 'bin', 'node'), args: [] },
  { name: 'Node 24', program: (tools) => tools.path('node24', 'bin', 'node'), args: [] },
  { name: 'Bun', program: (tools) => tools.path('@oven', 'bun-linux-x64-baseline', 'bin', 'bun'), args: ['run'] },
  {
    name: 'Deno',
    program: (tools) => tools.path('@deno', 'linux-x64-glibc', 'deno'),
    args: ['run', '--allow-all', '--node-modules-dir=manual', '--no-lock', '--cached-only', '--quiet'],
  },
];

/** What one entry each needs, and those who do not use it have not installed. */
const NEEDS = [
  { entry: 'admin', needs: 'preact' },
  { entry: 'nest', needs: '@nestjs/common' },
  { entry: 'prometheus', needs: 'prom-client' },
];

describe('The packed package, installed by pnpm', function () {
  this.timeout(600_000);
  let project: Project;

  before(async () => {
    project = await Project.create(withPnpm, LOGIN_PACKAGES);
    await project.write(LOGIN);
  });
  after(() => project?.remove());

  for (const { name, program, args } of RUNTIMES) {
    for (const file of LOGIN_NAMES) {
      it(`locks a login after three failures in ${name}, as ${file}`, async () => {
        const output = await project.run(program(project.tools), [...args, file], { DENO_NO_UPDATE_CHECK: '1' });

        expect(output).to.equal(LOGIN_OUTPUT);
      });
    }
  }

  it('is run on the versions that `engines` begins with', async () => {
    const { engines } = JSON.parse(
      await project.node('-p', `JSON.stringify(require('passport-lockout/package.json'))`),
    );
    const oldest = await project.run(RUNTIMES[0]?.program(project.tools) ?? '', ['--version']);

    expect(oldest).to.match(/^v20\.19\.0\n$/);
    expect(engines).to.deep.equal({ node: '>=20.19' });
  });

  for (const entry of ['mongo', 'redis', 'otel', 'testing']) {
    it(`loads passport-lockout/${entry} without the package that its users bring`, async () => {
      expect(await project.node('-p', `Object.keys(require('passport-lockout/${entry}')).length > 0`)).to.equal(
        'true\n',
      );
    });
  }

  for (const { entry, needs } of NEEDS) {
    it(`names ${needs} as missing where passport-lockout/${entry} is loaded without it`, async () => {
      const load = `import('passport-lockout/${entry}').catch((error) => console.log(error.code, error.message))`;

      expect(await project.node('--input-type=module', '-e', load))
        .to.match(/^ERR_MODULE_NOT_FOUND /)
        .and.include(`'${needs}'`)
        .and.include('passport-lockout');
    });
  }
});

describe("The packed package, installed by Yarn as Plug'n'Play", function () {
  this.timeout(600_000);
  let project: Project;

  before(async () => {
    project = await Project.create(withYarn, LOGIN_PACKAGES);
    await project.write(LOGIN);
  });
  after(() => project?.remove());

  for (const file of LOGIN_NAMES) {
    it(`locks a login after three failures, as ${file}`, async () => {
      expect(await project.node(yarn(project.tools), 'node', file)).to.equal(LOGIN_OUTPUT);
    });
  }

  it('provides the command', async () => {
    expect(await project.node(yarn(project.tools), 'passport-lockout', '--version')).to.match(/^\d+\.\d+\.\d+\n$/);
  });
});
