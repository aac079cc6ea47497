/** Compiles code blocks of the documentation with the project's own compiler and settings. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeBlock } from './markdown.js';
import { REPOSITORY } from './package/repository.js';

const TSC = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));

/** The root's settings, which are strict; its `outDir`, in which the blocks lie, would otherwise be left out. */
const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    noEmit: true,
    allowJs: true,
    checkJs: true,
    types: ['node', 'mocha'],
    // The package is found by its `exports`, with the types of the block's own format.
    paths: {},
    noPropertyAccessFromIndexSignature: false,
    // For those on Nest.
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    erasableSyntaxOnly: false,
  },
  include: ['**/*'],
  exclude: ['node_modules'],
};

/** Packages that come without types. */
const UNTYPED = [
  'passport-google-oauth20',
  'passport-http',
  'passport-http-bearer',
  'passport-jwt',
  'passport-ldapauth',
];

const FOLDERS = { ts: 'esm', js: 'cjs' } as const;

export interface Compilation {
  readonly status: number | null;
  readonly messages: string;
  /** Every file it has seen. */
  readonly files: readonly string[];
}

/**
 * Where a block belongs: `ts` is an ES module, `js` is CommonJS. One that begins with `// lockout.ts` gets this name, so that
 * the others of its page can import it.
 */
export function pathOfBlock(page: string, language: 'ts' | 'js', { line, code }: CodeBlock): string {
  const [, name = `line-${line}.${language}`] = /^\/\/ (\S+\.[tj]s)\n/.exec(code) ?? [];
  return `${page}/${FOLDERS[language]}/${name}`;
}

/**
 * @param folder - directly below `.build`; emptied first
 * @param files - their contents, by paths that `pathOfBlock` gives
 */
export function writeBlocks(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  // A package of another format in between has no name: the blocks find ours where applications do.
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(REPOSITORY, join(folder, 'node_modules', 'passport-lockout'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  writeFileSync(join(folder, 'untyped.d.ts'), UNTYPED.map((name) => `declare module '${name}';\n`).join(''));
  for (const [path, code] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    const type = path.includes(`/${FOLDERS.js}/`) ? 'commonjs' : 'module';
    writeFileSync(join(dirname(file), 'package.json'), JSON.stringify({ type }));
  }
}

export function compileBlocks(folder: string, files: ReadonlyMap<string, string>): Compilation {
  writeBlocks(folder, files);
  const args = [TSC, '-p', folder, '--pretty', 'false', '--listFiles'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const lines = stdout.split('\n');
  const isFile = (line: string) => line.startsWith('/') && !line.includes(': ');
  return { status, messages: lines.filter((line) => !isFile(line)).join('\n') + stderr, files: lines.filter(isFile) };
}
