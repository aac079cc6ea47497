/** Notices refusals that an `onLocked` function leaves unanswered: the request would hang, and nobody would know. */
import type { Found } from '../finding.js';
import { REFUSAL_UNANSWERED } from './findings.js';

/** Rendering a page, or sending a mail first, takes less. */
const PATIENCE_MS = 10_000;

/** Watches one refusal at a time, so that an attack creates no timers and its requests are not kept; none once it has reported. */
export class AnswerWatch {
  readonly #tell: (finding: Found) => void;
  #isOver = false;
  #isWatching = false;

  constructor(tell: (finding: Found) => void) {
    this.#tell = tell;
  }

  /** Called when the function has returned; it may not have answered yet. */
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
