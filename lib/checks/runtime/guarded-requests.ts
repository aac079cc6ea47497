/** Which requests a guard of any strategy has seen. */

/** Holds nothing of the request itself. */
export interface Guarding {
  isGuarded: boolean;
}

export interface GuardedRequests {
  /** Returns the same object for the same request, which it does not keep alive. */
  guardingOf(req: object): Guarding;
}
