/** Loads the lockout that a module of the application exports. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, parse, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Lockout } from '../lockout.js';
import { hasEngine } from '../util/engine-symbol.js';
import { messageOf } from './databases/database.js';
import { maskCredentials } from './escape.js';
import { CliError, EXIT } from './exit.js';

/** Where applications have their JavaScript, as written or as compiled. */
const APP_FOLDERS = ['.', './dist', './dist/src', './build', './src'];

/** @throws {CliError} if the module cannot be loaded, or exports no lockout */
export async function importLockout(path: string, cwd: string): Promise<Lockout> {
  const lockout = await importExport(path, cwd);
  if (isLockout(lockout)) return lockout;
  throw new CliError(EXIT.usage, `${path} exports no Lockout: expected one as its default export or as \`lockout\``);
}

async function importExport(path: string, cwd: string): Promise<unknown> {
  try {
    // Resolved as Node does from there: with or without extension, a folder, or a package.
    const file = resolveFrom(cwd, path);
    const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const exported = loaded['default'] as Record<string, unknown> | undefined;
    return await (loaded['lockout'] ?? exported?.['lockout'] ?? exported);
  } catch (error) {
    const hint = isSource(path, error) ? compiledHint(path) : placeHint(path, cwd);
    throw new CliError(EXIT.usage, `cannot load ${path}: ${maskCredentials(messageOf(error))}${hint}`);
  }
}

function resolveFrom(cwd: string, path: string): string {
  // Node uses only the folder; the file need not exist, and no message names it.
  const require = createRequire(join(cwd, 'here.js'));
  const candidates = path.startsWith('.') || path.startsWith('/') ? [path] : [`./${path}`, path];
  for (const candidate of candidates) {
    try {
      return require.resolve(candidate);
    } catch {
      // Try the next one.
    }
  }
  throw new Error(`no such file or package, looking from ${cwd}`);
}

/** Whether Node.js could not load a file because it, or what it imports, is TypeScript. */
function isSource(path: string, error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return /\.[cm]?ts$/.test(path) && /^ERR_(?:UNKNOWN_FILE|MODULE_NOT_FOUND|UNSUPPORTED_TYPESCRIPT)/.test(code ?? '');
}

function compiledHint(path: string): string {
  const { name, ext } = parse(path);
  return `; name the compiled file, such as ./dist/${name}${ext.replace('ts', 'js')}, or see tsx in docs/operations.md`;
}

/** Names a file that was probably meant, if there is none where `path` says. */
function placeHint(path: string, cwd: string): string {
  if (existsSync(resolve(cwd, path))) return '';
  const places = APP_FOLDERS.map((folder) => `${folder}/${basename(path)}`);
  const there = places.find((place) => existsSync(resolve(cwd, place)));
  return there === undefined ? '' : `; there is ${there}`;
}

/** Also true for a lockout made by another copy of this package, or by its other module format. */
function isLockout(value: unknown): value is Lockout {
  return hasEngine(value);
}
