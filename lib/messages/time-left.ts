/** The time left in words, and the direction in which they are read. */
import { DEFAULT_LOCALE } from './texts.js';

type Unit = 'second' | 'minute' | 'hour' | 'day';
const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

/** The time left as one language says it. */
export class TimeWords {
  readonly #locale: string;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #lengths = new Map<Unit, Intl.NumberFormat>();

  constructor(locale: string) {
    this.#locale = locale;
    this.#relative = new Intl.RelativeTimeFormat([locale, DEFAULT_LOCALE], { numeric: 'always' });
  }

  /** The text with `{when}` ("in 15 minutes") and `{duration}` ("15 minutes") filled in. */
  fill(text: string, seconds: number): string {
    const [count, unit] = inLargestUnit(seconds);
    return text.replace(/\{(when|duration)\}/g, (_, name) =>
      // Languages bend the words after "in", so that neither can be made of the other: in 2 Tagen, 2 Tage.
      name === 'when' ? this.#relative.format(count, unit) : this.#lengthIn(unit).format(count),
    );
  }

  #lengthIn(unit: Unit): Intl.NumberFormat {
    const known = this.#lengths.get(unit);
    if (known) return known;
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
    const format = new Intl.NumberFormat([this.#locale, DEFAULT_LOCALE], style);
    this.#lengths.set(unit, format);
    return format;
  }
}

/**
 * Rounded up, so that nobody comes back too early, in a unit of which there are at least two or exactly one, so that nobody waits
 * much longer than needed: 61 minutes are not two hours.
 */
function inLargestUnit(seconds: number): readonly [count: number, unit: Unit] {
  if (seconds < 60) return [seconds, 'second'];
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120 && minutes !== 60) return [minutes, 'minute'];
  const hours = Math.ceil(minutes / 60);
  if (hours < 48 && hours !== 24) return [hours, 'hour'];
  return [Math.ceil(hours / 24), 'day'];
}

/** For the attribute `dir` of a page. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
}
