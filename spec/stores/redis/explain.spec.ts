/** The refusals of a real server, with what helps. Redis 6.2 quotes the error of a command in a script, with a dash before its code. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout } from '../../../lib/index.js';
import { explained } from '../../../lib/stores/redis/explain.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { RedisServer } from '../../support/servers/redis-server.js';
import { PATIENT } from '../../support/stores/patient.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };

describe('RedisStore explains', () => {
  const REFUSALS: readonly {
    title: string;
    options: readonly string[];
    user?: readonly string[];
    message: RegExp;
  }[] = [
    {
      title: 'full memory',
      options: ['--maxmemory', '1'],
      message: /(?:^| -)OOM .*\(the memory of Redis is full.* raise maxmemory/,
    },
    {
      title: 'missing replicas',
      options: ['--min-replicas-to-write', '1'],
      message: /(?:^| -)NOREPLICAS .*min-replicas-to-write demands; bring them back/,
    },
    {
      title: 'a replica',
      options: ['--replicaof', '127.0.0.1', '1', '--replica-serve-stale-data', 'yes'],
      message: /(?:^| -)READONLY .*this server is a replica; connect to the primary/,
    },
    {
      title: 'a missing right to run scripts',
      options: [],
      user: ['~*', '+@all', '-evalsha', '-eval'],
      message: /^NOPERM .*lacks a right/,
    },
    { title: 'a missing right of a script', options: [], user: ['~*', '+@all', '-mget'], message: /lacks a right/ },
    { title: 'a missing right to the keys', options: [], user: ['~other:*', '+@all'], message: /lacks a right/ },
    {
      title: 'a cluster without slots',
      options: ['--cluster-enabled', 'yes'],
      message: /^CLUSTERDOWN .*the cluster does not serve this key/,
    },
  ];
  for (const { title, options, user, message } of REFUSALS) {
    it(`${title}, in the cause of a store_error`, async () => {
      const server = await RedisServer.start(...options);
      const admin = createClient({ url: server.url, disableClientInfo: true });
      const client = createClient({
        url: server.url,
        disableClientInfo: true,
        ...(user && { username: 'app', password: 'secret' }),
      });
      for (const each of [admin, client]) each.on('error', () => {});
      try {
        await admin.connect();
        if (user) await admin.sendCommand(['ACL', 'SETUSER', 'app', 'on', '>secret', ...user]);
        await client.connect();
        const lockout = new Lockout({ ...PATIENT, store: new RedisStore(client), attemptLog: 'off' });
        const causes: unknown[] = [];
        lockout.on('store_error', ({ error }) => causes.push(error.cause));
        await lockout.protect(ALICE, () => true).catch(() => {});
        expect(causes[0]).to.be.an('error').with.property('message').that.matches(message);
      } finally {
        admin.destroy();
        client.destroy();
        await server.stop();
      }
    });
  }

  const MESSAGES: readonly (readonly [string, RegExp])[] = [
    ['LOADING Redis is loading the dataset in memory', /still loading its data/],
    ["CROSSSLOT Keys in request don't hash to the same slot", /must contain a hash tag/],
    ['MOVED 8531 127.0.0.1:7001', /part of a cluster; create the client with createCluster/],
    ['MISCONF Redis is configured to save RDB snapshots', /cannot save to disk/],
    ['NOAUTH Authentication required.', /demands a password; give it to the client/],
    ['WRONGPASS invalid username-password pair or user is disabled.', /does not know this user or password/],
    [
      "ERR Error running script (call to f_0): @user_script:1: @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.",
      /the memory of Redis is full/,
    ],
  ];
  for (const [message, remedy] of MESSAGES) {
    it(`'${message.slice(0, 40)}…', and keeps it as the cause`, () => {
      const error = new Error(message);
      const { message: told, cause } = explained(error) as Error;
      expect(told.startsWith(message)).to.equal(true);
      expect(told).to.match(remedy);
      expect(cause).to.equal(error);
    });
  }

  it('nothing that it does not know', () => {
    const error = new Error('ERR unknown command');
    expect(explained(error)).to.equal(error);
    expect(explained('no error')).to.equal('no error');
  });
});
