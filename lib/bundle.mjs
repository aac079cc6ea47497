/**
 * Makes `dist` out of the sources and of their declarations in `.build/types`: a file for each entry, and chunks for what entries
 * share, so that an application that uses two of them has each class once. The code is CommonJS, and ES modules name what they
 * take from it: an application that imports and requires has each class once, too. Comments stay in the declarations, where
 * editors show them; code keeps its lines and names, so that it and its stack traces can be read.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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
const CODE = join(ROOT, '.build', 'code');
const DIST = join(ROOT, 'dist');
const CJS = join(DIST, 'cjs');
const ESM = join(DIST, 'esm');
/** What `exports` in package.json points to, without its extension. */
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
/**
 * Entries of which the code that needs a peer is there in both formats: Nest 12 and Preact 11 consist of ES modules, which CommonJS
 * cannot require in Node before 22.12 and in Jest.
 */
const ALSO_ESM = ['admin/index', 'nest/index'];
/** What every application uses; they and what they need are the chunk that all entries share. */
const CORE = ['lockout', 'passport/with-lockout'];
const SHARED = 'lockout';

const { dependencies, peerDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const isOf = (names) => (id) => names.some((name) => id === name || id.startsWith(`${name}/`));
const isDependency = isOf(Object.keys(dependencies));
const isPeer = isOf(Object.keys(peerDependencies));
/** What users have installed stays outside; of other packages, what is used goes in. */
const external = (id) => isBuiltin(id) || isDependency(id) || isPeer(id);
/** The entry of lru-cache itself is minified. */
const alias = { 'lru-cache': 'lru-cache/raw' };

await rm(DIST, { recursive: true, force: true });
await writeCode();
await writeWrappers(await writeCommonJs());
await writeDeclarations();

/** Bundles the sources as ES modules, which bundlers know best what to leave out of. */
async function writeCode() {
  const core = await modulesFor(CORE);
  const main = await modulesFor(['index']);
  main.delete(join(LIB, 'index.ts'));
  const imported = new Map();
  const withPeers = new Set();
  const roomOf = (id) => ALSO_ESM.map(dirname).find((room) => id.startsWith(join(LIB, room)));
  const code = await bundleOf([...ENTRIES, COMMAND], {
    name: 'imports',
    moduleParsed: ({ id, importedIds }) => void imported.set(id, importedIds),
    buildEnd: () => addImporters(withPeers, imported),
  });
  await rm(CODE, { recursive: true, force: true });
  const { output } = await code.write({
    dir: CODE,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: {
      // A group takes along what its modules import, unless an earlier one has it.
      groups: [
        { name: SHARED, test: (id) => core.has(id) },
        { name: 'main', test: (id) => main.has(id) },
        { name: roomOf, debugName: 'rooms', test: (id) => roomOf(id) !== undefined && !withPeers.has(id) },
      ],
    },
    minifyInternalExports: false,
    comments: false,
    keepNames: true,
  });
  await mkdir(DIST);
  await writeFile(join(DIST, 'LICENSES.txt'), await licensesOf(modulesOf(output)));
}

function bundleOf(entries, ...plugins) {
  const tsconfig = join(ROOT, 'tsconfig.json');
  const input = inputs(entries, LIB, '.ts');
  return rolldown({ input, external, platform: 'node', resolve: { alias }, tsconfig, plugins });
}

async function modulesFor(entries) {
  const bundle = await bundleOf(entries);
  const { output } = await bundle.generate({ format: 'esm' });
  return new Set(modulesOf(output));
}

/** Adds the modules that import a peer, and those that import one of them. */
function addImporters(withPeers, imported) {
  const before = withPeers.size;
  for (const [id, ids] of imported) if (ids.some((other) => isPeer(other) || withPeers.has(other))) withPeers.add(id);
  if (withPeers.size > before) addImporters(withPeers, imported);
}

/** The files that something is left of. */
function modulesOf(chunks) {
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules ?? {}));
  return modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([id]) => id);
}

/** Returns the chunks. */
async function writeCommonJs() {
  const code = await rollup({ input: inputs([...ENTRIES, COMMAND], CODE, '.js'), external });
  const { output } = await code.write({
    dir: CJS,
    format: 'cjs',
    preserveModules: true,
    preserveModulesRoot: CODE,
    // As Node imports CommonJS.
    interop: 'default',
    externalLiveBindings: false,
    generatedCode: 'es2015',
  });
  await code.close();
  // The nearest package.json is the one that counts, for bundlers as well.
  await writeFile(join(CJS, 'package.json'), JSON.stringify({ type: 'commonjs', sideEffects: false }));
  return output;
}

async function writeWrappers(chunks) {
  for (const entry of ENTRIES) {
    const file = join(ESM, `${entry}.js`);
    const toCommonJs = relative(dirname(file), CJS);
    const chunk = chunks.find(({ fileName }) => fileName === `${entry}.js`);
    // Missing, they are an error of this import: one in CommonJS below it ends the process in Node 20, even if it is caught.
    const peers = chunk.imports.filter(isPeer).map((peer) => `import '${peer}';\n`);
    const wrapper = [...peers, ...exportsOf(chunk, toCommonJs)].join('');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, ALSO_ESM.includes(entry) ? await esmOf(entry, toCommonJs) : wrapper);
    // Declared once: to TypeScript, a class declared twice is two classes.
    await writeFile(file.replace('.js', '.d.ts'), `export * from '${toCommonJs}/${entry}.js';\n`);
  }
}

/** Exports each name from the chunk that has it: bundlers leave out a whole file of CommonJS, or nothing of it. */
function exportsOf({ fileName, exports, importedBindings }, toCommonJs) {
  const fileOf = (name) =>
    Object.keys(importedBindings).find((file) => importedBindings[file].includes(name)) ?? fileName;
  const files = [...new Set(exports.map(fileOf))];
  const namesOf = (file) => exports.filter((name) => fileOf(name) === file).join(', ');
  return files.map((file) => `export { ${namesOf(file)} } from '${toCommonJs}/${file}';\n`);
}

/** Returns the code of an entry as an ES module, which takes from CommonJS what it shares with others. */
async function esmOf(entry, toCommonJs) {
  const code = await readFile(join(CODE, `${entry}.js`), 'utf8');
  return code.replace(/^import "[^"]+";\n/gm, '').replaceAll('"../chunks/', `"${toCommonJs}/chunks/`);
}

async function writeDeclarations() {
  const declarations = await rollup({ input: inputs(ENTRIES, TYPES, '.d.ts'), external, plugins: [dts()], onLog });
  await declarations.write({
    dir: CJS,
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'chunks/[name].d.ts',
    manualChunks: (id) => (isForAll(id) ? SHARED : undefined),
  });
  await declarations.close();
}

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

function inputs(entries, folder, extension) {
  return Object.fromEntries(entries.map((entry) => [entry, join(folder, `${entry}${extension}`)]));
}
