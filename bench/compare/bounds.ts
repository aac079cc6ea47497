/** What is promised of the lockout, beside the rival in the same run. */
import { CASE } from './cases.js';
import { OURS } from './contender.js';
import type { Figure, Measure } from './measure.js';
import type { Ratio } from './ratios.js';
import { type Spread, toSpread } from './spread.js';

interface Bound {
  readonly store: string;
  readonly measure: Measure;
  readonly case: string;
  /** Of the ratio to the rival, or of the figure itself. */
  readonly of: 'ratio' | 'figure';
  readonly limit: number;
  readonly isLeast?: boolean;
}

export interface Judged extends Bound {
  /** Undefined where nothing can be said; then nothing is promised. */
  readonly value: Spread | undefined;
  readonly holds: boolean;
}

const FIVE = [CASE.goodKnown, CASE.goodFresh, CASE.failedKnown, CASE.failedFresh, CASE.refused];

function row(bound: Omit<Bound, 'case' | 'limit'>, limits: readonly number[]): readonly Bound[] {
  return limits.map((limit, index) => ({ ...bound, case: FIVE[index] as string, limit }));
}

const BOUNDS: readonly Bound[] = [
  ...row({ store: 'mongo', measure: 'latency', of: 'ratio' }, [1, 1, 2, 2, 0.02]),
  { store: 'mongo', measure: 'latency', of: 'ratio', case: CASE.goodFreshName, limit: 1.25 },
  ...row({ store: 'mongo', measure: 'throughput', of: 'ratio', isLeast: true }, [1, 1, 0.5, 0.5, 5]),
  ...row({ store: 'mongo', measure: 'commands', of: 'figure' }, [2, 2, 2, 2, 0]),
  ...row({ store: 'mongo', measure: 'roundTrips', of: 'figure' }, [2, 2, 2, 2, 0]),
  ...row({ store: 'redis', measure: 'latency', of: 'ratio' }, [1, 1, 2.1, 2.1, 0.2]),
  ...row({ store: 'redis', measure: 'throughput', of: 'ratio', isLeast: true }, [1.3, 1.3]),
  ...row({ store: 'redis', measure: 'commands', of: 'figure' }, [2, 2, 2, 2, 0]),
  ...row({ store: 'redis', measure: 'roundTrips', of: 'figure' }, [2, 2, 2, 2, 0]),
  ...row({ store: 'memory', measure: 'latency', of: 'ratio' }, [2, 2, 2, 2, 2]),
];

/** Judges medians over the rounds; stores that were not measured are left out. */
export function judge(figures: readonly Figure[], ratios: readonly Ratio[]): readonly Judged[] {
  const stores = new Set(figures.map(({ store }) => store));
  return BOUNDS.filter(({ store }) => stores.has(store)).map((bound) => {
    const isMeant = (of: Omit<Figure, 'rounds'>) =>
      of.contender === OURS && of.store === bound.store && of.measure === bound.measure && of.case === bound.case;
    const rounds = figures.find(isMeant)?.rounds;
    const value = bound.of === 'ratio' ? ratios.find(isMeant)?.ratio : rounds && toSpread(rounds);
    return { ...bound, value, holds: value === undefined || isWithin(value.median, bound) };
  });
}

function isWithin(value: number, { limit, isLeast = false }: Bound): boolean {
  return isLeast ? value >= limit : value <= limit;
}
