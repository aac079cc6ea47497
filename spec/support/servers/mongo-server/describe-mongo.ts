import type Mocha from 'mocha';
import { type Lack, leaveOut } from '../../tools/left-out.js';
import { mongoUri, unavailableVariable } from './test-environment.js';

const LACK: Lack = {
  lack: 'a MongoDB-protocol server',
  remedy: 'install mongod, or set MONGODB_URI; on Debian as root one is built by itself',
};

/** The suites of this process, for `leaveOutMongoSuites`. */
const mongoSuites = new Set<Mocha.Suite>();

/**
 * `describe` for specs that need the server. Without one the suite is left out. Take the address with `mongoUri()` inside a
 * hook or test, and a database name of your own: the server may be shared.
 */
export function describeMongo(title: string, body: (this: Mocha.Suite) => void): void {
  const suite = describe(title, function (this: Mocha.Suite) {
    before('has a MongoDB server', () => void mongoUri());
    body.call(this);
  });
  // In a worker of a parallel run that is known before its spec files are loaded.
  if (process.env[unavailableVariable]) leaveOut(suite, LACK);
  else mongoSuites.add(suite);
}

/** Whether a loaded spec file called `describeMongo`. */
export function hasMongoSuites(): boolean {
  return mongoSuites.size > 0;
}

/** Once the files are loaded and no server was found. */
export function leaveOutMongoSuites(): void {
  for (const suite of mongoSuites) leaveOut(suite, LACK);
  mongoSuites.clear();
}
