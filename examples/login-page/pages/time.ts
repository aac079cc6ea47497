/** Lengths of time as people read them. */
import { Duration, type DurationLikeObject } from 'luxon';
import type { Language } from './texts.js';

/** Returns a length of time in words, such as "15 minutes". */
export function timeInWords(time: DurationLikeObject, language: Language): string {
  return Duration.fromObject(time, { locale: language }).rescale().toHuman();
}
