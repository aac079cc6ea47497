/** What happened to one subject: attempts as marks in lanes, locks as bands behind them, acts of operators as flags. */
import type { VNode } from 'preact';
import { type Column, DataTable } from '../view/data-table.js';
import { HostileText } from '../view/hostile-text.js';
import { countOf, countText, utcText } from '../view/words.js';
import { percent, shareOfTime } from './scale.js';
import { TimeAxis } from './time-axis.js';

export interface LineAttempt {
  readonly at: number;
  readonly outcome: 'succeeded' | 'failed' | 'refused';
  /** How many attempts it stands for. */
  readonly count: number;
}

export interface LineLock {
  readonly from: number;
  /** When it ends or ended; null until reset. */
  readonly to: number | null;
}

export interface LineAct {
  readonly at: number;
  /** In words, such as `unblocked` or `blocked for 1 d`. */
  readonly act: string;
  readonly actor: string | null;
  readonly reason: string | null;
}

export interface TimeLineProps {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** In any order. */
  readonly attempts: readonly LineAttempt[];
  readonly locks: readonly LineLock[];
  readonly acts: readonly LineAct[];
}

const LANES = ['succeeded', 'failed', 'refused'] as const;
const LANE = 32;
const FLAGS = 26;
const BASE = FLAGS + LANES.length * LANE;
const HEIGHT = BASE + 22;
const LARGEST = 7;

export function TimeLine({ id, title, from, to, attempts, locks, acts }: TimeLineProps): VNode {
  const x = (at: number) => percent(shareOfTime(at, from, to));
  return (
    <figure class="chart">
      <div class="lanes">
        <svg width="100%" height={HEIGHT} aria-hidden="true">
          {LANES.map((lane, index) => (
            <text key={lane} x="0" y={middleOf(index) + 4}>
              {NAMES[lane]}
            </text>
          ))}
          {acts.length > 0 ? (
            <text x="0" y="16">
              Operators
            </text>
          ) : null}
        </svg>
        <svg width="100%" height={HEIGHT} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-desc`}>{describe(attempts, locks, acts)}</desc>
          {locks.map((lock) => (
            <Band key={lock.from} lock={lock} from={from} to={to} />
          ))}
          {LANES.map((lane, index) => (
            <line key={lane} class="grid-line" x1="0" x2="100%" y1={middleOf(index)} y2={middleOf(index)} />
          ))}
          {attempts.map((attempt, index) => (
            <svg
              key={index}
              class="at"
              aria-hidden="true"
              x={x(attempt.at)}
              y={middleOf(LANES.indexOf(attempt.outcome))}
            >
              <Dot attempt={attempt} />
            </svg>
          ))}
          {acts.map((act) => (
            <svg key={act.at} class="at" aria-hidden="true" x={x(act.at)} y="4">
              <line class="pole" x1="0" x2="0" y1="0" y2={BASE - 4} />
              <path class="flag" d="M0 0h11l-3 4.5 3 4.5H0z">
                <title>{`${utcText(act.at)}: ${act.act}`}</title>
              </path>
            </svg>
          ))}
          <TimeAxis from={from} to={to} y={BASE} />
        </svg>
      </div>
      <p class="legend">
        <span>Bands are times locked; a larger mark stands for more attempts.</span>
        <span class="zone">Times are UTC</span>
      </p>
      <details>
        <summary>Show as a table</summary>
        <DataTable
          caption={`${title}, as a table`}
          isCaptionHidden
          isLong
          columns={COLUMNS}
          rows={toRows(attempts, locks, acts)}
          keyOf={({ at }, index) => `${at}-${index}`}
        />
      </details>
    </figure>
  );
}

const NAMES = { succeeded: 'Succeeded', failed: 'Failed', refused: 'Refused' } as const;

function middleOf(lane: number): number {
  return FLAGS + (lane + 0.5) * LANE;
}

interface BandProps {
  readonly lock: LineLock;
  readonly from: number;
  readonly to: number;
}

function Band({ lock, from, to }: BandProps): VNode {
  const start = shareOfTime(lock.from, from, to);
  const end = lock.to === null ? 1 : shareOfTime(lock.to, from, to);
  return (
    <g>
      <rect
        class="band"
        x={percent(start)}
        width={percent(Math.max(0.002, end - start))}
        y={FLAGS}
        height={BASE - FLAGS}
      >
        <title>{lockText(lock)}</title>
      </rect>
      {lock.from >= from ? (
        <line class="band-edge" x1={percent(start)} x2={percent(start)} y1={FLAGS} y2={BASE} />
      ) : null}
    </g>
  );
}

/** Each outcome has a shape of its own: a disc, a diamond, a ring. */
function Dot({ attempt: { at, outcome, count } }: { readonly attempt: LineAttempt }): VNode {
  const size = Math.min(LARGEST, 3.5 + Math.log2(Math.max(1, count)) / 2);
  const title = <title>{`${utcText(at)}: ${count > 1 ? `${countText(count)} ` : ''}${outcome}`}</title>;
  if (outcome === 'failed') {
    const half = round(size * 1.2);
    return (
      <path class="dot failed" d={`M0 ${-half}L${half} 0L0 ${half}L${-half} 0Z`}>
        {title}
      </path>
    );
  }
  return (
    <circle class={`dot ${outcome}`} r={round(size)}>
      {title}
    </circle>
  );
}

interface Row {
  readonly at: number;
  readonly what: VNode | string;
}

const COLUMNS: readonly Column<Row>[] = [
  { id: 'at', head: 'Time', kind: 'name', cell: ({ at }) => utcText(at) },
  { id: 'what', head: 'What happened', cell: ({ what }) => what },
];

function toRows(
  attempts: readonly LineAttempt[],
  locks: readonly LineLock[],
  acts: readonly LineAct[],
): readonly Row[] {
  return [
    ...attempts.map(({ at, outcome, count }) => ({
      at,
      what: `${NAMES[outcome]}${count > 1 ? ` ${countOf(count, 'time')}` : ''}`,
    })),
    ...locks.map((lock) => ({ at: lock.from, what: lockText(lock) })),
    ...acts.map((act) => ({ at: act.at, what: <Act act={act} /> })),
  ].sort((a, b) => b.at - a.at);
}

function Act({ act: { act, actor, reason } }: { readonly act: LineAct }): VNode {
  return (
    <span>
      {actor === null ? 'An operator' : <HostileText text={actor} max={80} />} {act}
      {reason === null ? null : (
        <>
          : <HostileText text={reason} />
        </>
      )}
    </span>
  );
}

function lockText({ to }: LineLock): string {
  return to === null ? 'Locked until reset' : `Locked until ${utcText(to)}`;
}

function describe(attempts: readonly LineAttempt[], locks: readonly LineLock[], acts: readonly LineAct[]): string {
  const counts = { succeeded: 0, failed: 0, refused: 0 };
  for (const { outcome, count } of attempts) counts[outcome] += count;
  const { succeeded, failed, refused } = counts;
  return `${countText(succeeded)} succeeded, ${countText(failed)} failed, ${countText(refused)} refused; locked ${countOf(locks.length, 'time')}; ${countOf(acts.length, 'act')} of operators.`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
