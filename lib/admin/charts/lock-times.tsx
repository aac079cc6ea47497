/** How long each step of a ladder locks, as bars on a logarithmic axis of time: a second and a week are both seen. */
import type { VNode } from 'preact';
import { countOf, spanText } from '../view/words.js';
import { percent } from './scale.js';

interface LockStep {
  readonly failures: number;
  /** Whether the failures follow each other, however slowly. */
  readonly isInARow: boolean;
  /** Infinity until reset. */
  readonly lockMs: number;
}

export interface LockTimesProps {
  /** Unique on the page. */
  readonly id: string;
  /** Ascending by failures. */
  readonly steps: readonly LockStep[];
}

/** Far enough from each other for their labels at every width. */
const TICKS_MS = [1_000, 60_000, 3_600_000, 86_400_000, 2_592_000_000, 31_536_000_000];
const SHORTEST_MS = 100;
/** A year of hours is no chart any more. */
const MAX_STEPS = 16;
const ROW = 34;
const BAR = 8;
const AXIS = 20;

export function LockTimes({ id, steps }: LockTimesProps): VNode {
  const shown = steps.length > MAX_STEPS ? [...steps.slice(0, MAX_STEPS - 1), ...steps.slice(-1)] : steps;
  const { from, to } = rangeOf(shown);
  const base = shown.length * ROW;
  return (
    <figure class="chart">
      <svg width="100%" height={base + AXIS} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
        <title id={`${id}-title`}>Lengths of locks</title>
        <desc id={`${id}-desc`}>{shown.map(stepText).join('; ')}.</desc>
        {TICKS_MS.filter((tick) => tick >= from && tick <= to).map((tick) => {
          const x = shareOf(tick, from, to);
          return (
            <g key={tick}>
              <line class="grid-line" x1={percent(x)} x2={percent(x)} y1="0" y2={base} />
              <text x={percent(x)} y={base + 16} text-anchor={anchorAt(x)}>
                {spanText(tick)}
              </text>
            </g>
          );
        })}
        {shown.map((step, index) => (
          <g key={stepText(step)}>
            <text class="strong" x="0" y={index * ROW + 14}>
              {stepText(step)}
            </text>
            <rect
              class="bar mark"
              x="0"
              width={percent(step.lockMs === Number.POSITIVE_INFINITY ? 1 : shareOf(step.lockMs, from, to))}
              y={index * ROW + 20}
              height={BAR}
            />
          </g>
        ))}
        <line class="axis" x1="0" x2="100%" y1={base} y2={base} />
      </svg>
      {steps.length > shown.length ? (
        <figcaption class="soft">
          {countOf(steps.length - shown.length, 'step')} before the last are left out.
        </figcaption>
      ) : null}
    </figure>
  );
}

/** From the tick below the shortest lock to the one above the longest. */
function rangeOf(steps: readonly LockStep[]): { readonly from: number; readonly to: number } {
  const lengths = steps.map(({ lockMs }) => lockMs).filter(Number.isFinite);
  const shortest = Math.min(...lengths, TICKS_MS.at(-1) as number);
  const longest = Math.max(...lengths, 0);
  return {
    from: TICKS_MS.findLast((tick) => tick < shortest) ?? SHORTEST_MS,
    to: TICKS_MS.find((tick) => tick > longest) ?? 10 * longest,
  };
}

function shareOf(ms: number, from: number, to: number): number {
  return Math.min(1, Math.max(0.005, Math.log(ms / from) / Math.log(to / from)));
}

function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < 0.05) return 'start';
  return x > 0.95 ? 'end' : 'middle';
}

function stepText({ failures, isInARow, lockMs }: LockStep): string {
  const length = lockMs === Number.POSITIVE_INFINITY ? 'until reset' : spanText(lockMs);
  return `${countOf(failures, 'failure')}${isInARow ? ' in a row' : ''}: ${length}`;
}
