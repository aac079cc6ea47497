/** Every contender through every scenario that is asked for, with every seed. */
import { runDay } from './day.js';
import type { Contender } from './policy.js';
import type { Row } from './report.js';
import type { Scenario } from './scenarios.js';
import type { Settings } from './world.js';
import { runYear } from './year.js';

export interface Simulation {
  readonly contenders: readonly Contender[];
  readonly scenarios: readonly Scenario[];
  readonly seeds: readonly number[];
  readonly settings: Settings;
  readonly withYear: boolean;
}

export async function simulate({ contenders, ...asked }: Simulation): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const contender of contenders) rows.push(await simulateOne(contender, asked));
  return rows;
}

async function simulateOne(
  contender: Contender,
  { scenarios, seeds, settings, withYear }: Omit<Simulation, 'contenders'>,
): Promise<Row> {
  const days: Record<string, Row['days'][string]> = {};
  for (const scenario of scenarios) {
    days[scenario.id] = await forEach(seeds, (seed) => runDay(contender, scenario, seed, settings));
  }
  const years = withYear ? await forEach(seeds, (seed) => runYear(contender, seed)) : [];
  return { name: contender.name, days, years };
}

async function forEach<T>(seeds: readonly number[], run: (seed: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (const seed of seeds) results.push(await run(seed));
  return results;
}
