/** What the store needs from a database; most have it under another name (etcd transactions, conditional puts, ETags). */
export interface KeyValue {
  get(key: string): Promise<Versioned | undefined>;
  /**
   * Writes only if the entry still has this version (0: there is none), or removes it if the text is undefined.
   *
   * @returns false if another call was faster
   */
  compareAndSet(key: string, version: number, text: string | undefined): Promise<boolean>;
  keys(): Promise<readonly string[]>;
}

export interface Versioned {
  readonly version: number;
  readonly text: string;
}

/** Replaces the database: in memory, but with pauses in which other calls may run, as on a network. */
export class MapKeyValue implements KeyValue {
  readonly #entries = new Map<string, Versioned>();
  #versions = 0;

  async get(key: string): Promise<Versioned | undefined> {
    await pause();
    return this.#entries.get(key);
  }

  async compareAndSet(key: string, version: number, text: string | undefined): Promise<boolean> {
    await pause();
    if ((this.#entries.get(key)?.version ?? 0) !== version) return false;
    if (text === undefined) this.#entries.delete(key);
    else this.#entries.set(key, { version: ++this.#versions, text });
    return true;
  }

  async keys(): Promise<readonly string[]> {
    await pause();
    return [...this.#entries.keys()];
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
