/** In which requests a guard has stood, of whichever strategy. */

/** Holds nothing of the request itself. */
export interface Guarding {
  isGuarded: boolean;
}

/** By request, and gone with it. */
export class GuardedRequests {
  readonly #seen = new WeakMap<object, Guarding>();

  of(req: object): Guarding {
    const known = this.#seen.get(req);
    if (known) return known;
    const made = { isGuarded: false };
    // Passport hands on whatever a framework calls a request.
    if (typeof req === 'object' && req !== null) this.#seen.set(req, made);
    return made;
  }
}
