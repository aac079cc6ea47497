/** Times calls one by one, in alternating rounds, so that a slow moment of the machine affects all of them alike. */

export interface Timing {
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface Rounds {
  /** Calls before the measurement that are not counted, while the compiler is still at work. */
  readonly warmUpRounds: number;
  readonly rounds: number;
  readonly callsPerRound: number;
}

export async function measure(calls: readonly (() => void)[], rounds: Rounds): Promise<readonly Timing[]> {
  await runRounds(calls, rounds.warmUpRounds, rounds.callsPerRound);
  const samples = await runRounds(calls, rounds.rounds, rounds.callsPerRound);
  return samples.map(toTiming);
}

export function toTiming(nanoseconds: Float64Array): Timing {
  nanoseconds.sort();
  return { p50Us: percentile(nanoseconds, 0.5) / 1000, p99Us: percentile(nanoseconds, 0.99) / 1000 };
}

async function runRounds(
  calls: readonly (() => void)[],
  rounds: number,
  callsPerRound: number,
): Promise<readonly Float64Array[]> {
  const samples = calls.map(() => new Float64Array(rounds * callsPerRound));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, call] of calls.entries()) {
      const own = (samples[index] as Float64Array).subarray(round * callsPerRound, (round + 1) * callsPerRound);
      fill(own, call);
      // Work that a login leaves for later turns is done before the next one is timed.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return samples;
}

function fill(samples: Float64Array, call: () => void): void {
  for (let index = 0; index < samples.length; index += 1) {
    const startedAt = process.hrtime.bigint();
    call();
    samples[index] = Number(process.hrtime.bigint() - startedAt);
  }
}

function percentile(sorted: Float64Array, fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] as number;
}
