/** Memory: whether the heap after a collection grows, by the line of least squares through its samples. */
import type { Line } from '../records.js';

export interface HeapTrend {
  /** MiB a minute, of the second half of the process's life; the first is warming up. */
  readonly slope: number;
  readonly lastMiB: number;
  readonly samples: number;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
const MIB = 2 ** 20;

/** Of the process that lived longest; undefined with fewer than four samples in its second half. */
export function heapTrend(journals: readonly (readonly Line[])[]): HeapTrend | undefined {
  const trends = journals.map(trendOf).filter((trend) => trend !== undefined);
  return trends.sort((a, b) => b.minutes - a.minutes)[0];
}

function trendOf(lines: readonly Line[]): HeapTrend | undefined {
  const all = lines.flatMap((line) => (line.t === 'heap' ? [{ x: line.at / MINUTE_MS, y: line.bytes / MIB }] : []));
  const samples = all.slice(Math.floor(all.length / 2));
  const first = samples[0];
  const last = samples.at(-1);
  if (samples.length < 4 || !first || !last) return undefined;
  const meanX = mean(samples.map(({ x }) => x));
  const meanY = mean(samples.map(({ y }) => y));
  const above = samples.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const below = samples.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return { slope: above / below, lastMiB: last.y, samples: samples.length, minutes: last.x - first.x };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
