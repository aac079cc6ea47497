/** `npm run bench:heap`: measures what a flood of made-up usernames costs in memory; fails if it is more than promised. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type MemoryReport, toMiB, toTable } from './report.js';

const BUDGET_MIB = 700;
/**
 * If the machine has memory to spare, V8 lets garbage pile up to as much again as is in use, in some runs more than in others.
 * With a limit it collects in time, and the figure is what the process needs.
 */
const HEAP_LIMIT_MIB = 600;

const execArgv = ['--expose-gc', `--max-old-space-size=${HEAP_LIMIT_MIB}`];
const child = fork(join(import.meta.dirname, 'heap-child.js'), { execArgv });
const ended = once(child, 'exit');
const answer = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
await ended;
if (answer === undefined) throw new Error(`the measured process ended without a report, exit code ${child.exitCode}`);
const report = answer[0] as MemoryReport;

const growth = report.heapAfter - report.heapBefore;
console.log(
  `a failed login each for ${report.subjects.toLocaleString('en')} random usernames, old space limited to ${HEAP_LIMIT_MIB} MiB, ${report.seconds.toFixed(1)} s\n`,
);
console.log(
  toTable([
    ['MiB', 'before', 'after', 'growth'],
    ['heap', ...[report.heapBefore, report.heapAfter, growth].map((bytes) => String(toMiB(bytes)))],
    [
      'rss',
      ...[report.rssBefore, report.rssAfter, report.rssAfter - report.rssBefore].map((bytes) => String(toMiB(bytes))),
    ],
    ['rss, peak', '', String(toMiB(report.rssPeak)), ''],
  ]),
);
const isWithin = toMiB(Math.max(report.rssPeak, report.rssAfter)) <= BUDGET_MIB;
console.log(
  `\n${Math.round(growth / report.subjects)} bytes of heap per username; within ${BUDGET_MIB} MiB at its peak: ${isWithin ? 'yes' : 'no'}`,
);
if (!isWithin) process.exitCode = 1;
