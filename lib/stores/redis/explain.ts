/** What a refusal of the server means, and what helps: its own words are for those who know Redis. */

const REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'OOM',
    'the memory of Redis is full, so nothing can be counted; raise maxmemory, or give the lockouts a server of their own (do not ' +
      'let it evict keys: that gives back locks)',
  ],
  [
    'READONLY',
    'this server is a replica; connect to the primary: with a sentinel or a cluster, create the client with createSentinel, ' +
      'createCluster or Cluster, which follow a failover',
  ],
  [
    'NOREPLICAS',
    'fewer replicas are connected than min-replicas-to-write demands; bring them back, or lower it and accept that a failover ' +
      'gives back locks',
  ],
  ['LOADING', 'Redis is still loading its data after a start; it answers when that is done'],
  [
    'MISCONF',
    'Redis cannot save to disk and therefore refuses writes; see its log for the reason: a full disk, missing rights, or no memory for the fork',
  ],
  [
    'CROSSSLOT',
    'the keys of one step are on several nodes; the prefix of RedisStore must contain a hash tag, and no proxy or client may change keys',
  ],
  [
    'TRYAGAIN',
    'a slot of the cluster is being moved, and takes long; see CLUSTER SETSLOT ... STABLE if the move was given up',
  ],
  ['MOVED', 'this server is part of a cluster; create the client with createCluster or Cluster'],
  [
    'CLUSTERDOWN',
    'the cluster does not serve this key; see CLUSTER INFO for nodes that failed, and slots without a node',
  ],
  ['NOAUTH', 'Redis demands a password; give it to the client'],
  ['WRONGPASS', 'Redis does not know this user or password; give the client those of its ACL'],
  ['NOPERM', 'the user of Redis lacks a right; docs/stores.md of passport-lockout has the line for its ACL'],
]);

/** Redis 7 begins with the code; Redis 6.2 quotes the error of a command in a script. */
const CODE = /(?:^| -)([A-Z]{2,}) /g;
/** Of a command that a script may not use; it has no code of its own. */
const NO_RIGHT = /can't run this command|can't access at least one of the keys|No permission/i;

/** Returns the error, with the remedy after its message if there is one. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const remedy = remedyOf(error.message);
  return remedy === undefined ? error : new Error(`${error.message.trim()} (${remedy})`, { cause: error });
}

/** Returns what the refusal means and what helps; undefined if there is nothing to add. */
export function remedyOf(message: string): string | undefined {
  const remedy = codesOf(message)
    .map((code) => REMEDIES.get(code))
    .find((found) => found !== undefined);
  return remedy ?? (NO_RIGHT.test(message) ? REMEDIES.get('NOPERM') : undefined);
}

/** Returns the codes that an error of the server begins with or quotes. */
export function codesOf(message: string): readonly string[] {
  return Array.from(message.matchAll(CODE), ([, code = '']) => code);
}
