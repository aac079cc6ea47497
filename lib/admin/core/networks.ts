/** The network that an address is in, as one organisation or one attacker usually holds it. */
import ipaddr from 'ipaddr.js';
import { parseNetwork } from '../../subject/network.js';

const BITS = { ipv4: 24, ipv6: 64 } as const;

/** Returns the /24 or the /64 of an address or of a network in CIDR notation; undefined for a pseudonym. */
export function toNetwork(ip: string): string | undefined {
  const [address, prefix] = parseNetwork(ip) ?? [];
  if (address === undefined || prefix === undefined) return undefined;
  const bits = Math.min(prefix, BITS[address.kind()]);
  const range = `${address.toString()}/${bits}`;
  const { IPv4, IPv6 } = ipaddr;
  const first = address.kind() === 'ipv4' ? IPv4.networkAddressFromCIDR(range) : IPv6.networkAddressFromCIDR(range);
  return `${first.toString()}/${bits}`;
}
