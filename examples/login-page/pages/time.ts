/** Times and numbers as people read them. */
import { DateTime, Duration, type DurationLikeObject } from 'luxon';
import type { Language } from './texts.js';

/** Returns a length of time in words, such as "15 minutes". */
export function timeInWords(time: DurationLikeObject, language: Language): string {
  return Duration.fromObject(time, { locale: language }).rescale().toHuman();
}

/** Returns such as "14:03:12", of the server's time zone; undefined for no date. */
export function timeOfDay(language: Language, date: Date | null): string | undefined {
  if (date === null) return undefined;
  return DateTime.fromJSDate(date).setLocale(language).toLocaleString(DateTime.TIME_24_WITH_SECONDS);
}

export function numberIn(language: Language, count: number): string {
  return count.toLocaleString(language);
}
