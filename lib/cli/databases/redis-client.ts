/** What a command needs of a client of Redis, whose package is the application's own. */
import type { RedisStore } from '../../stores/redis/redis-store.js';

export interface OpenedClient {
  readonly client: ConstructorParameters<typeof RedisStore>[0];
  close(): void;
}

/** A client of one server, which may be a node of a cluster. */
export interface OpenedServer extends OpenedClient {
  /** Returns what the server says about one subject, such as `cluster`. */
  info(section: string): Promise<unknown>;
}

/** A package with clients of Redis. */
export interface ClientPackage {
  readonly name: string;
  /** Whether this version of it has what is needed. */
  isUsable(loaded: object): boolean;
  /** Connects once: an operator should read at once what is wrong. */
  open(loaded: object, url: URL): Promise<OpenedServer>;
  /** @param url - of any node of the cluster */
  openCluster(loaded: object, url: URL): Promise<OpenedClient>;
}
