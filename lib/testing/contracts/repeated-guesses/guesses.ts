/** Failures of one subject with guesses that may be repeats. */
import type { SettleReply } from '../../../policy/replies.js';
import type { Marks, Policy } from '../../../policy/state.js';
import { HOME, username } from '../../examples.js';
import type { StoreUnderTest } from '../../store-under-test.js';
import { LENIENT } from '../same-place/sources.js';

const alice = username('alice');
/** What another subject of the attempt has found to be a repeat. */
export const REPEATED: Marks = { ...HOME, isRepeat: true };

export function fail(
  use: StoreUnderTest,
  guess: string | undefined,
  marks: Marks = HOME,
  policy: Policy = LENIENT,
): Promise<SettleReply> {
  return use.guess(alice, 'failure', policy, { ...marks, guess });
}

/** Fails with each guess, one after the other. */
export async function failEach(use: StoreUnderTest, ...guesses: readonly string[]): Promise<void> {
  await repeatsOf(use, ...guesses);
}

/** Fails with each guess, and returns which were repeats. */
export async function repeatsOf(use: StoreUnderTest, ...guesses: readonly string[]): Promise<boolean[]> {
  const repeats: boolean[] = [];
  for (const guess of guesses) repeats.push((await fail(use, guess)).isRepeat);
  return repeats;
}

export function repeat(use: StoreUnderTest, times: number): Promise<boolean[]> {
  return repeatsOf(use, ...Array<string>(times).fill('a'));
}

export function succeed(use: StoreUnderTest, marks: Marks, policy: Policy = LENIENT): Promise<SettleReply> {
  return use.guess(alice, 'success', policy, marks);
}
