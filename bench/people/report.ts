/** The figures of all contenders, as tables and as JSON. */
import { toTable } from '../report.js';
import type { DayResult, Outcome } from './day.js';
import type { Scenario } from './scenarios.js';
import { GROUPS } from './world.js';
import type { YearResult } from './year.js';

export interface Row {
  readonly name: string;
  /** One result for each seed, by the id of the scenario. */
  readonly days: Readonly<Record<string, readonly DayResult[]>>;
  /** One for each seed; empty when the year was not asked for. */
  readonly years: readonly YearResult[];
}

const NONE = '-';

/** All figures are means over the seeds, but the greatest is the greatest of all. */
export function toText(rows: readonly Row[], scenarios: readonly Scenario[]): string {
  const dayTable = (title: string, cellOf: (days: readonly DayResult[]) => string) =>
    scenarios.length === 0
      ? []
      : [
          toTable([
            [title, ...scenarios.map((scenario) => `${scenario.id} ${scenario.title}`)],
            ...rows.map(({ name, days }) => [
              name,
              ...scenarios.map(({ id }) => (days[id]?.length ? cellOf(days[id]) : NONE)),
            ]),
          ]),
        ];
  return [
    ...(scenarios.length === 0 ? [] : [describeLogins(rows, scenarios)]),
    ...dayTable('people out: known / without cookie / with an old program', (days) => byGroup(days, ({ out }) => out)),
    ...dayTable('right passwords refused, likewise', (days) => byGroup(days, ({ refused }) => refused)),
    ...dayTable('guesses verified per account: mean (most), of those tried', (days) => {
      const most = Math.max(...days.map(({ guesses }) => guesses.max));
      const mean = meanOf(days, ({ guesses }) => guesses.mean);
      return `${figure(mean)} (${most}) of ${figure(meanOf(days, ({ guesses }) => guesses.tried))}`;
    }),
    ...yearTable(rows),
  ].join('\n\n');
}

function describeLogins(rows: readonly Row[], scenarios: readonly Scenario[]): string {
  const days = rows[0]?.days[scenarios[0]?.id ?? ''] ?? [];
  return `logins a day, mean: known / without cookie / with an old program: ${byGroup(days, ({ logins }) => logins)}`;
}

function yearTable(rows: readonly Row[]): readonly string[] {
  if (rows.every(({ years }) => years.length === 0)) return [];
  const header = [
    'a year of guesses at one account',
    'one a minute',
    'best patient',
    "owner's logins refused",
    'busy program, 30 days: guesses, refused',
    'busy browser',
  ];
  return [
    toTable([
      header,
      ...rows.map(({ name, years }) => {
        if (years.length === 0) return [name, NONE, NONE, NONE, NONE, NONE];
        const mean = (measureOf: (year: YearResult) => number) => figure(meanOf(years, measureOf));
        const busy = (busyOf: (year: YearResult) => YearResult['busyBrowser']) =>
          `${mean((year) => busyOf(year).judged)}, ${mean((year) => busyOf(year).refused)}`;
        const isUnlimited = years.every(({ minutely, tried }) => minutely === tried);
        return [
          name,
          isUnlimited ? 'no limit' : mean(({ minutely }) => minutely),
          isUnlimited ? NONE : mean(({ patient }) => patient),
          `${mean(({ refused }) => refused)} of ${mean(({ logins }) => logins)}`,
          busy(({ busyProgram }) => busyProgram),
          busy(({ busyBrowser }) => busyBrowser),
        ];
      }),
    ]),
  ];
}

function byGroup(days: readonly DayResult[], measureOf: (outcome: Outcome) => number): string {
  return GROUPS.map((group) => figure(meanOf(days, ({ people }) => measureOf(people[group])))).join(' / ');
}

function meanOf<T>(results: readonly T[], measureOf: (result: T) => number): number {
  return results.reduce((sum, result) => sum + measureOf(result), 0) / results.length;
}

/** Small ones with a digit more. */
function figure(value: number): string {
  if (value >= 20 || Number.isInteger(value)) return Math.round(value).toLocaleString('en');
  return value.toFixed(value < 0.1 ? 2 : 1);
}
