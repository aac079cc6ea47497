/** The middle of what several rounds measured, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  /** Half of the rounds lie between the quartiles. */
  readonly lower: number;
  readonly upper: number;
  readonly min: number;
  readonly max: number;
}

/** @param values - at least one */
export function toSpread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (fraction: number) => quantile(sorted, fraction);
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), min: at(0), max: at(1) };
}

export function toMedian(values: readonly number[]): number {
  return toSpread(values).median;
}

function quantile(sorted: readonly number[], fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
