import { hasMongoSuites, leaveOutMongoSuites } from './describe-mongo.js';
import { type MongoServer, startMongoServer } from './mongo-server.js';
import { reportProgress } from './progress.js';
import { unavailableVariable, uriVariable } from './test-environment.js';

let server: MongoServer | undefined;

/**
 * Starts the server once for the whole run. Where there is none the suites of `describeMongo` are left out, except under `CI`, where a run that quietly left them out would count as passed.
 */
export async function mochaGlobalSetup(this: unknown): Promise<void> {
  const knownReason = process.env[unavailableVariable];
  if (knownReason) {
    doWithout(knownReason);
  } else if (!process.env[uriVariable] && mayNeedServer(this)) {
    const result = await startMongoServer();
    if ('unavailable' in result) {
      doWithout(result.unavailable);
    } else {
      server = result;
      process.env[uriVariable] = result.uri;
    }
  }
}

/** Gives the server back; it ends unless another run or the CLI keeps it. */
export async function mochaGlobalTeardown(): Promise<void> {
  if (server !== undefined) {
    delete process.env[uriVariable];
    await server.stop();
    server = undefined;
  }
}

function doWithout(reason: string): void {
  if (process.env.CI) {
    throw new Error(`CI is set and there is no MongoDB server: ${reason}`);
  }
  reportProgress(`there is no server: ${reason}`);
  process.env[unavailableVariable] = reason;
  leaveOutMongoSuites();
}

/**
 * False for a run whose loaded files hold no Mongo suite, such as a single spec of the policy. In a parallel run the
 * files are loaded by the workers, and nothing is known here.
 */
function mayNeedServer(runner: unknown): boolean {
  const loadedTests = runner instanceof Object && 'total' in runner ? runner.total : 0;
  return hasMongoSuites() || loadedTests === 0;
}
