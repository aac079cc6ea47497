import type { VNode } from 'preact';
import { clockText, dayText } from '../view/words.js';
import { axisTimes, percent, shareOfTime } from './scale.js';

const DAY_MS = 86_400_000;
/** Closer to an edge than this, a label would stick out. */
const EDGE = 0.05;

export interface TimeAxisProps {
  readonly from: number;
  readonly to: number;
  /** Where the axis is, in pixels. */
  readonly y: number;
}

/** A line with round times below it; in UTC, which `.zone` of the legend says. The script rewrites hours to the viewer's zone. */
export function TimeAxis({ from, to, y }: TimeAxisProps): VNode {
  const times = axisTimes(from, to, 6);
  const isLong = to - from > 2 * DAY_MS;
  return (
    <>
      <line class="axis" x1="0" x2="100%" y1={y} y2={y} />
      {times.map((at) => {
        const share = shareOfTime(at, from, to);
        const x = percent(share);
        return (
          <text
            key={at}
            x={x}
            y={y + 16}
            text-anchor={anchorAt(share)}
            data-at={at}
            data-show={isLong ? 'day' : 'clock'}
          >
            {isLong ? dayText(at) : clockText(at)}
          </text>
        );
      })}
    </>
  );
}

function anchorAt(share: number): 'start' | 'middle' | 'end' {
  if (share < EDGE) return 'start';
  return share > 1 - EDGE ? 'end' : 'middle';
}
