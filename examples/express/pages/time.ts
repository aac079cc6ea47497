/** Lengths of time as people read them. */
import { Duration, type DurationLikeObject } from 'luxon';

/** For example "14 minutes, 3 seconds". */
export function timeInWords(time: DurationLikeObject): string {
  return Duration.fromObject(time, { locale: 'en' }).rescale().toHuman();
}
