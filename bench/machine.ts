/** The facts without which a figure means nothing. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { toMiB } from './report.js';

export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'an unknown processor';
  return `Node ${process.version}, ${availableParallelism()} cores of ${model}, ${toMiB(totalmem())} MiB, ${process.platform} ${process.arch}`;
}
