/**
 * Keeps a server running between spec runs, which then start without delay:
 * `node .build/spec/support/servers/mongo-server/cli.js start|stop|status`.
 */
import { findRunningServer, startKeptServer, stopKeptServer } from './mongo-server.js';
import { reportProgress } from './progress.js';
import { uriOf } from './running-server.js';

/** Each returns the exit code; results go to stdout, everything else to stderr. */
const commands: Readonly<Record<string, () => Promise<number>>> = { start, stop, status };

async function start(): Promise<number> {
  const server = await startKeptServer();
  if ('unavailable' in server) {
    reportProgress(`there is no server: ${server.unavailable}`);
    return 1;
  }
  reportProgress(`${server.description} stays until stop`);
  console.log(server.uri);
  return 0;
}

async function stop(): Promise<number> {
  reportProgress((await stopKeptServer()) ? 'stopped' : 'nothing to stop');
  return 0;
}

async function status(): Promise<number> {
  const running = await findRunningServer();
  if (running === undefined) {
    reportProgress('not running');
    return 1;
  }
  reportProgress(`${running.description}, ${running.isKept ? 'kept' : 'ends with its last user'}`);
  console.log(uriOf(running));
  return 0;
}

const command = commands[process.argv[2] ?? ''];
if (command === undefined) {
  reportProgress(`usage: ${Object.keys(commands).join('|')}`);
  process.exitCode = 2;
} else {
  process.exitCode = await command();
}
