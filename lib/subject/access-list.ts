/** Allow and deny lists, matched as addresses and canonical names, never as strings. */
import type { Attempt } from './attempt.js';
import { type Fold, foldGiven } from './given-name.js';
import { parseHop } from './ip.js';
import { contains, type Network, parseNetwork } from './network.js';

export interface ListInput {
  readonly ips?: readonly string[] | undefined;
  readonly usernames?: readonly string[] | undefined;
  readonly when?: ((attempt: Attempt) => boolean) | undefined;
}

/** Whether an attempt is on the list. */
export type ListMatcher = (attempt: Attempt) => boolean;

/**
 * Creates the matcher of a list, or returns undefined for an empty list, which then costs nothing.
 *
 * @param fold - the fold of the attempts' usernames, so that the list may use any spelling
 */
export function createListMatcher(list: ListInput | undefined, fold: Fold): ListMatcher | undefined {
  if (!list) return undefined;
  const networks = (list.ips ?? []).map(parseNetwork).filter((network) => network !== undefined);
  const usernames = new Set((list.usernames ?? []).map((username) => foldGiven(fold, username)));
  const { when } = list;
  if (networks.length === 0 && usernames.size === 0 && !when) return undefined;
  return (attempt) =>
    (attempt.username !== undefined && usernames.has(attempt.username)) ||
    (networks.length > 0 && includesAddress(networks, attempt.address)) ||
    (when?.(attempt) ?? false);
}

function includesAddress(networks: readonly Network[], input: string | undefined): boolean {
  const address = parseHop(input);
  return address !== undefined && contains(networks, address);
}
