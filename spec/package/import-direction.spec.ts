/** DESIGN: imports go one way. The linter's rules are tried on made-up files, since a rule that never fires looks like a kept one. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from '../support/tools/package/repository.js';
import { runTool, toolPath } from '../support/tools/package/run-tool.js';

const ABOVE_ALL = ['lockout.js', 'with-lockout.js', 'index.js'];
const ABOVE_POLICY = [
  'engine/engine.js',
  'stores/store.js',
  'passport/guard.js',
  'http/respond.js',
  'options/resolve.js',
];
const ADAPTERS = ['stores/memory.js', 'stores/mongo/mongo-store.js', 'stores/redis/redis-store.js'];

/** Paths are relative to lib. */
const RULES = [
  {
    from: ['policy/made-up.ts', 'subject/made-up.ts'],
    forbidden: [...ABOVE_ALL, ...ABOVE_POLICY, ...ADAPTERS],
    allowed: ['policy/state.js', 'subject/key.js', 'errors.js'],
  },
  {
    from: ['stores/made-up.ts', 'stores/mongo/made-up.ts'],
    forbidden: [...ABOVE_ALL, 'engine/engine.js', 'passport/guard.js', 'http/respond.js'],
    allowed: ['stores/store.js', 'policy/state.js', 'options/validate.js', 'errors.js'],
  },
  {
    from: [
      'engine/made-up.ts',
      'http/made-up.ts',
      'options/made-up.ts',
      'checks/made-up.ts',
      'messages/made-up.ts',
      'events.ts',
      'masking.ts',
    ],
    forbidden: [...ABOVE_ALL, ...ADAPTERS, 'passport/guard.js'],
    allowed: ['stores/store.js', 'policy/state.js', 'subject/key.js', 'errors.js'],
  },
  {
    from: ['passport/made-up.ts'],
    forbidden: [...ABOVE_ALL, ...ADAPTERS, 'stores/store.js'],
    allowed: ['engine/engine.js', 'subject/key.js', 'errors.js'],
  },
  {
    from: ['lockout.ts', 'with-lockout.ts'],
    forbidden: ['index.js', 'stores/mongo/mongo-store.js', 'stores/redis/redis-store.js'],
    allowed: ['engine/engine.js', 'stores/memory.js', 'options/resolve.js', 'errors.js'],
  },
  {
    from: ['testing/made-up.ts', 'testing/model/made-up.ts'],
    forbidden: [...ABOVE_ALL, ...ADAPTERS, 'engine/engine.js', 'passport/guard.js', 'http/respond.js'],
    allowed: [
      'stores/store.js',
      'stores/attempt-log.js',
      'stores/replies.js',
      'policy/state.js',
      'options/validate.js',
    ],
  },
  {
    from: ['cli/made-up.ts', 'cli/commands/made-up.ts'],
    forbidden: ['with-lockout.js', 'index.js', 'passport/guard.js', 'http/respond.js'],
    allowed: ['lockout.js', 'engine/management.js', 'stores/mongo/mongo-store.js', 'subject/ip.js', 'errors.js'],
  },
  { from: ['errors.ts'], forbidden: ['events.js', 'policy/state.js', 'index.js'], allowed: [] },
];

describe('the import directions', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passport-lockout-imports-'));
    await copyFile(join(REPOSITORY, '.biome.json'), join(folder, '.biome.json'));
    // Biome takes an empty one for none.
    await writeFile(join(folder, '.gitignore'), 'node_modules\n');
  });
  after(() => rm(folder, { recursive: true }));

  for (const { from, forbidden, allowed } of RULES) {
    for (const file of from) {
      it(`let lib/${file} import what lies below it and nothing above`, async () => {
        const path = join(folder, 'lib', file);
        await mkdir(dirname(path), { recursive: true });
        const imports = [...allowed, ...forbidden];
        await writeFile(path, imports.map((target) => `export * from '${relativeTo(file, target)}';\n`).join(''));

        const lines = await restrictedLines(path, folder);

        await rm(path);
        expect(lines.map((line) => imports[line - 1])).to.have.members(forbidden);
      });
    }
  }

  it('allow no cycle', async () => {
    await mkdir(join(folder, 'lib'), { recursive: true });
    await writeFile(join(folder, 'lib', 'one.ts'), `import { two } from './two.js';\nexport const one = () => two;\n`);
    await writeFile(join(folder, 'lib', 'two.ts'), `import { one } from './one.js';\nexport const two = () => one;\n`);
    expect(await lint(join(folder, 'lib', 'one.ts'), folder)).to.include('lint/suspicious/noImportCycles');
  });
});

function relativeTo(file: string, target: string): string {
  const depth = file.split('/').length - 1;
  return (depth === 0 ? './' : '../'.repeat(depth)) + target;
}

/** Where the rule fired in this file. */
async function restrictedLines(path: string, folder: string): Promise<readonly number[]> {
  const findings = (await lint(path, folder)).matchAll(/:(\d+):\d+: lint\/style\/noRestrictedImports/g);
  return [...findings].map(([, line]) => Number(line));
}

/** One line per finding: `file:line:column: rule: message`. */
async function lint(path: string, folder: string): Promise<string> {
  const args = ['lint', '--colors=off', '--reporter=concise', '--max-diagnostics=none', path];
  const { stdout, stderr } = await runTool(toolPath('biome'), args, folder);
  return stdout + stderr;
}
