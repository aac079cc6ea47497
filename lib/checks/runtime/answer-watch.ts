/** Notices refusals that an `onLocked` function leaves without an answer: the request would hang, and nobody would know. */
import type { Found } from '../finding.js';
import { REFUSAL_UNANSWERED } from './findings.js';

/** A page that is rendered, or a mail that is sent before, takes less. */
const PATIENCE_MS = 10_000;

/** One refusal at a time, so that an attack makes no timers, and its requests are not kept; none once it was told. */
export class AnswerWatch {
  readonly #tell: (finding: Found) => void;
  #isOver = false;
  #isWatching = false;

  constructor(tell: (finding: Found) => void) {
    this.#tell = tell;
  }

  /** A function has returned and not answered yet. */
  see(isAnswered: () => boolean): void {
    if (this.#isOver || this.#isWatching || isAnswered()) return;
    this.#isWatching = true;
    const look = () => {
      this.#isWatching = false;
      if (isAnswered()) return;
      this.#isOver = true;
      this.#tell(REFUSAL_UNANSWERED);
    };
    setTimeout(look, PATIENCE_MS).unref();
  }
}
