/** A value for each key, made when it is first asked for. */
export class Remembered<V> {
  readonly #values = new Map<string, V>();
  readonly #create: () => V;

  constructor(create: () => V) {
    this.#create = create;
  }

  of(key: string): V {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const created = this.#create();
    this.#values.set(key, created);
    return created;
  }

  forget(key: string): void {
    this.#values.delete(key);
  }
}

/** So that no name reads as another pair. */
export function pairOf(username: string, other: string): string {
  return JSON.stringify([username, other]);
}
