/** The names of the store's keys. All begin with the prefix, whose hash tag keeps them on one node of a cluster. */
import * as z from 'zod/mini';
import { aString } from '../../validation/fields.js';

export const DEFAULT_PREFIX = '{passport-lockout}:';

const HAS_TAG = /^[^{]*\{[^}]+\}/;
const PREFIX = "1 to 64 letters, digits, or any of _ - . : / with a hash tag in braces, such as '{my-app}:lockout:'";

export const prefixField = aString.check(z.regex(/^[\w\-.:/{}]{1,64}$/, PREFIX), z.regex(HAS_TAG, PREFIX));

export class Keys {
  /** What the keys of all records begin with. */
  readonly records: string;
  /** The secret that the tags of sources are made with. */
  readonly secret: string;
  /** The set of dimensions that have an index of locks. */
  readonly dimensions: string;
  /** The stream of the attempt log. */
  readonly attempts: string;
  /** The index of the attempt log: what its chunks are, and what the keys of their columns begin with. */
  readonly attemptsIndex: string;
  /** What the keys of the counts per minute begin with; the number of the hour follows. */
  readonly hours: string;
  /** What the keys of acts of operators begin with; the id follows. */
  readonly activity: string;
  /** The index of these acts by time. */
  readonly activityIndex: string;
  /** The same of what users did themselves. */
  readonly ownActivity: string;
  /** Never exists. */
  readonly nothing: string;
  readonly #locks: string;

  constructor(prefix: string) {
    this.records = `${prefix}subject:`;
    this.secret = `${prefix}secret`;
    this.dimensions = `${prefix}dimensions`;
    this.attempts = `${prefix}attempts`;
    this.attemptsIndex = `${prefix}attempts-index`;
    this.hours = `${prefix}attempts-hour:`;
    this.activity = `${prefix}act:`;
    this.activityIndex = `${prefix}activity`;
    this.ownActivity = `${prefix}activity-own`;
    this.nothing = `${prefix}nothing`;
    this.#locks = `${prefix}locks:`;
  }

  /** Returns where the counts of an hour are. */
  hour(number: number): string {
    return this.hours + number;
  }

  record(key: string): string {
    return this.records + key;
  }

  /** Returns the subject's key of a record. */
  subjectKey(record: string): string {
    return record.slice(this.records.length);
  }

  /** Returns the index of a dimension's locks. */
  locks(dimension: string): string {
    return this.#locks + dimension;
  }
}
