/** The attempt log as operators read it, on each store that has one. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import mongoose9, { type Connection } from 'mongoose';
import { Lockout, LockoutConfigError, LockoutStoreError, MemoryStore } from '../../lib/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../support/servers/mongo-server/test-environment.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';
import { itRefusesBadQueries } from './attempts/bad-queries.js';
import { itFinds } from './attempts/filtered.js';
import { ALICE, type CreateStore, LogSite, right, wrong } from './attempts/log-site.js';
import { itTurnsPages } from './attempts/pages.js';
import { itTellsTheStory } from './attempts/story.js';

const require = createRequire(import.meta.url);
/** Not imported, since its types only declare a module named `mongoose`, which here is version 9. */
const mongoose8 = require('mongoose8') as typeof mongoose9;

function itAnswersAttempts(createStore: CreateStore): void {
  const site = new LogSite(createStore);

  beforeEach(() => site.start());
  afterEach(() => site.lockout.close());

  itTellsTheStory(site);
  itFinds(site);
  itTurnsPages(site);
  itRefusesBadQueries(site);
}

describe('Lockout.attempts (MemoryStore)', () => {
  itAnswersAttempts((clock) => new MemoryStore({ clock: clock.read }));

  it('keeps the newest maxAttempts entries', async () => {
    const lockout = new Lockout({ store: new MemoryStore({ maxAttempts: 2 }) });
    for (const username of ['a', 'b', 'c']) await lockout.protect({ username }, wrong);

    expect((await lockout.attempts()).items.map(({ username }) => username)).to.deep.equal(['c', 'b']);
  });
});

for (const [version, mongoose] of [
  ['8', mongoose8],
  ['9', mongoose9],
] as const) {
  describeMongo(`Lockout.attempts (MongoStore, mongoose ${version})`, function () {
    this.timeout(60_000);
    const dbName = `lockout-attempts-${version}-${process.pid}`;
    let connection: Connection;
    let stores = 0;

    before(async () => {
      expect(mongoose.version.split('.')[0]).to.equal(version);
      connection = await mongoose.createConnection(mongoUri(), { dbName }).asPromise();
    });
    after(async () => {
      await connection.dropDatabase();
      await connection.close();
    });

    itAnswersAttempts((clock) => {
      stores += 1;
      return new MongoStore(connection, { prefix: `s${stores}_`, clock: clock.read });
    });
  });
}

describe('Lockout.attempts without an attempt log', () => {
  it('rejects', async () => {
    const error = await new Lockout({ store: new SlowStore() }).attempts().catch((thrown: unknown) => thrown);

    expect(error)
      .to.be.instanceOf(LockoutConfigError)
      .with.property('message', 'attempts(): expected a store with an attempt log, got one without');
  });

  it('leaves logins working, without any option', async () => {
    const lockout = new Lockout({ store: new SlowStore() });

    expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
  });
});

describe('Lockout.attempts on a failing attempt log', () => {
  it('rejects with the error', async () => {
    const store = new MemoryStore();
    const lockout = new Lockout({ store });
    const events = new EventLog(lockout);
    Object.assign(store.attemptLog, { query: () => Promise.reject(new Error('disk gone')) });

    const error = await lockout.attempts().catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_FAILED');
    expect(events.of('store_error').map(({ operation }) => operation)).to.deep.equal(['query']);
  });

  it("F43 does not affect a login, in the background or with attemptLog: 'await'", async () => {
    for (const attemptLog of ['background', 'await'] as const) {
      const store = new MemoryStore();
      Object.assign(store.attemptLog, { append: () => Promise.reject(new Error('disk full')) });
      const lockout = new Lockout({ store, attemptLog });
      const events = new EventLog(lockout);

      expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
      await lockout.close();

      expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_LOG_LOST']);
    }
  });
});
