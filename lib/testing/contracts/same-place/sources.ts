/** Failures and successes of one subject from several places. */
import type { SettleReply } from '../../../policy/replies.js';
import type { Marks, Policy } from '../../../policy/state.js';
import { from, limitOf, username } from '../../examples.js';
import type { StoreUnderTest } from '../../store-under-test.js';

const alice = username('alice');

/** Without a lock in between. */
export const LENIENT = limitOf(200);
/** As for an address: a success may take back any number. */
export const UNBOUNDED: Policy = { ...LENIENT, maxTakenBack: Number.POSITIVE_INFINITY };
export const CAFE = from('cafe');
/** An unknown source. */
export const NOWHERE: Marks = {};

export async function fail(
  use: StoreUnderTest,
  times: number,
  marks: Marks,
  policy: Policy = LENIENT,
): Promise<SettleReply> {
  let reply = await use.guess(alice, 'failure', policy, marks);
  for (let failure = 1; failure < times; failure += 1) reply = await use.guess(alice, 'failure', policy, marks);
  return reply;
}

export function succeed(use: StoreUnderTest, marks: Marks, policy: Policy = LENIENT): Promise<SettleReply> {
  return use.guess(alice, 'success', policy, marks);
}
