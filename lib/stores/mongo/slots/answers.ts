/** Answers of a call that asks for the slots of several subjects, each with the index of its request. */
import type { ReserveReply } from '../../../policy/replies.js';
import type { SlotRequest } from '../../store.js';

export type Indexed<T> = readonly [index: number, value: T];

export interface Answer {
  readonly reply: ReserveReply;
  /** Whether this call took the slot. */
  readonly isNew: boolean;
}

export function byKey([, a]: Indexed<SlotRequest>, [, b]: Indexed<SlotRequest>): number {
  return a.subject.key < b.subject.key ? -1 : 1;
}
