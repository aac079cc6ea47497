/** F47: the package as it is published, its ESM and its CommonJS copy in one process. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const require = createRequire(import.meta.url);
const OPTIONS = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  lockCacheTtl: { seconds: 0 },
} as const;
const ALICE = { username: 'alice' };

describeMongo('Two copies of the package on one connection', () => {
  let database: MongoDatabase;
  before(async () => {
    database = await MongoDatabase.create();
  });
  after(() => database.drop());

  it('F47 work side by side on one store', async () => {
    const copies = [
      { root: await import('passport-lockout'), mongo: await import('passport-lockout/mongo') },
      { root: require('passport-lockout'), mongo: require('passport-lockout/mongo') },
    ] as const;
    expect(copies[0].mongo.MongoStore).not.to.equal(copies[1].mongo.MongoStore);
    const [esm, cjs] = copies.map(({ root, mongo }) => {
      return new root.Lockout({ ...PATIENT, ...OPTIONS, store: new mongo.MongoStore(database.connection) });
    });
    let blocked = 0;
    for (const lockout of [esm, cjs]) lockout.on('username_blocked', () => (blocked += 1));

    const wrong = async () => false;
    const guesses = [esm, cjs].flatMap((lockout) => Array.from({ length: 30 }, () => lockout.protect(ALICE, wrong)));
    const outcomes: string[] = (await Promise.all(guesses)).map(({ outcome }) => outcome);

    expect(outcomes.filter((outcome) => outcome === 'failed')).to.have.length(3);
    expect(blocked).to.equal(1);
    for (const lockout of [esm, cjs]) expect((await lockout.status(ALICE)).locked).to.equal(true);
    expect(await cjs.unblock(ALICE)).to.equal(true);
    expect((await esm.protect(ALICE, () => true)).outcome).to.equal('succeeded');
    await esm.close();
    await cjs.close();
    const { items } = await esm.attempts({ limit: 1_000 });
    expect(items.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).to.equal(61);
  });
});
