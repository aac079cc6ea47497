/** Allow and deny lists, matched as addresses and canonical names, never as strings. */
import type ipaddr from 'ipaddr.js';
import type { Attempt } from './attempt.js';
import { type IpAddress, parseHop, parseIp } from './ip.js';

export type Network = readonly [IpAddress, number];

export interface ListInput {
  readonly ips?: readonly string[] | undefined;
  readonly usernames?: readonly string[] | undefined;
  readonly when?: ((attempt: Attempt) => boolean) | undefined;
}

/** Whether an attempt stands on the list. */
export type ListMatcher = (attempt: Attempt) => boolean;

/** An address or CIDR range; IPv4-mapped ranges are folded. Undefined for what is neither. */
export function parseNetwork(input: string): Network | undefined {
  const [host, bits, ...rest] = input.trim().split('/');
  const address = parseIp(host);
  if (!address || rest.length > 0) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  if (!/^\d{1,3}$/.test(bits)) return undefined;
  const mapped = width === 32 && host?.includes(':') ? 96 : 0;
  const prefix = Number(bits) - mapped;
  return prefix >= 0 && prefix <= width ? [address, prefix] : undefined;
}

/**
 * @param canonical - the fold that the attempts' usernames went through, so that the list may be written as people do
 * @returns undefined when there is nothing on the list, so that an attempt costs nothing
 */
export function createListMatcher(
  list: ListInput | undefined,
  canonical: (username: unknown) => string | undefined,
): ListMatcher | undefined {
  if (!list) return undefined;
  const networks = (list.ips ?? []).map(parseNetwork).filter((network) => network !== undefined);
  const usernames = new Set((list.usernames ?? []).map(canonical));
  const { when } = list;
  if (networks.length === 0 && usernames.size === 0 && !when) return undefined;
  return (attempt) =>
    (attempt.username !== undefined && usernames.has(attempt.username)) ||
    (networks.length > 0 && includesAddress(networks, attempt.address)) ||
    (when?.(attempt) ?? false);
}

/** Whether one of the networks contains the address. */
export function contains(networks: readonly Network[], address: IpAddress): boolean {
  return networks.some(([network, prefix]) => {
    if (network.kind() !== address.kind()) return false;
    return (address as ipaddr.IPv6).match(network as ipaddr.IPv6, prefix);
  });
}

function includesAddress(networks: readonly Network[], input: string | undefined): boolean {
  const address = parseHop(input);
  return address !== undefined && contains(networks, address);
}
