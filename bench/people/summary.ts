/** The figures that decide, one line for each contender. */
import { toTable } from '../report.js';
import type { Row } from './report.js';

/** The scenarios that it needs, besides the year. */
export const SUMMED_UP = ['0', 'B', 'C', 'D'];

const NONE = '-';
const HEADER = [
  'never got in: known devices / without cookie',
  'quiet',
  'botnet',
  'lock-out',
  'office PC',
  'guesses a day',
  'a year',
  "owner's logins refused that year",
];

/** The first seed alone: a mean of people is hard to read. */
export function toSummary(rows: readonly Row[]): string {
  return toTable([HEADER, ...rows.map((row) => [row.name, ...dayCells(row), ...yearCells(row)])]);
}

function dayCells({ days }: Row): readonly string[] {
  const outs = SUMMED_UP.map((id) => {
    const [day] = days[id] ?? [];
    if (!day) return NONE;
    const { known, unknown } = day.people;
    return `${known.logins > 0 ? count(known.out) : NONE} / ${count(unknown.out)}`;
  });
  const most = ['B', 'C'].map((id) => days[id]?.[0]?.guesses.max ?? 0);
  return [...outs, count(Math.max(...most))];
}

function yearCells({ years: [year] }: Row): readonly string[] {
  if (!year) return [NONE, NONE];
  const { minutely, tried, patient, refused, logins } = year;
  return [minutely === tried ? 'no limit' : count(patient), `${count(refused)} of ${count(logins)}`];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
