/** How much is measured on a store. */
export interface Settings {
  /** The order of the contenders is turned by one in each; a ratio is taken within a round. */
  readonly rounds: number;
  /** Rounds before these that are not counted, while the compiler is still at work. */
  readonly warmUpRounds: number;
  /** How many names and addresses are known beforehand, or locked. */
  readonly names: number;
  /** Logins one after the other, for each case and contender in a round. */
  readonly inSequence: number;
  /** Logins by several clients at once, for each case and contender in a round; 0 for stores that answer in the same turn. */
  readonly inParallel: number;
  /** Bursts, for each case and contender in a round. */
  readonly bursts: number;
}

export const FULL: Readonly<Record<string, Settings>> = {
  memory: { rounds: 21, warmUpRounds: 6, names: 32, inSequence: 1_000, inParallel: 0, bursts: 15 },
  redis: { rounds: 21, warmUpRounds: 4, names: 32, inSequence: 200, inParallel: 1_024, bursts: 5 },
  mongo: { rounds: 9, warmUpRounds: 1, names: 128, inSequence: 20, inParallel: 64, bursts: 1 },
};

/** Shows that everything runs; the figures say nothing. */
export const SMOKE: Readonly<Record<string, Settings>> = {
  memory: { rounds: 2, warmUpRounds: 0, names: 2, inSequence: 10, inParallel: 0, bursts: 1 },
  redis: { rounds: 1, warmUpRounds: 0, names: 2, inSequence: 2, inParallel: 20, bursts: 1 },
  mongo: { rounds: 1, warmUpRounds: 0, names: 2, inSequence: 2, inParallel: 20, bursts: 1 },
};
