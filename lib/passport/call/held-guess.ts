/** One guess of a call: the slots it holds until it is judged, and the answer of verify to it. */
import type { Ticket } from '../../attempt/ticket.js';
import { saysWrong } from '../../util/error-verdict.js';
import type { End } from '../verdict.js';

/**
 * `silence` is the answer of a verify that has no callback and returns nothing, or calls its callback without arguments: it may
 * mean no, or verify may inform the strategy in its own way. Behind a gate the strategy judges, and there is no answer to observe.
 */
export type Answer = 'yes' | 'no' | 'silence' | 'error';

export interface GuessState {
  /** Whether its slots are held. */
  readonly isOpen: boolean;
  /** Whether its slots are held, or no longer needed because the answer will be the same. */
  readonly isHeld: boolean;
  /** Whether nobody has judged it, but somebody may. */
  readonly isPending: boolean;
}

const OPEN: GuessState = { isOpen: true, isHeld: true, isPending: true };
export const JUDGED: GuessState = { isOpen: false, isHeld: true, isPending: false };
/** The slots were returned without a verdict after verify had answered yes or no. */
export const RELEASED: GuessState = { isOpen: false, isHeld: false, isPending: false };
/** Not judged yet: should the strategy report on it after all, slots are taken anew. */
export const GIVEN_BACK: GuessState = { isOpen: false, isHeld: false, isPending: true };

export class HeldGuess {
  ticket: Ticket;
  /** Whether verify is running for it, perhaps once more. */
  isAsked = false;
  /** The last answer, since a strategy may ask again; undefined until there is one. */
  answer: Answer | undefined;
  /** Comes with the answer: the user, an info, or the error. */
  said: unknown;
  /** Whether the answer means a wrong guess, whatever the strategy makes of it, except a success. */
  isWrong = false;
  state = OPEN;

  constructor(ticket: Ticket) {
    this.ticket = ticket;
  }

  /** Called when the strategy asks once more. */
  reopen(ticket: Ticket): this {
    this.ticket = ticket;
    this.state = OPEN;
    return this;
  }

  hear(answer: Answer, said: unknown): void {
    this.isAsked = false;
    this.answer = answer;
    this.said = said;
    this.isWrong = answer === 'no' || (answer === 'error' && saysWrong(said));
  }

  /** Whether no further answer is expected. */
  get isAnswered(): boolean {
    return this.answer === 'yes' || this.answer === 'no';
  }

  /** Whether the strategy decides what it amounts to. */
  get isUndecided(): boolean {
    return this.state.isPending && !this.isAsked && (this.answer === 'error' || this.answer === 'silence');
  }

  /** How a strategy would end that takes the answer for a no. */
  get asNo(): End {
    return { name: 'fail', args: this.said === undefined || this.answer === 'yes' ? [] : [this.said] };
  }

  /** How a strategy would end that follows the answer alone; undefined if the answer is inconclusive. */
  get end(): End | undefined {
    if (this.answer === 'error') return { name: 'error', args: [this.said] };
    return this.answer === 'no' ? this.asNo : undefined;
  }
}
