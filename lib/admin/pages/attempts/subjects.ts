/** The subjects that an attempt counts on, for links to their pages. */
import type { ResolvedOptions } from '../../../options/resolve.js';
import type { SubjectRef } from '../../view/subject-ref.js';

/** The parts that an entry of the log shows whole, as stores keep them. */
export type LoggedParts = Readonly<Record<'ip' | 'username', string | null>>;

/** @returns undefined if the dimension is not counted, or if the attempt does not show all its parts */
export function subjectOf(
  { dimensions, keys }: Pick<ResolvedOptions, 'dimensions' | 'keys'>,
  dimension: string,
  logged: LoggedParts,
): SubjectRef | undefined {
  if (dimensions.named(dimension) === undefined) return undefined;
  const parts: Record<string, string> = {};
  for (const name of dimension.split('+')) {
    const value = name === 'ip' || name === 'username' ? logged[name] : null;
    if (value === null) return undefined;
    parts[name] = value;
  }
  return { key: keys.toStoredKey(parts), dimension, parts };
}
