/** Times asynchronous calls in alternating rounds, so that a slow moment of machine or server affects all alike. */
import { type Timing, toTiming } from '../measure.js';

export type AsyncCall = () => Promise<void>;

/** Runs calls one after the other, and returns the time of each. */
export async function measureLatency(
  calls: readonly AsyncCall[],
  { rounds, callsPerRound }: { readonly rounds: number; readonly callsPerRound: number },
): Promise<readonly Timing[]> {
  const samples = calls.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, call] of calls.entries()) {
      for (let done = 0; done < callsPerRound; done += 1) {
        const startedAt = process.hrtime.bigint();
        await call();
        // The first round is the warm-up.
        if (round >= 0) samples[index]?.push(Number(process.hrtime.bigint() - startedAt));
      }
    }
  }
  return samples.map((nanoseconds) => toTiming(Float64Array.from(nanoseconds)));
}

/** Runs several clients in parallel, each with one call after the other; returns calls per second. */
export async function measureThroughput(
  systems: readonly (readonly AsyncCall[])[],
  { rounds, callsPerClient }: { readonly rounds: number; readonly callsPerClient: number },
): Promise<readonly number[]> {
  const seconds = systems.map(() => 0);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, clients] of systems.entries()) {
      const startedAt = performance.now();
      await Promise.all(
        clients.map(async (call) => {
          for (let done = 0; done < callsPerClient; done += 1) await call();
        }),
      );
      if (round >= 0) seconds[index] = (seconds[index] ?? 0) + (performance.now() - startedAt) / 1000;
    }
  }
  return systems.map((clients, index) => (rounds * clients.length * callsPerClient) / (seconds[index] ?? 0));
}
