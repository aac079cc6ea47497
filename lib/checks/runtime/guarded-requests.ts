/** Remembers the requests that a guard of any strategy has seen. */

/** Holds nothing of the request itself. */
export interface Guarding {
  isGuarded: boolean;
}

/** Keyed weakly by request, so that nothing outlives it. */
export class GuardedRequests {
  readonly #seen = new WeakMap<object, Guarding>();

  of(req: object): Guarding {
    const known = this.#seen.get(req);
    if (known) return known;
    const made = { isGuarded: false };
    // Passport passes on whatever a framework calls a request.
    if (typeof req === 'object' && req !== null) this.#seen.set(req, made);
    return made;
  }
}
