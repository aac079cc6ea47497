/** Tasks on as many threads as there are cores. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Run, Task } from './task.js';

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

/** @param use - is given what runs a task; when it is done, the threads end */
export async function withThreads<T>(use: (run: Run) => Promise<T>): Promise<T> {
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(WORKER));
  const idle = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  const take = () => {
    const worker = idle.pop();
    return worker ? Promise.resolve(worker) : new Promise<Worker>((resolve) => waiting.push(resolve));
  };
  const run: Run = async (task: Task) => {
    const worker = await take();
    worker.postMessage(task);
    const [result] = await once(worker, 'message');
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
    return result;
  };
  try {
    return await use(run);
  } finally {
    for (const worker of workers) await worker.terminate();
  }
}
