/** The contenders on one store. */
import type { Contender, NameLimit } from '../contender.js';

export interface Field {
  readonly store: string;
  /** What the store is, for a person. */
  readonly description: string;
  /** Creates the contenders, each with nothing counted yet; the order says nothing. */
  create(nameLimit: NameLimit): Promise<readonly Contender[]>;
  /** For stores behind a wire. */
  readonly wire?: Wire;
}

/** The same contenders on a connection that is listened to, which costs time; so none is taken there. */
interface Wire {
  create(nameLimit: NameLimit): Promise<readonly Contender[]>;
  count(act: () => Promise<void>): Promise<Counts>;
  /** Stops listening, before anything is timed. */
  close?(): Promise<void>;
}

export interface Counts {
  readonly commands: number;
  /** The longest chain of commands of which each was sent after the answer to the one before. */
  readonly roundTrips: number;
}

/** Opens a store for as long as `use` runs. */
export type WithField = <T>(use: (field: Field) => Promise<T>) => Promise<T>;
