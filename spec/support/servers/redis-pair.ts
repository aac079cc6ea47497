/** A primary and its replica, and a failover from the one to the other. */
import { createClient } from 'redis';
import { until } from '../tools/until.js';
import { RedisServer } from './redis-server.js';

type Client = ReturnType<typeof createClient>;

export class RedisPair {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  readonly #toPrimary: Client;
  readonly #toReplica: Client;

  private constructor(primary: RedisServer, replica: RedisServer) {
    this.primary = primary;
    this.replica = replica;
    this.#toPrimary = createClient({ url: primary.url });
    this.#toReplica = createClient({ url: replica.url });
    // A primary that is killed ends its connection.
    this.#toPrimary.on('error', () => {});
  }

  static async start(): Promise<RedisPair> {
    // Without the pause before the first copy.
    const primary = await RedisServer.start('--repl-diskless-sync-delay', '0');
    const replica = await RedisServer.start('--replicaof', '127.0.0.1', String(primary.port));
    const pair = new RedisPair(primary, replica);
    await pair.#toPrimary.connect();
    await pair.#toReplica.connect();
    await until(
      async () => (await pair.#toReplica.info('replication')).includes('master_link_status:up'),
      'the replica follows',
    );
    return pair;
  }

  /** Waits until the replica has all that the primary has. */
  async replicated(): Promise<void> {
    // WAIT is about the writes of its own connection.
    await this.#toPrimary.set('replicated', String(process.hrtime.bigint()));
    await until(async () => Number(await this.#toPrimary.sendCommand(['WAIT', '1', '1000'])) === 1, 'replicated');
  }

  /** Keeps the replica from what the primary writes from now on. */
  async lag(): Promise<void> {
    await this.replicated();
    process.kill(this.replica.pid, 'SIGSTOP');
    // Otherwise it would still find in its socket what it was sent meanwhile.
    await this.#toPrimary.sendCommand(['CLIENT', 'KILL', 'TYPE', 'replica']);
  }

  /** Hands over without loss: the primary waits for the replica, and then follows it. */
  async failOver(): Promise<void> {
    await this.#toPrimary.sendCommand(['FAILOVER']);
    await until(
      async () => (await this.#toPrimary.info('replication')).includes('role:slave'),
      'the primary has become a replica',
    );
  }

  /** Kills the primary, and makes the replica one with what it has. */
  async lose(): Promise<void> {
    process.kill(this.primary.pid, 'SIGKILL');
    process.kill(this.replica.pid, 'SIGCONT');
    await this.#toReplica.sendCommand(['REPLICAOF', 'NO', 'ONE']);
  }

  async stop(): Promise<void> {
    process.kill(this.replica.pid, 'SIGCONT');
    this.#toPrimary.destroy();
    this.#toReplica.destroy();
    await this.primary.stop();
    await this.replica.stop();
  }
}
