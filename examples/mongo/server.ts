/**
 * The login example on MongoDB: two processes behind one port that count together.
 *
 * `MONGODB_URI=mongodb://... npm run example:mongo` builds and runs it; `PORT` chooses the port (default 3000, 0 for any
 * that is free).
 */
import cluster from 'node:cluster';
import { runPrimary } from './primary.js';

if (cluster.isPrimary) {
  runPrimary();
} else {
  const { runWorker } = await import('./worker.js');
  await runWorker();
}
