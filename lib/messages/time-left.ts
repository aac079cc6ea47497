/** The time left in words, and the reading direction of a locale. */
import { DEFAULT_LOCALE } from './texts.js';

type Unit = 'second' | 'minute' | 'hour' | 'day';
const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

interface Filled {
  readonly text: string;
  readonly count: number;
  readonly unit: Unit;
  readonly filled: string;
}

/** Formats the time left in one language. */
export class TimeWords {
  readonly #locale: string;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #lengths = new Map<Unit, Intl.NumberFormat>();
  /** The same for nearly all refusals of a flood: the time left is a whole number of minutes, or of seconds. */
  #last: Filled | undefined;

  constructor(locale: string) {
    this.#locale = locale;
    this.#relative = new Intl.RelativeTimeFormat([locale, DEFAULT_LOCALE], { numeric: 'always' });
  }

  /** Fills `{when}` ("in 15 minutes") and `{duration}` ("15 minutes") into the text. */
  fill(text: string, seconds: number): string {
    const [count, unit] = inLargestUnit(seconds);
    const last = this.#last;
    if (last && last.count === count && last.unit === unit && last.text === text) return last.filled;
    const filled = text.replace(/\{(when|duration)\}/g, (_, name) =>
      // Words are inflected after "in", so neither can be derived from the other: in 2 Tagen, 2 Tage.
      name === 'when' ? this.#relative.format(count, unit) : this.#lengthIn(unit).format(count),
    );
    this.#last = { text, count, unit, filled };
    return filled;
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
 * Rounds up, so that nobody comes back too early, to a unit of which there are at least two or exactly one, so that nobody waits
 * much longer than needed: 61 minutes do not become two hours.
 */
function inLargestUnit(seconds: number): readonly [count: number, unit: Unit] {
  if (seconds < 60) return [seconds, 'second'];
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120 && minutes !== 60) return [minutes, 'minute'];
  const hours = Math.ceil(minutes / 60);
  if (hours < 48 && hours !== 24) return [hours, 'hour'];
  return [Math.ceil(hours / 24), 'day'];
}

/** Returns the value of a page's `dir` attribute. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
}
