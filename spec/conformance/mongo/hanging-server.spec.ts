/** A flood of logins while the server hangs. `HANG_SECONDS=30` runs it for the required time. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Connection } from 'mongoose';
import { Lockout } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../../support/servers/mongo-server/test-environment.js';
import { TcpProxy } from '../../support/servers/tcp-proxy.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { atDepth } from '../../support/tools/depth.js';
import { until } from '../../support/tools/until.js';

const SECONDS = Number(process.env['HANG_SECONDS'] ?? atDepth({ quick: 2, deep: 5 }));
const PER_SECOND = 200;
const TICK_MS = 10;
const STORE_TIMEOUT_MS = 1_000;
/** A record seen before is updated while others are inserted. */
const COMMANDS = 2;
/** This number of requests has timed out when the lockout stops calling, with 100 calls unanswered. */
const KNOWN_AFTER = 100;
/** By then a request is answered on the slowest machine; the driver by itself would go on for ever. */
const LATE_MS = 20_000;

interface LoginResult {
  readonly outcome: string;
  readonly ms: number;
}

/** Operations the driver has been given and not finished, those that wait for a connection included. */
class Backlog {
  now = 0;

  constructor(connection: Connection) {
    const client = connection.getClient();
    client.on('connectionCheckOutStarted', () => {
      this.now += 1;
    });
    client.on('connectionCheckOutFailed', () => {
      this.now -= 1;
    });
    client.on('connectionCheckedIn', () => {
      this.now -= 1;
    });
  }
}

describeMongo('With a MongoDB server that hangs during a flood, a lockout', () => {
  it(`F34 answers ${PER_SECOND} requests a second for ${SECONDS} s in time, without a growing queue, and recovers`, async function () {
    this.timeout(SECONDS * 1_000 + 120_000);
    const database = await MongoDatabase.create();
    const proxy = await TcpProxy.start(mongoUri());
    const connection = await database.connect({}, proxy.uri).asPromise();
    const lockout = new Lockout({
      store: new MongoStore(connection),
      storeTimeout: { milliseconds: STORE_TIMEOUT_MS },
    });
    const backlog = new Backlog(connection);
    const login = async (index: number): Promise<LoginResult> => {
      const startedAt = performance.now();
      const { outcome } = await lockout.protect({ username: `user ${index}`, ip: '203.0.113.9' }, () => true);
      return { outcome, ms: performance.now() - startedAt };
    };
    let answered = 0;
    const count = async (login: Promise<LoginResult>) => {
      const result = await login;
      answered += 1;
      return result;
    };
    await until(async () => (await login(0)).outcome === 'succeeded');
    proxy.hang();

    const answers: Promise<LoginResult>[] = [];
    /** Once the server is known to hang. */
    const backlogs: number[] = [];
    const startedAt = performance.now();
    while (answers.length < SECONDS * PER_SECOND) {
      const due = Math.ceil(((performance.now() - startedAt) / 1_000) * PER_SECOND);
      while (answers.length < Math.min(due, SECONDS * PER_SECOND)) answers.push(count(login(answers.length)));
      if (answered > KNOWN_AFTER) backlogs.push(backlog.now);
      await delay(TICK_MS);
    }
    const given = await Promise.all(answers);

    expect(new Set(given.map(({ outcome }) => outcome))).to.deep.equal(new Set(['refused']));
    expect(Math.max(...given.map(({ ms }) => ms))).to.be.below(LATE_MS);
    // No more than a probe now and then.
    const probes = (performance.now() - startedAt) / STORE_TIMEOUT_MS;
    expect(backlogs).not.to.deep.equal([]);
    expect(Math.max(...backlogs) - (backlogs[0] ?? 0)).to.be.at.most(COMMANDS * Math.ceil(probes));
    expect(proxy.open).to.be.below(110);

    await proxy.resume();
    await until(async () => (await login(0)).outcome === 'succeeded');
    await until(() => backlog.now <= 1);
    // Slots that were taken by answers that came too late are given back then.
    await until(async () => (await lockout.list({ locked: false })).items.length === 0);

    await lockout.close();
    await database.drop();
    await proxy.close();
  });
});
