/** A thread that runs one task after the other. */
import { parentPort } from 'node:worker_threads';
import { runTask, type Task } from './task.js';

parentPort?.on('message', async (task: Task) => {
  parentPort?.postMessage(await runTask(task));
});
