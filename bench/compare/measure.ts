/** Measures the contenders of a field in one interleaved run. */
import { type Case, createCases, IN_PARALLEL } from './cases.js';
import type { Contender } from './contender.js';
import { attempt, inParallel, inSequence, nextTurn, prepared } from './run-attempts.js';
import type { Settings } from './settings.js';
import { toMedian } from './spread.js';
import type { Field } from './stores/field.js';

/**
 * `latency`: microseconds from request to answer, one login at a time: the median of a round, or the mean without the slowest hundredth for a load; for a
 * burst, the time until all of it is answered. `cpu`: processor microseconds of this process per login. `throughput`: logins
 * a second, `IN_PARALLEL` at a time. `commands` and `roundTrips`: of one login, to the store.
 */
export type Measure = 'latency' | 'cpu' | 'throughput' | 'commands' | 'roundTrips';

/** What each round gave. */
export interface Figure {
  readonly store: string;
  readonly measure: Measure;
  readonly case: string;
  readonly contender: string;
  readonly rounds: readonly number[];
}

/** How many logins of a case the commands are counted of; the median is what a login takes. */
const COUNTED = 5;

export async function measureField(
  field: Field,
  settings: Settings,
  progress: (text: string) => void = () => {},
): Promise<readonly Figure[]> {
  const collected = new Map<string, { figure: Omit<Figure, 'rounds'>; rounds: number[] }>();
  const collect = (measure: Measure, { name }: Case, contender: Contender, value: number) => {
    const figure = { store: field.store, measure, case: name, contender: contender.name };
    const key = JSON.stringify(figure);
    const found = collected.get(key) ?? { figure, rounds: [] };
    found.rounds.push(value);
    collected.set(key, found);
  };

  if (field.wire) {
    const { count } = field.wire;
    await withContenders(field.wire.create, settings.names, async (contenders, cases) => {
      for (const one of cases.filter(({ shape }) => shape === 'single')) {
        for (const contender of entering(contenders(one), one)) {
          const counts = [];
          for (const made of await prepared(contender, one.next(COUNTED)))
            counts.push(await count(() => attempt(contender, made)));
          collect('commands', one, contender, toMedian(counts.map(({ commands }) => commands)));
          collect('roundTrips', one, contender, toMedian(counts.map(({ roundTrips }) => roundTrips)));
        }
      }
    });
    await field.wire.close?.();
  }

  await withContenders(field.create, settings.names, async (contenders, cases) => {
    for (let round = -settings.warmUpRounds; round < settings.rounds; round += 1) {
      progress(`${field.store}: round ${round + 1} of ${settings.rounds}`);
      for (const one of cases) {
        for (const contender of turned(entering(contenders(one), one), round + settings.warmUpRounds)) {
          for (const [measure, value] of await measureOnce(contender, one, settings)) {
            if (round >= 0) collect(measure, one, contender, value);
          }
        }
      }
    }
  });
  return [...collected.values()].map(({ figure, rounds }) => ({ ...figure, rounds }));
}

/** Creates contenders for each limit of the cases, and brings them to where the cases begin. */
async function withContenders(
  create: Field['create'],
  names: number,
  use: (contenders: (one: Case) => readonly Contender[], cases: readonly Case[]) => Promise<void>,
): Promise<void> {
  const cases = createCases(names);
  const byLimit = new Map<number, readonly Contender[]>();
  try {
    for (const one of cases) {
      const contenders = byLimit.get(one.nameLimit) ?? (await create(one.nameLimit));
      byLimit.set(one.nameLimit, contenders);
      for (const contender of entering(contenders, one)) {
        for (const made of await prepared(contender, one.before)) await attempt(contender, made);
      }
    }
    await use((one) => byLimit.get(one.nameLimit) ?? [], cases);
  } finally {
    for (const contender of [...byLimit.values()].flat()) await contender.close?.();
  }
}

function entering(contenders: readonly Contender[], { name }: Case): readonly Contender[] {
  return contenders.filter(({ cases }) => cases?.includes(name) ?? true);
}

function turned<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

async function measureOnce(
  contender: Contender,
  one: Case,
  settings: Settings,
): Promise<readonly (readonly [Measure, number])[]> {
  await nextTurn();
  if (one.shape === 'burst') return [['latency', await measureBursts(contender, one, settings.bursts)]];
  const figures: [Measure, number][] = [];
  if (one.shape === 'single' || settings.inParallel === 0) {
    const { p50Us, meanUs, cpuUs } = await inSequence(
      contender,
      await prepared(contender, one.next(settings.inSequence)),
    );
    figures.push(['latency', one.shape === 'single' ? p50Us : meanUs], ['cpu', cpuUs]);
  }
  if (settings.inParallel > 0) {
    const attempts = await prepared(contender, one.next(settings.inParallel));
    figures.push(['throughput', await inParallel(contender, attempts, IN_PARALLEL)]);
  }
  return figures;
}

/** Returns the median time of a burst, in microseconds. */
async function measureBursts(contender: Contender, one: Case, bursts: number): Promise<number> {
  const times: number[] = [];
  for (let done = 0; done < bursts; done += 1) {
    const perSecond = await inParallel(contender, await prepared(contender, one.next(IN_PARALLEL)), IN_PARALLEL);
    times.push((IN_PARALLEL / perSecond) * 1e6);
    await nextTurn();
  }
  return toMedian(times);
}
