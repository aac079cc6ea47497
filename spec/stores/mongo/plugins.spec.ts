/** Plugins that the application adds to all of its models: for tenants, soft deletion or identifiers. */
import { expect } from 'chai';
import mongoose from 'mongoose';
import { Lockout } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../../support/servers/mongo-server/test-environment.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const ALICE = { username: 'alice', ip: '203.0.113.1' };
const OUR_INDEXES = [
  '_id_',
  'dimension_1_lockedUntil_1__id_1',
  'lockedUntil_1__id_1',
  'parts.ip_1__id_1',
  'parts.username_1__id_1',
  'passport_lockout_ttl',
];

describeMongo('Plugins of the application', () => {
  let database: MongoDatabase;
  let connection: mongoose.Connection;

  beforeEach(async () => {
    database = await MongoDatabase.create();
  });
  afterEach(async () => {
    await database.drop();
    await connection.close(true);
  });

  async function lockoutWith(plugin: (schema: mongoose.Schema) => void, of: 'mongoose' | 'connection') {
    const own = new mongoose.Mongoose();
    if (of === 'mongoose') own.plugin(plugin);
    connection = own.createConnection(mongoUri(), { dbName: database.name });
    if (of === 'connection') connection.plugin(plugin);
    const tiers = [{ failures: 3, cooloff: { minutes: 15 } }];
    const lockout = new Lockout({
      ...PATIENT,
      secret: SECRET,
      tiers,
      attemptLog: 'await',
      store: new MongoStore(connection),
    });
    lockout.on('warning', () => undefined);
    return lockout;
  }

  const PLUGINS: Readonly<Record<string, (schema: mongoose.Schema) => void>> = {
    'that refuse what names no tenant': (schema) => {
      const refuse = () => {
        throw new Error('no tenant');
      };
      schema.pre('aggregate', refuse);
      schema.pre(['find', 'findOne', 'findOneAndUpdate'], refuse);
    },
    'that want an identifier of their own in each document': (schema) => {
      schema.add({ uuid: { type: String, required: true, unique: true } });
    },
  };
  for (const of of ['mongoose', 'connection'] as const) {
    for (const [what, plugin] of Object.entries(PLUGINS)) {
      it(`${what}, of the whole ${of}, do not affect the store: logins are counted, and it has no index of theirs`, async () => {
        const lockout = await lockoutWith(plugin, of);
        const outcomes: string[] = [];
        for (let index = 0; index < 4; index += 1) {
          outcomes.push((await lockout.protect(ALICE, () => false)).outcome);
        }
        expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
        expect(await lockout.check()).to.deep.equal([]);
        const names = (await database.connection.collection('lockouts').indexes()).map(({ name }) => name);
        expect(names.sort()).to.deep.equal(OUR_INDEXES);
      });
    }
  }

  it('that show only documents of a tenant do not hide that a collection is somebody else’s', async () => {
    await database.connection.collection('lockouts').insertOne({ tenant: 'other', title: 'theirs' });
    const lockout = await lockoutWith((schema) => {
      schema.pre('aggregate', function onlyOwn() {
        this.pipeline().unshift({ $match: { tenant: 'acme' } });
      });
    }, 'mongoose');

    expect((await lockout.protect(ALICE, () => false)).outcome).to.equal('refused');
    expect((await lockout.check()).map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_COLLECTION_FOREIGN']);
  });
});
