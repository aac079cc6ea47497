import Mocha from 'mocha';
import { mongoUri, unavailableVariable } from './test-environment.js';

/** The suites of this process, for `markMongoSuitesPending`. */
const mongoSuites = new Set<Mocha.Suite>();

/**
 * `describe` for specs that need the server. Without one the suite is pending, with the reason in its title. Take the
 * address with `mongoUri()` inside a hook or test, and a database name of your own: the server may be shared.
 */
export function describeMongo(title: string, body: (this: Mocha.Suite) => void): void {
  const reason = process.env[unavailableVariable];
  if (reason) {
    // A worker of a parallel run: the reason is known before its spec files are loaded.
    describe.skip(titleWith(title, reason), body);
    return;
  }
  const suite = describe(title, function (this: Mocha.Suite) {
    before('has a MongoDB server', () => void mongoUri());
    body.call(this);
  });
  mongoSuites.add(suite);
}

/** Whether a loaded spec file called `describeMongo`. */
export function hasMongoSuites(): boolean {
  return mongoSuites.size > 0;
}

/**
 * Puts in the place of each loaded suite one with the same titles and nothing to run. Marking the suites as pending
 * would not do: mocha runs the hooks of a pending suite that it met before it was marked.
 */
export function markMongoSuitesPending(reason: string): void {
  for (const suite of mongoSuites) {
    const siblings = suite.parent?.suites ?? [];
    const index = siblings.indexOf(suite);
    if (suite.parent !== undefined && index >= 0) {
      siblings[index] = titlesOnly(suite, suite.parent, titleWith(suite.title, reason));
    }
  }
  mongoSuites.clear();
}

function titlesOnly(suite: Mocha.Suite, parent: Mocha.Suite, title: string): Mocha.Suite {
  const copy = new Mocha.Suite(title, parent.ctx);
  copy.parent = parent;
  for (const test of suite.tests) {
    copy.addTest(new Mocha.Test(test.title));
  }
  copy.suites = suite.suites.map((child) => titlesOnly(child, copy, child.title));
  return copy;
}

function titleWith(title: string, reason: string): string {
  return `${title} (pending, no MongoDB server: ${reason.split('\n', 1)[0]})`;
}
