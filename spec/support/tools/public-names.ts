/** Every name that a user of the package may come across, read from its built declarations and from the command's own help. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { REPOSITORY } from './package/repository.js';

const DECLARATIONS = join(REPOSITORY, '.build', 'types');
/** The entries of the package. */
const ENTRIES = [
  'index.d.ts',
  'stores/mongo/index.d.ts',
  'stores/redis/index.d.ts',
  'metrics/otel/index.d.ts',
  'metrics/prometheus/index.d.ts',
  'nest/index.d.ts',
  'admin/index.d.ts',
  'testing/index.d.ts',
];
/** What lies in the database, read by people, and what a store of one's own puts on an error: not exported. */
const UNEXPORTED = [
  ['LockoutDocument', 'stores/mongo/lockout-document.d.ts'],
  ['AttemptDocument', 'stores/mongo/attempt-document.d.ts'],
  ['ActivityDocument', 'stores/mongo/activity-document.d.ts'],
  ['HourDocument', 'stores/mongo/hour-document.d.ts'],
  ['Unanswered', 'util/unanswered.d.ts'],
] as const;

const EXPORTS = /^export (?:type )?\{([^}]*)\} from '([^']+)';/gm;
const NAMESPACES = /^export \* as (\w+) from '([^']+)';/gm;
/** As tsc prints them: a member stands four blanks in, and what is nested has `readonly` before it. What is called shows `()`. */
const MEMBER = /^ {4}(?:readonly |static |get )*(\w+)\??([:(<])|\breadonly (\w+)\??:/gm;

/** The names, each with where it stands. */
export function declaredNames(): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  const add = (name: string, place: string) => names.set(name, [...(names.get(name) ?? []), place]);
  for (const entry of ENTRIES) {
    for (const [name, file] of exportsOf(join(DECLARATIONS, entry))) {
      add(isFunction(name, file) ? `${name}()` : name, entry);
      for (const member of membersOf(name, file)) add(member, name);
    }
  }
  for (const [name, file] of UNEXPORTED)
    for (const member of membersOf(name, join(DECLARATIONS, file))) add(member, name);
  return names;
}

function exportsOf(path: string): readonly (readonly [string, string])[] {
  const text = readFileSync(path, 'utf8');
  const fileOf = (from = '') => resolve(dirname(path), from.replace(/\.js$/, '.d.ts'));
  const listed = [...text.matchAll(EXPORTS)].flatMap(([, list = '', from]) =>
    namesOf(list).map((name) => [name, fileOf(from)] as const),
  );
  const spaces = [...text.matchAll(NAMESPACES)].flatMap(([, name = '', from]) => [
    [name, fileOf(from)] as const,
    ...exportsOf(fileOf(from)),
  ]);
  return [...listed, ...spaces];
}

function namesOf(list: string): readonly string[] {
  return list
    .split(',')
    .map((item) => item.trim().replace(/^type /, ''))
    .filter((item) => item !== '');
}

/** Those of an interface, a class, or the objects of a type; none of a function or a constant. */
function membersOf(name: string, file: string): readonly string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*.*?\*\//gs, '');
  const declaration = new RegExp(
    `^export (?:declare )?(?:abstract )?(?:interface|class|type) ${name}\\b.*?(?=^export |^declare |(?!.))`,
    'ms',
  ).exec(text);
  const members = [...(declaration?.[0] ?? '').matchAll(MEMBER)].map(([, own, sign, nested]) =>
    own === undefined ? (nested ?? '') : `${own}${sign === ':' ? '' : '()'}`,
  );
  return members.filter((member) => member !== 'constructor()');
}

function isFunction(name: string, file: string): boolean {
  return new RegExp(`^export declare function ${name}\\b`, 'm').test(readFileSync(file, 'utf8'));
}
