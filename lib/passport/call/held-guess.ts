/** One guess of a call: the slots that it holds until it is judged, and what verify has said of it. */
import type { Ticket } from '../../attempt/ticket.js';
import { saysWrong } from '../../util/error-verdict.js';
import type { End } from '../verdict.js';

/**
 * `silence` is what a verify says that returns nothing and has no callback, or tells its callback nothing at all: it may mean no, or
 * verify may tell the strategy in a way of its own. Behind a gate the strategy judges, and nothing is heard of it.
 */
export type Answer = 'yes' | 'no' | 'silence' | 'error';

export interface GuessState {
  /** Its slots are held. */
  readonly isOpen: boolean;
  /** Its slots are held, or needed no more: the answer will be the same. */
  readonly isHeld: boolean;
  /** Nobody has judged it, but somebody may. */
  readonly isPending: boolean;
}

const OPEN: GuessState = { isOpen: true, isHeld: true, isPending: true };
export const JUDGED: GuessState = { isOpen: false, isHeld: true, isPending: false };
/** The slots came back without a verdict after verify had said yes or no. */
export const RELEASED: GuessState = { isOpen: false, isHeld: false, isPending: false };
/** Nobody knows of it yet: should the strategy tell of it after all, slots are taken anew. */
export const GIVEN_BACK: GuessState = { isOpen: false, isHeld: false, isPending: true };

export class HeldGuess {
  ticket: Ticket;
  /** Verify is at it, perhaps once more. */
  isAsked = false;
  /** The last one, for a strategy may ask again; undefined while none has come. */
  answer: Answer | undefined;
  /** With the answer: the user, an info, or the error. */
  said: unknown;
  /** The answer says so, whatever the strategy makes of it, but for a success. */
  isWrong = false;
  state = OPEN;

  constructor(ticket: Ticket) {
    this.ticket = ticket;
  }

  /** The strategy asks once more. */
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

  /** Nothing more is to come. */
  get isAnswered(): boolean {
    return this.answer === 'yes' || this.answer === 'no';
  }

  /** What it comes to is what the strategy makes of it. */
  get isUndecided(): boolean {
    return this.state.isPending && !this.isAsked && (this.answer === 'error' || this.answer === 'silence');
  }

  /** How a strategy would end that takes the answer for a no. */
  get asNo(): End {
    return { name: 'fail', args: this.said === undefined || this.answer === 'yes' ? [] : [this.said] };
  }

  /** How a strategy would end that goes by the answer alone; undefined where that says nothing. */
  get end(): End | undefined {
    if (this.answer === 'error') return { name: 'error', args: [this.said] };
    return this.answer === 'no' ? this.asNo : undefined;
  }
}
