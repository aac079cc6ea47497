/**
 * Notices strategies whose verdicts are not counted properly: they report wrong credentials by errors that do not count, lock by
 * errors that mean something else, decide where there is no guard, or give no username. Only the latest attempts in a row matter,
 * so that nothing from long ago silences a warning or adds up to one.
 */
import { LRUCache } from 'lru-cache';
import type { Found } from '../finding.js';
import {
  judgedBeforeVerify,
  mixinPassedBy,
  onlyErrors,
  onlyErrorsLocked,
  successBypassed,
  usernameUntold,
} from './findings.js';
import type { GuardedRequests, Guarding } from './guarded-requests.js';

/**
 * The first tier of a username: after this many failures somebody should have been locked. This many different names are hardly
 * one user who mistypes, and this many attempts that seem decided without verify hardly look so by chance.
 */
const SEVERAL = 3;
/** A few attempts without a name are no fault: clients may send them. */
const MANY_NAMELESS = 10;
/** Bounds the memory for an application that keeps inventing strategy names. */
const MAX_LABELS = 1_000;

/** How an attempt ended after verify was entered. */
export interface Ending {
  readonly isError: boolean;
  readonly verdict: 'failure' | 'success' | 'release';
  /** Whether the application, or what is known about this kind of strategy, defines what a failure is. */
  readonly hasOwnRule: boolean;
  /** The username tried; undefined if unknown. */
  readonly username: string | undefined;
  /** Whether the username is missing although the application provides a way to find it. */
  readonly isNameMissing: boolean;
}

/** Counts events in a row, and the different names among them; holds at most `SEVERAL` names. */
class Row {
  length = 0;
  /** Each attempt without a name counts as a different name. */
  #nameless = 0;
  #names: string[] = [];

  add(name: string | undefined): void {
    this.length += 1;
    if (name === undefined) this.#nameless += 1;
    else if (this.#names.length < SEVERAL && !this.#names.includes(name)) this.#names.push(name);
  }

  get isOfSeveral(): boolean {
    return this.#names.length + this.#nameless >= SEVERAL;
  }

  end(): void {
    this.length = 0;
    this.#nameless = 0;
    this.#names = [];
  }
}

interface WatchParts {
  readonly tell: (finding: Found) => void;
  /** Requests that the guard of some strategy has seen. */
  readonly requests: GuardedRequests;
  /** Of one wrapper: the watch of all strategies with the same name. */
  readonly ofName?: () => VerdictWatch;
}

/**
 * Watches one wrapper, or all strategies of the same name. Two strategies may have the same name, and one must not silence the
 * other; but a wrapper may also be made anew for each request. So the first event of each is passed to the watch of its name as well.
 */
export class VerdictWatch {
  readonly requests: GuardedRequests;
  readonly #label: string;
  readonly #tell: (finding: Found) => void;
  /** Each undefined once the first event was passed on. */
  #verdictsOfName: (() => VerdictWatch) | undefined;
  #locksOfName: (() => VerdictWatch) | undefined;
  #suspicionsOfName: (() => VerdictWatch) | undefined;
  /** Uncounted errors in a row. */
  readonly #errors = new Row();
  /** Locks by errors in a row. */
  readonly #locks = new Row();
  #suspicions: Guarding[] = [];
  /** Whether an attempt has failed in a way that counts, so that errors may well be an outage. */
  #hasJudged = false;
  /** Decided attempts in a row that lacked a name. */
  #nameless = 0;

  constructor(label: string, { tell, requests, ofName }: WatchParts) {
    this.requests = requests;
    this.#label = label;
    this.#tell = tell;
    this.#verdictsOfName = ofName;
    this.#locksOfName = ofName;
    this.#suspicionsOfName = ofName;
  }

  /** Called when a success bypassed the guard of a verify function. */
  seeBypass(): void {
    this.#tell(successBypassed(this.#label));
  }

  /** Called when a success bypassed the guard of a mixed class. */
  seePassing(): void {
    this.#tell(mixinPassedBy(this.#label));
  }

  /**
   * Called when an attempt with a username and a password was ended without a guard. In a list of strategies that is right if
   * the next one decides; so only the requests before this one are judged.
   */
  seeSuspicion(req: object): void {
    this.#suspicionsOfName?.().seeSuspicion(req);
    this.#suspicionsOfName = undefined;
    this.#suspicions = this.#suspicions.filter(({ isGuarded }) => !isGuarded);
    if (this.#suspicions.length >= SEVERAL) {
      this.#suspicions = [];
      this.#tell(judgedBeforeVerify(this.#label));
    }
    this.#suspicions.push(this.requests.guardingOf(req));
  }

  see(ending: Ending): void {
    this.#verdictsOfName?.().see(ending);
    this.#verdictsOfName = undefined;
    const { isError, verdict, username, isNameMissing } = ending;
    if (verdict === 'release') {
      if (isError) this.#seeUncounted(username);
      return;
    }
    if (isNameMissing) this.#seeNameless();
    else if (username !== undefined) this.#nameless = 0;
    if (this.#suspicions.length > 0) this.#suspicions = [];
    if (verdict === 'failure') this.#hasJudged = true;
    else this.#locks.end();
    // Until an attempt has failed, successes say nothing about whether wrong credentials are counted.
    if (this.#hasJudged && this.#errors.length > 0) this.#errors.end();
  }

  /** Called when this attempt has locked a subject. Only a success shows that somebody still gets in. */
  seeLock(ending: Pick<Ending, 'isError' | 'hasOwnRule' | 'username'>): void {
    this.#locksOfName?.().seeLock(ending);
    this.#locksOfName = undefined;
    const { isError, hasOwnRule, username } = ending;
    if (!isError || hasOwnRule) return;
    this.#locks.add(username);
    if (!this.#locks.isOfSeveral) return;
    this.#locks.end();
    this.#tell(onlyErrorsLocked(this.#label));
  }

  #seeNameless(): void {
    this.#nameless += 1;
    if (this.#nameless < MANY_NAMELESS) return;
    this.#nameless = 0;
    this.#tell(usernameUntold(this.#label));
  }

  #seeUncounted(username: string | undefined): void {
    this.#errors.add(username);
    const isEnough = this.#hasJudged ? this.#errors.isOfSeveral : this.#errors.length >= SEVERAL;
    if (!isEnough) return;
    this.#errors.end();
    this.#tell(onlyErrors(this.#label));
  }
}

/** All watches of a lockout. */
export class VerdictWatches {
  readonly #parts: WatchParts;
  readonly #watches = new LRUCache<string, VerdictWatch>({ max: MAX_LABELS });

  constructor(tell: (finding: Found) => void, requests: GuardedRequests) {
    this.#parts = { tell, requests };
  }

  /** @param label - the name of the strategy, for messages */
  of(label: string): VerdictWatch {
    const known = this.#watches.get(label);
    if (known) return known;
    const made = new VerdictWatch(label, this.#parts);
    this.#watches.set(label, made);
    return made;
  }

  /** Returns a watch for one wrapped strategy. */
  ofWrapper(label: string): VerdictWatch {
    return new VerdictWatch(label, { ...this.#parts, ofName: () => this.of(label) });
  }
}
