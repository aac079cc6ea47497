/** Every contender through every scenario that is asked for and its own, with every seed. */
import { CONTENDERS } from './contenders.js';
import type { DayResult } from './day.js';
import type { Row } from './report.js';
import type { Settings } from './settings.js';
import { type Run, runTask, YEAR } from './task.js';
import type { YearResult } from './year.js';

export interface Simulation {
  /** Names of contenders. */
  readonly policies: readonly string[];
  /** Ids of scenarios. */
  readonly scenarios: readonly string[];
  readonly seeds: readonly number[];
  readonly settings: Settings;
}

/** @param run - in this thread by default */
export function simulate(
  { policies, scenarios, seeds, settings }: Simulation,
  run: Run = runTask,
): Promise<readonly Row[]> {
  return Promise.all(
    policies.map(async (policy) => {
      const own = CONTENDERS.find(({ name }) => name === policy)?.scenarios ?? scenarios;
      const asked = scenarios.filter((id) => own.includes(id));
      const days = asked.filter((id) => id !== YEAR);
      const runAll = (scenario: string) => Promise.all(seeds.map((seed) => run({ policy, scenario, seed, settings })));
      const results = await Promise.all(days.map(async (id) => [id, (await runAll(id)) as DayResult[]] as const));
      const years = asked.includes(YEAR) ? ((await runAll(YEAR)) as YearResult[]) : [];
      return { name: policy, days: Object.fromEntries(results), years };
    }),
  );
}
