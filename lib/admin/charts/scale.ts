/** Geometry of charts: round limits of an axis, and positions in percent, which hold at every width. */

/** Returns the smallest 1, 2, 4, 5 or 8 times a power of ten that is not below the value: halves of it are round, too. */
export function roundLimit(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 8, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

/** Returns a position as an attribute, at most 2 decimals. */
export function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

/** Returns where an instant lies between two others, 0 to 1. */
export function shareOfTime(at: number, from: number, to: number): number {
  return to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0;
}

const STEPS_MS = [
  60_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
  172_800_000, 604_800_000,
];

/** Returns round instants between two others, `most` at most, for the labels of an axis. */
export function axisTimes(from: number, to: number, most: number): readonly number[] {
  const step = STEPS_MS.find((ms) => (to - from) / ms <= most) ?? Math.max(1, Math.ceil((to - from) / most));
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: Math.min(count, most + 1) }, (_, index) => first + index * step);
}
