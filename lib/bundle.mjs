/**
 * Makes `dist` out of the sources and of their declarations in `.build/types`: a file for each entry in both module formats, and
 * chunks for what entries share, so that an application that uses two of them has each class once. Comments stay in the
 * declarations, where editors show them; code keeps its lines and names, so that it and its stack traces can be read.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { licensesOf } from './licenses.mjs';

const LIB = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(LIB);
const TYPES = join(ROOT, '.build', 'types');
/** What `exports` and `bin` in package.json point to, without its extension. */
const ENTRIES = [
  'index',
  'admin/index',
  'metrics/otel/index',
  'metrics/prometheus/index',
  'nest/index',
  'stores/mongo/index',
  'stores/redis/index',
  'testing/index',
];
const COMMAND = 'cli/bin';
const FORMATS = [
  { format: 'esm', entries: [...ENTRIES, COMMAND] },
  { format: 'cjs', entries: ENTRIES },
];

const { dependencies, peerDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const installed = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
/** What users have installed stays outside; of other packages, what is used goes in. */
const external = (id) => isBuiltin(id) || installed.some((name) => id === name || id.startsWith(`${name}/`));
/** The entry of lru-cache itself is minified. */
const alias = { 'lru-cache': 'lru-cache/raw' };
const inputs = (entries, folder, extension) =>
  Object.fromEntries(entries.map((entry) => [entry, join(folder, `${entry}${extension}`)]));

const declarations = await rollup({ input: inputs(ENTRIES, TYPES, '.d.ts'), external, plugins: [dts()], onLog });
const chunks = [];
for (const { format, entries } of FORMATS) {
  const dir = join(ROOT, 'dist', format);
  await rm(dir, { recursive: true, force: true });
  const code = await rolldown({
    input: inputs(entries, LIB, '.ts'),
    external,
    platform: 'node',
    resolve: { alias },
    tsconfig: join(ROOT, 'tsconfig.json'),
  });
  const { output } = await code.write({
    dir,
    format,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments: false,
    keepNames: true,
  });
  chunks.push(...output);
}
await writeFile(join(ROOT, 'dist', 'LICENSES.txt'), await licensesOf(chunks));
const [ESM, CJS] = FORMATS.map(({ format }) => join(ROOT, 'dist', format));
await writeFile(join(CJS, 'package.json'), '{"type":"commonjs"}');
// Declared once: to TypeScript, a class declared twice is two classes. ES modules may import from CommonJS, not the other way round.
await declarations.write({
  dir: CJS,
  format: 'es',
  entryFileNames: '[name].d.ts',
  chunkFileNames: 'chunks/[name].d.ts',
  manualChunks: (id) => (isForAll(id) ? 'lockout' : undefined),
});
for (const entry of ENTRIES) {
  const file = join(ESM, `${entry}.d.ts`);
  const declared = relative(dirname(file), join(CJS, `${entry}.js`));
  await writeFile(file, `export * from '${declared}';\n`);
}
await declarations.close();

/**
 * Whether declarations are of the main entry's. They stay together: of a namespace such as `policy`, the plugin takes types of another
 * chunk for values. What only one entry needs may need a package that only its users have.
 */
function isForAll(id) {
  const folders = ENTRIES.map((entry) => dirname(entry)).filter((folder) => folder !== '.');
  return !folders.some((folder) => id.startsWith(join(TYPES, folder)));
}

/** The functions and types of `policy` are exported as its members, and by no other name. */
function onLog(level, log, handler) {
  if (log.message?.includes('private shared type exports')) return;
  handler(level, log);
}
