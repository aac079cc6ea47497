/** The tiers of a ladder as steps, and where a subject stands on them. */
import type { VNode } from 'preact';
import { countOf, countText, spanText } from '../view/words.js';
import { percent } from './scale.js';

export interface Step {
  /** How many failures lock. */
  readonly failures: number;
  /** For how long; null until reset. */
  readonly lockMs: number | null;
}

export interface LadderProps {
  /** Unique on the page. */
  readonly id: string;
  /** Ascending by failures. */
  readonly steps: readonly Step[];
  /** The failures of the subject now; null draws the ladder alone. */
  readonly failures: number | null;
  /** Index of the step whose lock holds now; null while none does. */
  readonly holding: number | null;
}

const TOP = 28;
const LOWEST = 16;
const RISE = 64;
const BASE = TOP + LOWEST + RISE;
const HEIGHT = BASE + 22;

export function Ladder({ id, steps, failures, holding }: LadderProps): VNode {
  // The ground before the first step has half the width of a step.
  const columns = steps.length + 0.5;
  const at = failures === null ? null : positionOf(failures, steps) / columns;
  return (
    <figure class="chart">
      <svg width="100%" height={HEIGHT} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
        <title id={`${id}-title`}>Ladder of locks</title>
        <desc id={`${id}-desc`}>{describe(steps, failures, holding)}</desc>
        {steps.map((step, index) => {
          const height = LOWEST + (RISE * (index + 1)) / steps.length;
          const x = (index + 0.5) / columns;
          return (
            <g key={step.failures}>
              <rect
                class={`step ${stateOf(step, index, failures, holding)}`}
                x={percent(x)}
                width={percent(1 / columns)}
                y={BASE - height}
                height={height}
              />
              <text class="strong" x={percent(x + 0.5 / columns)} y={BASE - height - 8} text-anchor="middle">
                {lockText(step)}
              </text>
              <text x={percent(x)} y={BASE + 16} text-anchor="middle">
                {countText(step.failures)}
              </text>
            </g>
          );
        })}
        <line class="axis" x1="0" x2="100%" y1={BASE} y2={BASE} />
        <text x="100%" y={BASE + 16} text-anchor="end">
          failures
        </text>
        {at === null ? null : (
          <>
            <line class="here" x1={percent(at)} x2={percent(at)} y1={TOP - 4} y2={BASE} />
            <circle class="here-dot" cx={percent(at)} cy={BASE} r="5" />
          </>
        )}
      </svg>
    </figure>
  );
}

/** Returns how far up a number of failures is, in columns: a step begins at its threshold and ends at the next one. */
function positionOf(failures: number, steps: readonly Step[]): number {
  const index = steps.findLastIndex((step) => step.failures <= failures);
  const from = steps[index]?.failures ?? 0;
  const to = steps[index + 1]?.failures ?? from * 2;
  const share = Math.min(1, (failures - from) / Math.max(1, to - from));
  if (index < 0) return share * 0.5;
  // On the last step, every further failure locks again: it never ends.
  return index + 0.5 + (index === steps.length - 1 ? Math.min(0.9, share) : share);
}

function stateOf(step: Step, index: number, failures: number | null, holding: number | null): string {
  if (index === holding) return 'holds';
  return failures !== null && step.failures <= failures ? 'passed' : 'ahead';
}

function lockText({ lockMs }: Step): string {
  return lockMs === null ? 'until reset' : spanText(lockMs);
}

function describe(steps: readonly Step[], failures: number | null, holding: number | null): string {
  const tiers = steps.map(
    (step) => `${countOf(step.failures, 'failure')}: locked ${step.lockMs === null ? '' : 'for '}${lockText(step)}`,
  );
  const here = failures === null ? '' : ` Now at ${countOf(failures, 'failure')}.`;
  return `${tiers.join('; ')}.${here}${holding === null ? '' : ` Tier ${holding + 1} holds.`}`;
}
