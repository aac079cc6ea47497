/**
 * `npm test` runs all specs but those of `*.deep.spec.ts`, which `npm run test:deep` runs. Spec files run in random
 * order, so that none leans on another; MOCHA_SEED=<number> repeats an order.
 */
const { readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

/**
 * A worker writes its coverage when it ends. On a busy machine that takes minutes, and mocha's pool would kill it after a
 * second: the coverage of half of the specs would be lost. So the pool waits for the end, for as long as a timer can.
 */
const WORKER_END_MS = 2 ** 31 - 1;
const workerpool = require(require.resolve('workerpool', { paths: [require.resolve('mocha')] }));
const createPool = workerpool.pool;
// Not mocha's `node-option`, for which it starts another process: the pool would be that one's.
const SOURCE_MAPS = { execArgv: [...process.execArgv, '--enable-source-maps'] };
workerpool.pool = (script, options) =>
  createPool(script, { ...options, forkOpts: SOURCE_MAPS, workerTerminateTimeout: WORKER_END_MS });
process.setSourceMapsEnabled(true);

const SPECS = join(__dirname, '.build', 'spec');
const IS_DEEP = process.env.SPEC_DEPTH === 'deep';

function specFiles() {
  return readdirSync(SPECS, { recursive: true })
    .filter((name) => name.endsWith('.spec.js') && name.endsWith('.deep.spec.js') === IS_DEEP)
    .sort()
    .map((name) => join(SPECS, name));
}

function shuffle(items, seed) {
  let state = seed;
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

// What this run leaves out is said by .ci/left-out.cjs.
rmSync(join(__dirname, '.build', 'left-out.jsonl'), { force: true });

/** `mocha .build/spec/errors.spec.js` runs that file alone. */
const isNamed = process.argv.slice(2).some((argument) => argument.endsWith('.js') && argument.includes('spec'));

const seed = Number(process.env.MOCHA_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.error(`MOCHA_SEED=${seed}`);

module.exports = {
  ...(isNamed ? {} : { spec: shuffle(specFiles(), seed) }),
  require: [
    join(SPECS, 'support', 'servers', 'mongo-server', 'root-hooks.js'),
    join(SPECS, 'support', 'tools', 'untouched-requests.js'),
  ],
  parallel: true,
  jobs: 3,
  'forbid-only': Boolean(process.env.CI),
  'forbid-pending': false,
  // For what hangs; a spec is never failed for its slowness.
  timeout: 120_000,
};
