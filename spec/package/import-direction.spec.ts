/**
 * Imports go one way: down the table of rooms in lib/README.md. The real imports are read, and the linter's rules are tried
 * on made-up files, since a rule that never fires looks like a kept one.
 */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from '../support/tools/package/repository.js';
import { runTool, toolPath } from '../support/tools/package/run-tool.js';

const LIB = join(REPOSITORY, 'lib');
const PORTS = ['stores/store.js', 'stores/attempt-log.js'];
const ADAPTERS = ['stores/memory/memory-store.js', 'stores/mongo/mongo-store.js', 'stores/redis/redis-store.js'];
/** The class names its default store, the command those that it is given. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ADAPTERS,
  'cli/': ADAPTERS,
  'lockout.ts': ['stores/memory/memory-store.js'],
};

describe('The rooms of lib', () => {
  let rooms: readonly string[];
  let files: readonly string[];

  before(async () => {
    const readme = await readFile(join(LIB, 'README.md'), 'utf8');
    rooms = [...readme.matchAll(/^\| `(?<room>[\w./-]+)` \|/gm)].map(({ groups }) => groups?.['room'] as string);
    files = (await readdir(LIB, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  });

  it('have one line each in lib/README.md', () => {
    expect(rooms).to.have.members([...new Set(files.map(roomOf))]);
    expect(new Set(rooms).size).to.equal(rooms.length);
  });

  it('import only rooms that stand below them there', async () => {
    const upwards: string[] = [];
    for (const file of files) {
      for (const target of await importsOf(file)) {
        if (rooms.indexOf(roomOf(target)) < rooms.indexOf(roomOf(file))) upwards.push(`${file} -> ${target}`);
      }
    }
    expect(upwards).to.deep.equal([]);
  });

  it('have an index.ts only as an entry of the package, which only the root index.ts imports', async () => {
    const entries = files.filter((file) => posix.basename(file) === 'index.ts');
    const exported = await readFile(join(REPOSITORY, 'package.json'), 'utf8');
    for (const entry of entries) {
      // The rules are the name `policy` of the root entry.
      if (entry !== 'policy/index.ts') expect(exported).to.include(`./dist/esm/${entry.replace('.ts', '.js')}`);
    }
    for (const file of files.filter((name) => name !== 'index.ts')) {
      expect(await importsOf(file), file).not.to.include.members(entries);
    }
  });

  it('import mongoose only in stores/mongo and where the command connects', async () => {
    const knowing: string[] = [];
    for (const file of files) {
      const source = await readFile(join(LIB, file), 'utf8');
      if (/^(?! *\*).*(?:from|import\() ?'mongoose'/m.test(source)) knowing.push(posix.dirname(file));
    }
    expect([...new Set(knowing)]).to.have.members(['stores/mongo', 'cli/databases']);
  });
});

describe('The linter', () => {
  let folder: string;
  let rooms: readonly string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passport-lockout-imports-'));
    await copyFile(join(REPOSITORY, '.biome.json'), join(folder, '.biome.json'));
    // Biome takes an empty one for none.
    await writeFile(join(folder, '.gitignore'), 'node_modules\n');
    const readme = await readFile(join(LIB, 'README.md'), 'utf8');
    rooms = [...readme.matchAll(/^\| `(?<room>[\w./-]+)` \|/gm)].map(({ groups }) => groups?.['room'] as string);
  });
  after(() => rm(folder, { recursive: true }));

  it('forbids each room to import those above it, and allows those below', async () => {
    const wrong: string[] = [];
    const importers = new Map(rooms.slice(1).map((room) => [madeUpIn(room), room]));
    const targets = [...new Set([...rooms.map(targetIn), ...ADAPTERS, ...PORTS])];
    for (const file of importers.keys()) {
      await mkdir(dirname(join(folder, 'lib', file)), { recursive: true });
      const lines = targets.map((target) => `export * from '${relativeTo(file, target)}';\n`);
      await writeFile(join(folder, 'lib', file), lines.join(''));
    }

    const found = await restrictedLines(folder);

    for (const [file, room] of importers) {
      for (const [index, target] of targets.entries()) {
        const isForbidden = found.get(file)?.has(index + 1) ?? false;
        if (isForbidden !== mustForbid(room, target)) wrong.push(`${file} -> ${target}: forbidden ${isForbidden}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('forbids import cycles', async () => {
    await mkdir(join(folder, 'lib'), { recursive: true });
    await writeFile(join(folder, 'lib', 'one.ts'), `import { two } from './two.js';\nexport const one = () => two;\n`);
    await writeFile(join(folder, 'lib', 'two.ts'), `import { one } from './one.js';\nexport const two = () => one;\n`);
    expect(await lint(join(folder, 'lib', 'one.ts'), folder)).to.include('lint/suspicious/noImportCycles');
  });

  function mustForbid(room: string, target: string): boolean {
    if (target.endsWith('index.js')) return true;
    const from = rooms.indexOf(room);
    const to = rooms.indexOf(roomOf(target.replace(/\.js$/, '.ts')));
    if (to < from) return true;
    if (!ADAPTERS.includes(target) || room === 'stores/') return false;
    return !MAY_IMPORT[room]?.includes(target);
  }
});

/** The folder of a path relative to lib, or the file itself where it lies loose. */
function roomOf(path: string): string {
  return path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path;
}

function madeUpIn(room: string): string {
  return room.endsWith('/') ? `${room}made-up.ts` : room;
}

function targetIn(room: string): string {
  if (room === 'stores/') return PORTS[0] as string;
  return room.endsWith('/') ? `${room}something.js` : room.replace(/\.ts$/, '.js');
}

/** What a file of lib imports of lib. */
async function importsOf(file: string): Promise<readonly string[]> {
  const source = await readFile(join(LIB, file), 'utf8');
  return [...source.matchAll(/(?:from|import\() ?'(?<path>\.{1,2}\/[^']+)'/g)].map(({ groups }) =>
    posix.join(posix.dirname(file), groups?.['path'] as string).replace(/\.js$/, '.ts'),
  );
}

function relativeTo(file: string, target: string): string {
  const depth = file.split('/').length - 1;
  return (depth === 0 ? './' : '../'.repeat(depth)) + target;
}

/** The lines where the rule fired, by file. */
async function restrictedLines(folder: string): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const found = new Map<string, Set<number>>();
  const rule = /lib\/(?<file>\S+?):(?<line>\d+):\d+: lint\/style\/noRestrictedImports/g;
  for (const { groups } of (await lint(join(folder, 'lib'), folder)).matchAll(rule)) {
    const file = groups?.['file'] as string;
    found.set(file, (found.get(file) ?? new Set()).add(Number(groups?.['line'])));
  }
  return found;
}

/** One line per finding: `file:line:column: rule: message`. */
async function lint(path: string, folder: string): Promise<string> {
  const args = ['lint', '--colors=off', '--reporter=concise', '--max-diagnostics=none', path];
  const { stdout, stderr } = await runTool(toolPath('biome'), args, folder);
  return stdout + stderr;
}
