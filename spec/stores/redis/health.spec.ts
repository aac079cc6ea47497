/** What `check()` and the first login find on real servers whose settings lose locks. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import type { StoreTrouble } from '../../../lib/stores/store.js';
import { StoreUnderTest } from '../../../lib/testing/store-under-test.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { RedisServer } from '../../support/servers/redis-server.js';
import { PATIENT } from '../../support/stores/patient.js';
import { until } from '../../support/tools/until.js';
import { username } from '../examples.js';

const SAVED = ['--appendonly', 'yes'];

describe('RedisStore', () => {
  const servers: RedisServer[] = [];
  const clients: { destroy(): void }[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    for (const server of servers.splice(0)) await server.stop();
  });

  async function start(...options: readonly string[]): Promise<RedisServer> {
    const server = await RedisServer.start(...options);
    servers.push(server);
    return server;
  }

  async function connect({ url }: RedisServer, user?: string) {
    const client = createClient({ url, ...(user && { username: user, password: 'secret' }) });
    clients.push(client);
    return client.connect();
  }

  const findings = async (store: RedisStore) => new Lockout({ ...PATIENT, secret: SECRET, store }).check();

  describe('on check(), reports', () => {
    it('nothing of a server that keeps its data', async () => {
      const store = new RedisStore(await connect(await start(...SAVED)));
      expect(await findings(store)).to.deep.equal([]);
      expect((await store.inspect()).server).to.match(/^(?:Redis|Valkey) \d+\.\d+\.\d+$/);
    });

    it('nothing of a server that saves snapshots', async () => {
      expect(await findings(new RedisStore(await connect(await start('--save', '3600', '1'))))).to.deep.equal([]);
    });

    const SETTINGS: readonly { title: string; options: readonly string[]; code: string; message: RegExp }[] = [
      {
        title: 'a policy that evicts, and that it gives back locks',
        options: [...SAVED, '--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'],
        code: 'WARN_LOCKOUT_STORE_EVICTS',
        message: /maxmemory-policy is allkeys-lru.* gives back a lock .* set maxmemory-policy to noeviction/,
      },
      {
        title: 'a server that saves nothing to disk',
        options: [],
        code: 'WARN_LOCKOUT_STORE_FORGETS',
        message: /saves nothing to disk.* restart gives back every lock; set appendonly to yes/,
      },
    ];
    for (const { title, options, code, message } of SETTINGS) {
      it(title, async () => {
        const [finding, ...others] = await findings(new RedisStore(await connect(await start(...options))));
        expect(finding).to.deep.include({ code, option: 'store' });
        expect(finding?.message).to.match(message);
        expect(others).to.deep.equal([]);
      });
    }

    it('memory that is used for more than 80 %, and keys that were evicted', async () => {
      const client = await connect(await start(...SAVED));
      const store = new RedisStore(client);
      // Else what a server takes for itself meanwhile would fill the rest.
      await client.set('ballast', 'x'.repeat(10_000_000));
      const used = Number(/used_memory:(\d+)/.exec(String(await client.info('memory')))?.[1]);
      await client.configSet('maxmemory', String(Math.round(used * 1.1)));
      const [full, ...others] = await findings(store);
      expect(full?.code).to.equal('WARN_LOCKOUT_STORE_NEARLY_FULL');
      expect(full?.message).to.match(/^Redis uses \d+ % of its maxmemory/);
      expect(others).to.deep.equal([]);

      await client.configSet('maxmemory', '0');
      await client.set('cached', 'x');
      await client.configSet('maxmemory-policy', 'allkeys-lru');
      await client.configSet('maxmemory', '1');
      await client.set('other', 'x').catch(() => {});
      await until(async () => /evicted_keys:[1-9]/.test(String(await client.info('stats'))), 'a key was evicted');
      await client.configSet('maxmemory', '0');
      await client.configSet('maxmemory-policy', 'noeviction');
      const [evicts] = await findings(store);
      expect(evicts?.code).to.equal('WARN_LOCKOUT_STORE_EVICTS');
      expect(evicts?.message).to.match(/^Redis has evicted \d+ keys? since its start; each evicted record/);
    });

    it('memory that is full', async () => {
      const client = await connect(await start(...SAVED));
      await client.configSet('maxmemory', '1');
      const [finding] = await findings(new RedisStore(client));
      expect(finding?.code).to.equal('WARN_LOCKOUT_STORE_UNWRITABLE');
      expect(finding?.message).to.match(/refuses to write \(.*OOM .*raise maxmemory/);
    });

    it('a replica, and a primary that does not ask for its replicas', async () => {
      const primary = await start(...SAVED);
      const replica = await start(...SAVED, '--replicaof', '127.0.0.1', String(primary.port));
      const client = await connect(primary);
      await until(async () => String(await client.info('replication')).includes('state=online'), 'a replica is online');
      const [forgets, ...others] = await findings(new RedisStore(client));
      expect(forgets?.code).to.equal('WARN_LOCKOUT_STORE_FORGETS');
      expect(forgets?.message).to.match(/^Redis has 1 replica and min-replicas-to-write is 0/);
      expect(others).to.deep.equal([]);
      await client.configSet('min-replicas-to-write', '1');
      expect(await findings(new RedisStore(client))).to.deep.equal([]);

      const [unwritable] = await findings(new RedisStore(await connect(replica)));
      expect(unwritable?.code).to.equal('WARN_LOCKOUT_STORE_UNWRITABLE');
      expect(unwritable?.message).to.match(/\(.*READONLY .*this server is a replica; connect to the primary/);
    });

    it('missing replicas', async () => {
      const client = await connect(await start(...SAVED, '--min-replicas-to-write', '1'));
      const [finding] = await findings(new RedisStore(client));
      expect(finding?.code).to.equal('WARN_LOCKOUT_STORE_UNWRITABLE');
      expect(finding?.message).to.match(/\(.*NOREPLICAS .*lower it and accept that a failover gives back locks/);
    });

    it('that it cannot look, if the user may not', async () => {
      const server = await start(...SAVED);
      const admin = await connect(server);
      await admin.sendCommand(['ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-info', '-dbsize', '-config']);
      const store = new RedisStore(await connect(server, 'app'));
      expect((await findings(store)).map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_CHECK_INCOMPLETE']);
      expect((await store.inspect()).subjects).to.equal(null);
    });
  });

  it('estimates its subjects among the keys of others', async () => {
    const client = await connect(await start());
    await client.mSet(Array.from({ length: 30 }, (_, index) => [`foreign:${index}`, 'x'] as [string, string]));
    const use = new StoreUnderTest(new RedisStore(client));
    for (const name of ['a', 'b', 'c']) await use.fail(username(name), 1);
    expect((await new RedisStore(client).inspect()).subjects).to.equal(3);
  });

  describe('when it is watched', () => {
    it('reports with a login that the server evicts, once to each listener, before anything is lost', async () => {
      const store = new RedisStore(await connect(await start('--maxmemory-policy', 'volatile-lru')));
      const troubles: StoreTrouble[] = [];
      store.watch((trouble) => troubles.push(trouble));
      const use = new StoreUnderTest(store);
      await use.guess(username('alice'));
      await until(() => troubles.length > 0);
      await use.guess(username('alice'));
      store.watch((trouble) => troubles.push(trouble));
      expect(troubles.map(({ code }) => code)).to.deep.equal([
        'WARN_LOCKOUT_STORE_EVICTS',
        'WARN_LOCKOUT_STORE_EVICTS',
      ]);
      expect(await use.store.read('username=alice')).not.to.equal(null);
    });

    it('stays silent while its looks are refused', async () => {
      const server = await start();
      const admin = await connect(server);
      await admin.sendCommand(['ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-info']);
      const store = new RedisStore(await connect(server, 'app'));
      const troubles: StoreTrouble[] = [];
      store.watch((trouble) => troubles.push(trouble));
      await new StoreUnderTest(store).guess(username('alice'));
      await store.inspect();
      expect(troubles).to.deep.equal([]);
    });
  });

  it('says why it does not answer, as far as the client shows it', async () => {
    const sendCommand = async () => null;
    const call = sendCommand;
    for (const [state, why] of [
      [{ isOpen: false, isReady: false }, /is not connected; call its connect/],
      [{ isOpen: true, isReady: false }, /is not connected yet, or not again; its 'error' event/],
      [{ isOpen: true, isReady: true }, null],
      [{ call, status: 'reconnecting' }, /not connected yet, or not again/],
      [{ call, status: 'end' }, /is not connected; call its connect/],
      [{ call, status: 'ready' }, null],
      [{}, null],
    ] as const) {
      const answer = new RedisStore({ sendCommand, ...state }).whyUnanswered();
      if (why === null) expect(answer).to.equal(null);
      else expect(answer).to.match(why);
    }
    const client = createClient();
    expect(new RedisStore(client).whyUnanswered()).to.match(/call its connect/);
  });
});
