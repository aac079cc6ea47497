/** What is kept of a run beside the documents that show it: medians, and ratios with their spread. */
import { OURS } from '../contender.js';
import type { Figure, Measure } from '../measure.js';
import type { Comparison } from '../run.js';
import { FULL, type Settings } from '../settings.js';
import { type Spread, toMedian } from '../spread.js';

export interface Row {
  readonly store: string;
  readonly measure: Measure;
  readonly case: string;
  readonly contender: string;
  readonly median: number;
  /** Ours to the rival; missing for others, and where there is none. */
  readonly ratio?: Spread;
}

export interface Summary {
  readonly command: string;
  /** Day of the run, as in 2026-11-27. */
  readonly date: string;
  readonly machine: string;
  /** Whether it had fewer rounds than the command has by default. */
  readonly isProvisional: boolean;
  readonly stores: readonly { readonly store: string; readonly description: string; readonly rounds: number }[];
  readonly rows: readonly Row[];
}

export interface Run {
  readonly command: string;
  readonly date: Date;
  readonly machine: string;
  readonly settings: Readonly<Record<string, Settings>>;
}

const DIGITS = 4;
const SHOWN: ReadonlySet<Measure> = new Set(['latency', 'throughput', 'commands', 'roundTrips']);

export function toSummary({ stores, figures, ratios }: Comparison, run: Run): Summary {
  const roundsOf = (store: string) => run.settings[store]?.rounds ?? 0;
  const ratioOf = (figure: Figure) =>
    ratios.find(
      (other) =>
        other.store === figure.store &&
        other.measure === figure.measure &&
        other.case === figure.case &&
        other.contender === figure.contender,
    )?.ratio;
  return {
    command: run.command,
    date: run.date.toISOString().slice(0, 10),
    machine: run.machine,
    isProvisional: stores.some(({ store }) => roundsOf(store) < (FULL[store]?.rounds ?? 0)),
    stores: stores.map(({ store, description }) => ({ store, description, rounds: roundsOf(store) })),
    rows: figures
      .filter(({ measure }) => SHOWN.has(measure))
      .map((figure) => {
        const { rounds, ...row } = figure;
        const ratio = row.contender === OURS ? ratioOf(figure) : undefined;
        return { ...row, median: rounded(toMedian(rounds)), ...(ratio && { ratio: roundedSpread(ratio) }) };
      }),
  };
}

function roundedSpread({ median, lower, upper, min, max }: Spread): Spread {
  const [a, b, c, d, e] = [median, lower, upper, min, max].map(rounded) as [number, number, number, number, number];
  return { median: a, lower: b, upper: c, min: d, max: e };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
