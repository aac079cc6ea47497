/** The time left in words, and the direction in which they are read. */
import { Duration } from 'luxon';

const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const;
const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

/** In the largest unit that is at least 1, rounded up, so that nobody comes back too early. */
export function timeLeft(seconds: number, locale: string): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? UNITS[3];
  return Duration.fromObject({ [unit]: Math.ceil(seconds / size) }, { locale }).toHuman();
}

/** For the attribute `dir` of a page. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
}
