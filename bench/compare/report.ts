/** Shows the comparison as text. */
import { toTable } from '../report.js';
import type { Judged } from './bounds.js';
import { LEGEND, OURS, RIVAL } from './contender.js';
import type { Figure, Measure } from './measure.js';
import type { Ratio } from './ratios.js';
import { type Spread, toMedian } from './spread.js';

const TITLES: Readonly<Record<Measure, string>> = {
  latency: 'from request to answer, one at a time',
  cpu: 'processor time of this process per login, us',
  throughput: 'logins a second, 32 at a time',
  commands: 'commands to the store per login, without the batches of the attempt log',
  roundTrips: 'round trips to the store per login (the longest chain of commands)',
};
const IN_MS = new Set(['mongo']);

export function toText(figures: readonly Figure[], ratios: readonly Ratio[]): string {
  const stores = [...new Set(figures.map(({ store }) => store))];
  return stores
    .flatMap((store) => {
      const own = figures.filter((figure) => figure.store === store);
      const measures = [...new Set(own.map(({ measure }) => measure))];
      return measures.map((measure) => {
        const unit = measure !== 'latency' ? '' : IN_MS.has(store) ? ', ms' : ', us';
        const rows = toRows(
          own.filter((figure) => figure.measure === measure),
          ratios,
        );
        return `${store}: ${TITLES[measure]}${unit}; medians of the rounds\n\n${toTable(rows)}\n`;
      });
    })
    .join('\n');
}

/** A row for each case, a column for each contender, and our ratio to the rival. */
function toRows(figures: readonly Figure[], ratios: readonly Ratio[]): readonly (readonly string[])[] {
  const entered = new Set(figures.map(({ contender }) => contender));
  const contenders = Object.keys(LEGEND).filter((name) => entered.has(name));
  const header = ['', ...contenders, `${OURS} / ${RIVAL}`, 'half of the rounds', 'all'];
  const cases = [...new Set(figures.map((figure) => figure.case))];
  const rows = cases.map((name) => {
    const own = figures.filter((figure) => figure.case === name);
    const cells = contenders.map((contender) => {
      const figure = own.find((other) => other.contender === contender);
      return figure ? toFigure(figure) : '';
    });
    const ratio = ratios.find(
      (other) =>
        other.contender === OURS &&
        other.case === name &&
        other.measure === own[0]?.measure &&
        other.store === own[0]?.store,
    )?.ratio;
    return [name, ...cells, ...toCells(ratio)];
  });
  return [header, ...rows];
}

function toFigure({ store, measure, rounds }: Figure): string {
  const median = toMedian(rounds);
  if (measure === 'latency') return IN_MS.has(store) ? (median / 1000).toFixed(2) : median.toFixed(1);
  return measure === 'cpu' ? median.toFixed(1) : median.toFixed(0);
}

function toCells(spread: Spread | undefined): readonly string[] {
  if (!spread) return ['-', '', ''];
  const { median, lower, upper, min, max } = spread;
  return [toRatio(median), `${toRatio(lower)}..${toRatio(upper)}`, `${toRatio(min)}..${toRatio(max)}`];
}

/** Two digits after the point, three where the first of them is 0; fewer from 10 on. */
export function toRatio(value: number): string {
  if (value >= 10) return value.toFixed(value >= 100 ? 0 : 1);
  return value.toFixed(Math.abs(value) < 0.1 && value !== 0 ? 3 : 2);
}

/** A row for each bound. */
export function toBoundsText(judged: readonly Judged[]): string {
  const rows = judged.map(({ store, measure, case: name, of, limit, isLeast, value, holds }) => [
    `${store}, ${measure}${of === 'ratio' ? ` / ${RIVAL}` : ''}, ${name}`,
    ...toCells(value),
    `${isLeast ? '>=' : '<='} ${limit}`,
    value === undefined ? '-' : holds ? 'ok' : 'OVER',
  ]);
  return toTable([['must hold', 'median', 'half of the rounds', 'all', 'bound', ''], ...rows]);
}
