/**
 * Notices strategies whose verdicts nobody counts: those that end with errors only, which either say "wrong", or do not and
 * lock; and those that judge where no guard stands.
 */
import { LRUCache } from 'lru-cache';
import type { Finding } from '../finding.js';
import { judgedBeforeVerify, onlyErrors, onlyErrorsLocked, successBypassed } from './findings.js';

/** As many as the first tier of a username allows: then somebody should have been locked. */
const ERRORS = 3;
/** So many attempts that look like a judgement without verify are hardly anything else. */
const SUSPICIONS = 3;
/** Names of strategies are the application's; one that makes ever new ones is not watched for ever. */
const MAX_LABELS = 1_000;

/** How an attempt ended after verify was entered. */
export interface Ending {
  readonly isError: boolean;
  readonly verdict: 'failure' | 'success' | 'release';
  /** Whether the application says itself what a failure is, or it is known of this kind of strategy. */
  readonly hasOwnRule: boolean;
}

/** Whether a guard has stood in a request, of whichever strategy; holds nothing of the request itself. */
interface Guarding {
  isGuarded: boolean;
}

/** By request, and gone with it. */
class GuardedRequests {
  readonly #seen = new WeakMap<object, Guarding>();

  of(req: object): Guarding {
    const known = this.#seen.get(req) ?? { isGuarded: false };
    // Passport hands on whatever a framework calls a request.
    if (typeof req === 'object' && req !== null) this.#seen.set(req, known);
    return known;
  }
}

export class VerdictWatch {
  readonly #label: string;
  readonly #tell: (finding: Finding) => void;
  readonly #requests: GuardedRequests;
  #errors = 0;
  #suspicions: Guarding[] = [];
  /** Somebody was told right or wrong by something else than an error. */
  #hasSucceeded = false;
  #hasFailed = false;
  /** An error was taken for a failure. */
  #countsErrors = false;

  constructor(label: string, tell: (finding: Finding) => void, requests: GuardedRequests) {
    this.#label = label;
    this.#tell = tell;
    this.#requests = requests;
  }

  /** Whether its verify function, or its guard, has judged somebody wrong: then that is where it judges. */
  get isKnownToJudge(): boolean {
    return this.#hasFailed || this.#countsErrors;
  }

  /** The guard of some strategy stands in this request. */
  seeGuard(req: object): void {
    this.#requests.of(req).isGuarded = true;
  }

  /** A success came by without a guard. */
  seeBypass(): void {
    this.#tell(successBypassed(this.#label));
  }

  /**
   * An attempt with a username and a password was ended without a guard. In a list of strategies that is right where the
   * next one judges; so what is told of is those before this one.
   */
  seeSuspicion(req: object): void {
    this.#suspicions = this.#suspicions.filter(({ isGuarded }) => !isGuarded);
    if (this.#suspicions.length >= SUSPICIONS) {
      this.#suspicions = [];
      this.#tell(judgedBeforeVerify(this.#label));
    }
    this.#suspicions.push(this.#requests.of(req));
  }

  see({ isError, verdict }: Ending): void {
    if (verdict === 'success') this.#hasSucceeded = true;
    else if (verdict === 'failure' && isError) this.#countsErrors = true;
    else if (verdict === 'failure') this.#hasFailed = true;
    else if (isError && !this.isKnownToJudge) {
      this.#errors += 1;
      if (this.#errors === ERRORS) this.#tell(onlyErrors(this.#label));
    }
  }

  /** This very attempt has locked. */
  seeLock({ isError, hasOwnRule }: Ending): void {
    if (!isError || hasOwnRule || this.#hasSucceeded || this.#hasFailed) return;
    this.#tell(onlyErrorsLocked(this.#label));
  }
}

/** One for each strategy, whose wrapper may be made anew for each request. */
export class VerdictWatches {
  readonly #tell: (finding: Finding) => void;
  readonly #requests = new GuardedRequests();
  readonly #watches = new LRUCache<string, VerdictWatch>({ max: MAX_LABELS });

  constructor(tell: (finding: Finding) => void) {
    this.#tell = tell;
  }

  /** @param label - the name of the strategy, for people */
  of(label: string): VerdictWatch {
    const known = this.#watches.get(label);
    if (known) return known;
    const made = new VerdictWatch(label, this.#tell, this.#requests);
    this.#watches.set(label, made);
    return made;
  }
}
