/**
 * `npm run bench:calls`: counts how many calls of our own functions one login makes, and how deep the stack gets. V8 counts
 * calls by its precise coverage, and depth by stepping through one login. Fails if a failed login makes more than promised.
 */
import { once } from 'node:events';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createCases } from './calls-cases.js';
import { describeMachine, toTable } from './report.js';

/** What the bounds are promised for; the other cases are shown beside it. */
const PROMISED = 'failed login';
const MAX_CALLS = 200;
const MAX_DEPTH = 20;
const OURS = new URL('../lib/', import.meta.url).href;

interface Count {
  readonly calls: number;
  readonly functions: number;
  readonly files: number;
}

/** Counts the calls of one login, including closures but not the bodies of modules. */
async function countCalls(login: () => void): Promise<Count> {
  const session = new Session();
  session.connect();
  const post = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await post('Profiler.takePreciseCoverage');
  login();
  const { result } = (await post('Profiler.takePreciseCoverage')) as {
    result: { url: string; functions: { ranges: { count: number }[] }[] }[];
  };
  await post('Profiler.stopPreciseCoverage');
  session.disconnect();
  const ours = result
    .filter(({ url }) => url.startsWith(OURS))
    .map(({ functions }) => functions.map(({ ranges }) => ranges[0]?.count ?? 0).filter((count) => count > 0))
    .filter((counts) => counts.length > 0);
  const counts = ours.flat();
  return { calls: counts.reduce((sum, count) => sum + count, 0), functions: counts.length, files: ours.length };
}

/** Returns the most of our frames on the stack at once, counted by a second thread that steps through one login. */
async function measureDepth(login: () => void): Promise<number> {
  const worker = new Worker(fileURLToPath(new URL('./calls-stepper.js', import.meta.url)), { workerData: OURS });
  await once(worker, 'message');
  // biome-ignore lint/suspicious/noDebugger: this is where the stepper begins
  debugger;
  login();
  endOfLogin();
  const [depth] = (await once(worker, 'message')) as [number];
  await worker.terminate();
  return depth;
}

/** The stepper recognises its name and stops. */
function endOfLogin(): void {}

const rows: string[][] = [];
const over: string[] = [];
for (const { name, login } of createCases()) {
  // Once before, because what the first login creates and keeps is not part of a login.
  for (let done = 0; done < 3; done += 1) login();
  await new Promise((resolve) => setImmediate(resolve));
  const { calls, functions, files } = await countCalls(login);
  const depth = await measureDepth(login);
  rows.push([name, String(calls), String(functions), String(files), String(depth)]);
  if (name === PROMISED && (calls > MAX_CALLS || depth > MAX_DEPTH)) over.push(`${calls} calls, ${depth} deep`);
}
console.log(describeMachine());
console.log('passport-local through Passport with the lockout (username and ip, memory store)\n');
console.log(toTable([['our own', 'calls', 'functions', 'files', 'deepest stack'], ...rows]));
console.log(
  `\na ${PROMISED}: at most ${MAX_CALLS} calls and ${MAX_DEPTH} deep: ${over.length === 0 ? 'yes' : `no: ${over.join(', ')}`}`,
);
if (over.length > 0) process.exitCode = 1;
