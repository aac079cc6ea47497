/** Two lockouts on one kind of store: one that knows the subjects of the logins only, and one that knows many more. */
import { CASE, createCases } from '../compare/cases.js';
import type { Contender } from '../compare/contender.js';
import { attempt, inSequence, nextTurn, prepared } from '../compare/run-attempts.js';

export interface Pair {
  readonly description: string;
  readonly empty: Contender;
  readonly full: Contender;
  /** Over how many known names the logins are spread, so that none is at hand for being the last one asked for. */
  readonly names: number;
}

/** Creates a pair for as long as `use` runs. */
export type WithPair = (subjects: number, use: (pair: Pair) => Promise<void>) => Promise<void>;

export interface Grown {
  readonly name: string;
  /** Median microseconds of each round. */
  readonly empty: readonly number[];
  readonly full: readonly number[];
}

export interface Rounds {
  readonly rounds: number;
  readonly warmUpRounds: number;
  readonly inSequence: number;
}

const NAMES: ReadonlySet<string> = new Set([
  CASE.goodKnown,
  CASE.goodFresh,
  CASE.failedKnown,
  CASE.failedFresh,
  CASE.refusedInTurn,
]);

/** Both in one measurement, alternating: minutes later the machine may behave differently. */
export async function measureGrowth({ empty, full, names }: Pair, rounds: Rounds): Promise<readonly Grown[]> {
  const cases = createCases(names).filter(({ name }) => NAMES.has(name));
  for (const { before } of cases) {
    for (const made of await prepared(empty, before)) await attempt(empty, made);
    for (const made of await prepared(full, before)) await attempt(full, made);
  }
  const grown = cases.map(({ name }) => ({ name, empty: [] as number[], full: [] as number[] }));
  for (let round = -rounds.warmUpRounds; round < rounds.rounds; round += 1) {
    for (const [index, one] of cases.entries()) {
      const both = [
        [empty, grown[index]?.empty],
        [full, grown[index]?.full],
      ] as const;
      for (const [contender, times] of round % 2 === 0 ? both : both.toReversed()) {
        await nextTurn();
        const { p50Us } = await inSequence(contender, await prepared(contender, one.next(rounds.inSequence)));
        if (round >= 0) times?.push(p50Us);
      }
    }
  }
  return grown;
}
