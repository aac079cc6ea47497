/** Notices strategies that end with errors only: either these say "wrong", and nobody counts them, or they do not, and lock. */
import { LRUCache } from 'lru-cache';
import type { Finding } from '../finding.js';
import { onlyErrors, onlyErrorsLocked } from './findings.js';

/** As many as the first tier of a username allows: then somebody should have been locked. */
const ERRORS = 3;
/** Names of strategies are the application's; one that makes ever new ones is not watched for ever. */
const MAX_LABELS = 1_000;

/** How an attempt ended after verify was entered. */
export interface Ending {
  readonly isError: boolean;
  readonly verdict: 'failure' | 'success' | 'release';
  /** Whether the application itself says what a failure is. */
  readonly hasOwnRule: boolean;
}

export class VerdictWatch {
  readonly #label: string;
  readonly #tell: (finding: Finding) => void;
  #errors = 0;
  /** Somebody was told right or wrong by something else than an error. */
  #hasSucceeded = false;
  #hasFailed = false;
  /** An error was taken for a failure. */
  #countsErrors = false;

  constructor(label: string, tell: (finding: Finding) => void) {
    this.#label = label;
    this.#tell = tell;
  }

  see({ isError, verdict }: Ending): void {
    if (verdict === 'success') this.#hasSucceeded = true;
    else if (verdict === 'failure' && isError) this.#countsErrors = true;
    else if (verdict === 'failure') this.#hasFailed = true;
    else if (isError && !this.#hasFailed && !this.#countsErrors) {
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
  readonly #watches = new LRUCache<string, VerdictWatch>({ max: MAX_LABELS });

  constructor(tell: (finding: Finding) => void) {
    this.#tell = tell;
  }

  /** @param label - the name of the strategy, for people */
  of(label: string): VerdictWatch {
    const known = this.#watches.get(label);
    if (known) return known;
    const made = new VerdictWatch(label, this.#tell);
    this.#watches.set(label, made);
    return made;
  }
}
