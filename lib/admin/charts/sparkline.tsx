import type { VNode } from 'preact';
import { countText } from '../view/words.js';

export interface SparklineProps {
  /** Unique on the page. */
  readonly id: string;
  /** What is counted, such as `Failed logins a minute`. */
  readonly title: string;
  readonly tone: 'failed' | 'refused' | 'succeeded' | 'locked';
  /** Oldest first. */
  readonly values: readonly number[];
  /** The same time a day before, drawn as a faint line; left out while unknown. */
  readonly before?: readonly number[] | undefined;
}

/** Otherwise, one failure and two would look like calm and storm. */
const LEAST_SCALE = 6;
const WIDTH = 120;
const HEIGHT = 40;
/** Room for the line's own width. */
const TOP = 3;
const BOTTOM = 1;

/** The course of one number, without axes: the figure above it says how much it is. */
export function Sparkline({ id, title, tone, values, before = [] }: SparklineProps): VNode {
  const max = Math.max(0, ...values, ...before);
  const scale = Math.max(LEAST_SCALE, max);
  const line = pathOf(values, scale);
  // A line of zeros says nothing, and looks like a border.
  const isDrawn = values.length > 1 && max > 0;
  return (
    <svg
      class={`spark ${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-labelledby={`${id}-title ${id}-desc`}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{describe(values)}</desc>
      {before.length > 1 && max > 0 ? <path class="before" d={pathOf(before, scale)} /> : null}
      {isDrawn ? <path class="area" d={`${line}V${HEIGHT}H0Z`} /> : null}
      {isDrawn ? <path d={line} /> : null}
    </svg>
  );
}

function pathOf(values: readonly number[], max: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, index) => {
    const y = HEIGHT - BOTTOM - (value / max) * (HEIGHT - TOP - BOTTOM);
    return `${round(index * step)} ${round(y)}`;
  });
  return `M${points.join('L')}`;
}

function describe(values: readonly number[]): string {
  const last = values.at(-1);
  if (last === undefined) return 'No counts yet.';
  return `Lowest ${countText(Math.min(...values))}, highest ${countText(Math.max(...values))}, last ${countText(last)}.`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
