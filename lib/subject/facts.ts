/** How a subject is shown to people: in events, in lists and by the command. */
import type { SubjectParts } from './key.js';

/** A subject as events and the management API show it. */
export interface SubjectFacts {
  /** `ip`, `username`, `ip+username`, ... */
  readonly dimension: string;
  /** The value of each part, e.g. `{ username: 'alice' }`; a pseudonym if the clear value is not known. */
  readonly parts: SubjectParts;
  /** The canonical string of the subject, by which it is stored. */
  readonly key: string;
}
