/**
 * Notices strategies whose verdicts nobody counts: those that say "wrong" by errors that do not count, or lock by errors that
 * say something else; those that judge where no guard stands; and those of whose attempts nobody tells the name. What is looked at is always the last attempts in a row, so
 * that nothing that happened long ago silences a warning, or adds up to one.
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
import { GuardedRequests, type Guarding } from './guarded-requests.js';

/**
 * As many as the first tier of a username allows, so that somebody should have been locked; so many different names are
 * hardly one user who mistypes; and so many attempts that look like a judgement without verify are hardly anything else.
 */
const SEVERAL = 3;
/** One attempt without a name is no fault, and clients may send a few. */
const MANY_NAMELESS = 10;
/** Names of strategies are the application's; one that makes ever new ones is not watched for ever. */
const MAX_LABELS = 1_000;

/** How an attempt ended after verify was entered. */
export interface Ending {
  readonly isError: boolean;
  readonly verdict: 'failure' | 'success' | 'release';
  /** Whether the application says itself what a failure is, or it is known of this kind of strategy. */
  readonly hasOwnRule: boolean;
  /** Who was tried; undefined where nobody is known. */
  readonly username: string | undefined;
  /** Whether nobody is known though somebody was to be told: the application has said how, and nothing came of it. */
  readonly isNameMissing: boolean;
}

/** What happened in a row, and to how many different people; holds no more than `SEVERAL` names. */
class Row {
  length = 0;
  /** Whoever has no name is somebody else each time. */
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
    if (this.length === 0) return;
    this.length = 0;
    this.#nameless = 0;
    this.#names = [];
  }
}

interface WatchParts {
  readonly tell: (finding: Found) => void;
  /** The guard of some strategy stands in these. */
  readonly requests: GuardedRequests;
  /** For one wrapper: the watch of all that have the same name. */
  readonly ofName?: () => VerdictWatch;
}

/**
 * Of one wrapper, or of all strategies that have the same name. Two may have the same name, and what one of them says must not
 * silence the other; but a wrapper may also be made anew for each request. So what each shows first is shown to the watch of its
 * name as well.
 */
export class VerdictWatch {
  readonly requests: GuardedRequests;
  readonly #label: string;
  readonly #tell: (finding: Found) => void;
  /** Undefined once it has been shown the first of each. */
  #verdictsOfName: (() => VerdictWatch) | undefined;
  #locksOfName: (() => VerdictWatch) | undefined;
  #suspicionsOfName: (() => VerdictWatch) | undefined;
  /** Errors that did not count. */
  readonly #errors = new Row();
  /** Locks by errors. */
  readonly #locks = new Row();
  #suspicions: Guarding[] = [];
  /** Somebody was told wrong in a way that counts, so that errors may well be an outage. */
  #hasJudged = false;
  /** Judged attempts in a row. */
  #nameless = 0;

  constructor(label: string, { tell, requests, ofName }: WatchParts) {
    this.requests = requests;
    this.#label = label;
    this.#tell = tell;
    this.#verdictsOfName = ofName;
    this.#locksOfName = ofName;
    this.#suspicionsOfName = ofName;
  }

  /** A success came by without a guard. */
  seeBypass(): void {
    this.#tell(successBypassed(this.#label));
  }

  /** The same, for the guard of a mixed class was not called at all. */
  seePassing(): void {
    this.#tell(mixinPassedBy(this.#label));
  }

  /**
   * An attempt with a username and a password was ended without a guard. In a list of strategies that is right where the
   * next one judges; so what is told of is those before this one.
   */
  seeSuspicion(req: object): void {
    this.#suspicionsOfName?.().seeSuspicion(req);
    this.#suspicionsOfName = undefined;
    this.#suspicions = this.#suspicions.filter(({ isGuarded }) => !isGuarded);
    if (this.#suspicions.length >= SEVERAL) {
      this.#suspicions = [];
      this.#tell(judgedBeforeVerify(this.#label));
    }
    this.#suspicions.push(this.requests.of(req));
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
    // Until somebody is told wrong, that others succeed says nothing of whether those who are wrong are counted.
    if (this.#hasJudged) this.#errors.end();
  }

  /** This very attempt has locked. Only a success shows that somebody still gets in. */
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

/** All of a lockout. */
export class VerdictWatches {
  readonly #parts: WatchParts;
  readonly #watches = new LRUCache<string, VerdictWatch>({ max: MAX_LABELS });

  constructor(tell: (finding: Found) => void) {
    this.#parts = { tell, requests: new GuardedRequests() };
  }

  /** @param label - the name of the strategy, for people */
  of(label: string): VerdictWatch {
    const known = this.#watches.get(label);
    if (known) return known;
    const made = new VerdictWatch(label, this.#parts);
    this.#watches.set(label, made);
    return made;
  }

  /** For one strategy that is wrapped. */
  ofWrapper(label: string): VerdictWatch {
    return new VerdictWatch(label, { ...this.#parts, ofName: () => this.of(label) });
  }
}
