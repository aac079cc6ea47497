/** The smallest part of the simulation: one contender, one scenario, one seed. */
import { CONTENDERS } from './contenders.js';
import { type DayResult, runDay } from './day.js';
import { SCENARIOS } from './scenarios.js';
import type { Settings } from './settings.js';
import { runYear, type YearResult } from './year.js';

/** The scenario beside the days. */
export const YEAR = 'year';

export interface Task {
  /** The name of the contender. */
  readonly policy: string;
  /** The id of a scenario, or {@link YEAR}. */
  readonly scenario: string;
  readonly seed: number;
  readonly settings: Settings;
}

export type Run = (task: Task) => Promise<DayResult | YearResult>;

export async function runTask({ policy, scenario: id, seed, settings }: Task): Promise<DayResult | YearResult> {
  const contender = CONTENDERS.find(({ name }) => name === policy);
  if (!contender) throw new Error(`no contender is named ${policy}`);
  if (id === YEAR) return runYear(contender, seed);
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (!scenario) throw new Error(`no scenario is named ${id}`);
  return runDay(contender, scenario, seed, settings);
}
