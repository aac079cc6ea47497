/** F47: the package as it is published, twice in one process, as where two packages of an application bring their own. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { REPOSITORY } from '../../support/tools/package/repository.js';

const require = createRequire(import.meta.url);
const OPTIONS = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  lockCacheTtl: { seconds: 0 },
} as const;
const ALICE = { username: 'alice' };

describeMongo('Two copies of the package on one connection', () => {
  let database: MongoDatabase;
  let folder: string;
  before(async () => {
    database = await MongoDatabase.create();
    // Below the repository, where what it depends on is found.
    folder = await mkdtemp(join(REPOSITORY, '.build', 'copy-'));
    await cp(join(REPOSITORY, 'dist'), join(folder, 'dist'), { recursive: true });
  });
  after(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  it('F47 work side by side on one store', async () => {
    const copies = [
      { root: await import('passport-lockout'), mongo: await import('passport-lockout/mongo') },
      {
        root: require(join(folder, 'dist/cjs/index.js')),
        mongo: require(join(folder, 'dist/cjs/stores/mongo/index.js')),
      },
    ] as const;
    expect(copies[0].mongo.MongoStore).not.to.equal(copies[1].mongo.MongoStore);
    const [one, other] = copies.map(({ root, mongo }) => {
      return new root.Lockout({ ...PATIENT, ...OPTIONS, store: new mongo.MongoStore(database.connection) });
    });
    let blocked = 0;
    for (const lockout of [one, other]) lockout.on('username_blocked', () => (blocked += 1));

    const wrong = async () => false;
    const guesses = [one, other].flatMap((lockout) => Array.from({ length: 30 }, () => lockout.protect(ALICE, wrong)));
    const outcomes: string[] = (await Promise.all(guesses)).map(({ outcome }) => outcome);

    expect(outcomes.filter((outcome) => outcome === 'failed')).to.have.length(3);
    expect(blocked).to.equal(1);
    for (const lockout of [one, other]) expect((await lockout.status(ALICE)).locked).to.equal(true);
    expect(await other.unblock(ALICE)).to.equal(true);
    expect((await one.protect(ALICE, () => true)).outcome).to.equal('succeeded');
    await one.close();
    await other.close();
    const { items } = await one.attempts({ limit: 1_000 });
    expect(items.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).to.equal(61);
  });
});
