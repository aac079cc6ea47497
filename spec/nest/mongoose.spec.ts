/** The lockout on the connection that @nestjs/mongoose opens and closes. */
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { expect } from 'chai';
import type { Connection } from 'mongoose';
import { Lockout, type WarningEvent } from '../../lib/index.js';
import { LockoutModule } from '../../lib/nest/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { PATIENT } from '../support/stores/patient.js';
import { NestApp, RIGHT } from './nest-app.js';

describeMongo('passport-lockout/nest with @nestjs/mongoose', () => {
  let database: MongoDatabase;
  before(async () => {
    database = await MongoDatabase.create();
  });
  after(() => database.drop());

  it('X34 counts on the injected connection, and writes the rest of the log before that closes', async () => {
    const warnings: WarningEvent[] = [];
    const nest = await NestApp.start({
      imports: [
        MongooseModule.forRoot(database.uri),
        LockoutModule.forRootAsync({
          inject: [getConnectionToken()],
          useFactory: (connection: Connection) => ({ store: new MongoStore(connection) }),
        }),
      ],
    });
    nest.app.get(Lockout).on('warning', (warning: WarningEvent) => warnings.push(warning));
    const statuses: number[] = [];
    for (const password of ['x', 'x', 'x', RIGHT]) statuses.push((await nest.logIn('alice', password)).status);
    await nest.close();

    expect(statuses).to.deep.equal([401, 401, 429, 429]);
    expect(warnings).to.deep.equal([]);
    const { items } = await new Lockout({ ...PATIENT, store: new MongoStore(database.connection) }).attempts();
    expect(items.map(({ outcome }) => outcome)).to.deep.equal(['refused', 'failed', 'failed', 'failed']);
  });
});
