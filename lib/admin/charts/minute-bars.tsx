/** Attempts by time as stacked bars, with a mark where locks were set. Works for minutes, quarters of an hour and hours. */
import type { VNode } from 'preact';
import { type Column, DataTable } from '../view/data-table.js';
import { countOf, countText, utcText } from '../view/words.js';
import { type Bucket, type BucketTotals, totalsOf } from './bucket.js';
import { percent, roundLimit } from './scale.js';
import { TimeAxis } from './time-axis.js';

export interface MinuteBarsProps {
  /** Unique on the page. */
  readonly id: string;
  /** What is shown and for how long, such as `Attempts per minute, last hour`. */
  readonly title: string;
  /** Oldest first, without gaps. */
  readonly buckets: readonly Bucket[];
  readonly bucketMs: number;
}

/** From the ground up: what was let through to the password check, then what was refused before it. */
const STACK = ['succeeded', 'failed', 'refused'] as const;
const WORDS = { succeeded: 'succeeded', failed: 'failed', refused: 'refused' } as const;
const MARKS = 14;
const PLOT = 160;
const BASE = MARKS + PLOT;
const HEIGHT = BASE + 22;
/** The part of its room that a bar fills. */
const FILL = 0.78;

export function MinuteBars({ id, title, buckets, bucketMs }: MinuteBarsProps): VNode {
  const totals = totalsOf(buckets);
  const limit = roundLimit(Math.max(0, ...buckets.map(sumOf)));
  const from = buckets[0]?.at ?? 0;
  const to = from + buckets.length * bucketMs;
  return (
    <figure class="chart">
      <Legend totals={totals} />
      <div class="plot">
        <svg width="100%" height={HEIGHT} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-desc`}>{describe(buckets, totals)}</desc>
          {[1, 0.5].map((share) => (
            <line key={share} class="grid-line" x1="0" x2="100%" y1={yOf(share)} y2={yOf(share)} />
          ))}
          {buckets.map((bucket, index) => (
            <Bar key={bucket.at} bucket={bucket} index={index} count={buckets.length} limit={limit} />
          ))}
          <TimeAxis from={from} to={to} y={BASE} />
        </svg>
        <Limits limit={limit} />
      </div>
      <details>
        <summary>Show as a table</summary>
        <DataTable
          caption={`${title}, as a table`}
          isCaptionHidden
          isLong
          columns={COLUMNS}
          rows={buckets.toReversed()}
          keyOf={({ at }) => String(at)}
        />
      </details>
    </figure>
  );
}

const COLUMNS: readonly Column<Bucket>[] = [
  { id: 'at', head: 'From (UTC)', kind: 'name', cell: ({ at }) => utcText(at).slice(0, 16) },
  { id: 'succeeded', head: 'Succeeded', kind: 'number', cell: ({ succeeded }) => countText(succeeded) },
  { id: 'failed', head: 'Failed', kind: 'number', cell: ({ failed }) => countText(failed) },
  { id: 'refused', head: 'Refused', kind: 'number', cell: ({ refused }) => countText(refused) },
  { id: 'locks', head: 'Locks set', kind: 'number', cell: ({ locks }) => countText(locks) },
];

function Legend({ totals }: { readonly totals: BucketTotals }): VNode {
  return (
    <ul class="legend">
      {STACK.toReversed().map((outcome) => (
        <li key={outcome}>
          <span class={`key ${outcome}`} aria-hidden="true" />
          <b>{countText(totals[outcome])}</b> {WORDS[outcome]}
        </li>
      ))}
      <li>
        <span class="key locked" aria-hidden="true" />
        <b>{countText(totals.locks)}</b> {totals.locks === 1 ? 'lock set' : 'locks set'}
      </li>
      <li class="zone">Times are UTC</li>
    </ul>
  );
}

/** Beside the bars, so that the last ones are not covered. */
function Limits({ limit }: { readonly limit: number }): VNode {
  return (
    <svg width="100%" height={HEIGHT} aria-hidden="true">
      {[1, 0.5, 0].map((share) => (
        <text key={share} x="100%" y={yOf(share) + 4} text-anchor="end">
          {countText(limit * share)}
        </text>
      ))}
    </svg>
  );
}

interface BarProps {
  readonly bucket: Bucket;
  readonly index: number;
  readonly count: number;
  readonly limit: number;
}

function Bar({ bucket, index, count, limit }: BarProps): VNode {
  const x = percent((index + (1 - FILL) / 2) / count);
  const width = percent(FILL / count);
  let below = 0;
  return (
    <>
      {STACK.filter((outcome) => bucket[outcome] > 0).map((outcome) => {
        const from = below / limit;
        below += bucket[outcome];
        // Below one pixel it would not be seen at all, and one failure matters.
        const height = Math.max(1, round(yOf(from) - yOf(below / limit)));
        const y = round(yOf(from)) - height;
        return <rect key={outcome} class={`bar ${outcome}`} x={x} width={width} y={y} height={height} />;
      })}
      {bucket.locks > 0 ? (
        <svg x={percent((index + 0.5) / count)} y="2" class="at" aria-hidden="true">
          <path class="mark" d="M-4 0h8l-4 7z" />
        </svg>
      ) : null}
      <rect class="hit" x={percent(index / count)} width={percent(1 / count)} y="0" height={BASE}>
        <title>{describeBucket(bucket)}</title>
      </rect>
    </>
  );
}

function yOf(share: number): number {
  return BASE - share * PLOT;
}

function sumOf({ failed, refused, succeeded }: Bucket): number {
  return failed + refused + succeeded;
}

function describe(buckets: readonly Bucket[], totals: BucketTotals): string {
  const busiest = buckets.reduce<Bucket | undefined>(
    (most, bucket) => (most && sumOf(most) >= sumOf(bucket) ? most : bucket),
    undefined,
  );
  if (!busiest || sumOf(busiest) === 0) return 'No attempts in this time.';
  return `${countText(totals.failed)} failed, ${countText(totals.refused)} refused and ${countText(totals.succeeded)} succeeded; ${countOf(totals.locks, 'lock')} set. Most at ${describeBucket(busiest)}`;
}

function describeBucket({ at, failed, refused, succeeded, locks }: Bucket): string {
  const counts = `${countText(failed)} failed, ${countText(refused)} refused, ${countText(succeeded)} succeeded`;
  return `${utcText(at).slice(0, 16)} UTC: ${counts}${locks > 0 ? `, ${countOf(locks, 'lock')} set` : ''}.`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
