/** Ranges of addresses in CIDR notation. */
import type ipaddr from 'ipaddr.js';
import { type IpAddress, parseIp } from './ip.js';

export type Network = readonly [IpAddress, number];

/** Returns the range of an address or CIDR notation, or undefined if it is neither; ranges of IPv4 in IPv6 are folded. */
export function parseNetwork(input: string): Network | undefined {
  const [host, bits, ...rest] = input.trim().split('/');
  const address = parseIp(host);
  if (!address || rest.length > 0) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  if (!/^\d{1,3}$/.test(bits)) return undefined;
  const embedded = width === 32 && host?.includes(':') ? 96 : 0;
  const prefix = Number(bits) - embedded;
  return prefix >= 0 && prefix <= width ? [address, prefix] : undefined;
}

/** Whether one of the networks contains the address. */
export function contains(networks: readonly Network[], address: IpAddress): boolean {
  return networks.some(([network, prefix]) => {
    if (network.kind() !== address.kind()) return false;
    return (address as ipaddr.IPv6).match(network as ipaddr.IPv6, prefix);
  });
}
