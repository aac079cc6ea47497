import type { Contract } from '../suite.js';

const TIMEOUT_MS = 600_000;
/** How many histories are played in parallel, each on its own store: a server has several clients at a time. */
const PLAYERS = 16;

export function historiesContract(contract: Contract, histories: number, seed: number | undefined): void {
  const play = async () => {
    const { playHistories } = await import('../model/play-histories.js').catch(explainFastCheck);
    const players = Math.min(PLAYERS, histories);
    const first = seed ?? Math.floor(Math.random() * 2 ** 31);
    const games = Array.from({ length: players }, (_, player) =>
      contract.withStore((store, clock) =>
        playHistories(store, clock, Math.ceil((histories - player) / players), first + player),
      ),
    );
    const lost = (await Promise.allSettled(games)).find((game) => game.status === 'rejected');
    if (lost) throw lost.reason;
  };
  contract.raw(`behaves exactly like the policy, in ${histories} of them`, play, TIMEOUT_MS);
}

function explainFastCheck(cause: unknown): never {
  throw new Error('the histories need fast-check: install it, or pass `histories: 0` to storeContract', { cause });
}
