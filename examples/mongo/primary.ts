/** The process that starts the others and ends them. */
import cluster, { type Worker } from 'node:cluster';
import { printWhatToTry } from './welcome-lines.js';

const WORKERS = 2;

const HOW_TO_GET_A_SERVER = `MONGODB_URI is not set. This example needs a MongoDB server, or one that speaks its protocol:

  MONGODB_URI=mongodb://127.0.0.1:27017/ npm run example:mongo

In a clone of this repository, the server of the specs will do (it prints the URI):

  export MONGODB_URI=$(node .build/spec/support/servers/mongo-server/cli.js start)
`;

export function runPrimary(): void {
  if (!process.env['MONGODB_URI']) {
    console.error(HOW_TO_GET_A_SERVER);
    process.exitCode = 1;
    return;
  }
  // In turns, so that it can be seen that no worker is a side door.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const workers = Array.from({ length: WORKERS }, () => cluster.fork());
  printOnceAllListen();
  endTogether(workers);
}

function printOnceAllListen(): void {
  let listening = 0;
  cluster.on('listening', (_worker, { address, port }) => {
    listening += 1;
    if (listening === WORKERS) printWhatToTry(`http://${address}:${port}`, WORKERS);
  });
}

/** One worker that fails ends the example, with its exit code; a real application would start another. */
function endTogether(workers: readonly Worker[]): void {
  const endAll = () => {
    for (const worker of workers) if (!worker.isDead()) worker.process.kill('SIGTERM');
  };
  for (const worker of workers) {
    worker.once('exit', (code) => {
      process.exitCode ||= code;
      endAll();
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, endAll);
}
