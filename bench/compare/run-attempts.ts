/** Makes attempts of one contender, and takes their time. */
import type { Attempt } from './cases.js';
import { type Contender, PLAIN } from './contender.js';
import { toMedian } from './spread.js';

export async function attempt({ name, login, mayFail }: Contender, made: Attempt): Promise<void> {
  const status = await login(made);
  // What others refuse, plain Passport answers as it is.
  const isRight = made.statuses.includes(status) || name === PLAIN || (mayFail && status === 503);
  if (!isRight) {
    throw new Error(
      `${name}, ${made.username}: expected one of the answers ${made.statuses.join(', ')}, got ${status}`,
    );
  }
}

/** Returns copies as a request brings them: no string is shared, none has been hashed. The contender is ready for them. */
export async function prepared(contender: Contender, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  await contender.prepare?.(attempts);
  return JSON.parse(JSON.stringify(attempts)) as readonly Attempt[];
}

export interface Sequence {
  /** Median time from request to answer, in microseconds. */
  readonly p50Us: number;
  /** Mean of the same, without the slowest hundredth: there the machine did something else. */
  readonly meanUs: number;
  /** Processor time of this process for each, in microseconds, with garbage collection and what was left for later turns. */
  readonly cpuUs: number;
}

const COUNTED_PART = 0.99;

export async function inSequence(contender: Contender, attempts: readonly Attempt[]): Promise<Sequence> {
  const nanoseconds = new Float64Array(attempts.length);
  const cpuBefore = process.cpuUsage();
  let last = process.hrtime.bigint();
  for (let index = 0; index < attempts.length; index += 1) {
    await attempt(contender, attempts[index] as Attempt);
    const now = process.hrtime.bigint();
    nanoseconds[index] = Number(now - last);
    last = now;
  }
  await nextTurn();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    p50Us: toMedian([...nanoseconds]) / 1000,
    meanUs: toMean(nanoseconds.toSorted().subarray(0, Math.ceil(attempts.length * COUNTED_PART))) / 1000,
    cpuUs: (user + system) / attempts.length,
  };
}

/** Makes attempts by several clients at once, each one after the other; returns logins per second. */
export async function inParallel(contender: Contender, attempts: readonly Attempt[], clients: number): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const client = async () => {
    while (next < attempts.length) {
      const index = next;
      next += 1;
      await attempt(contender, attempts[index] as Attempt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return attempts.length / ((performance.now() - startedAt) / 1000);
}

/** Lets work that a login leaves for later turns be done before another contender is timed. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function toMean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
