/** Addresses as requests carry them, folded to the range that one attacker can hold. */
import ipaddr from 'ipaddr.js';
import { detached } from '../util/detached.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

const FULL_IPV6_BITS = 128;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const PLAIN_IPV4 = new RegExp(`^(?:::ffff:)?(${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET})$`, 'i');
/** Azure and IIS write the client's port into X-Forwarded-For; an IPv6 address is then in brackets (RFC 3986, 3.2.2). */
const WITH_PORT = /^(?:(?<ipv4>[\d.]+):\d{1,5}|\[(?<ipv6>[^\][]+)\](?::\d{1,5})?)$/;

/** Longer than any address with a zone and a port; a client may send a megabyte. */
const MAX_CHARS = 128;
/** IPv4 addresses behind a translator (RFC 6052, section 2.1, and RFC 6145): otherwise all of IPv4 would be one network. */
const TRANSLATED_RANGES: readonly string[] = ['rfc6052', 'rfc6145'];

/**
 * Returns the address without its zone, or undefined if it is not one. An IPv4 address in an IPv6 one (mapped, NAT64, SIIT) is
 * returned as IPv4.
 */
export function parseIp(input: unknown): IpAddress | undefined {
  if (typeof input !== 'string' || input.length > MAX_CHARS) return undefined;
  const text = input.trim().replace(/%.*$/s, '');
  // ipaddr.js also takes `127.1` and `0x7f.0.0.1`, which no socket and no sane proxy ever writes.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return TRANSLATED_RANGES.includes(address.range()) ? new ipaddr.IPv4(address.toByteArray().slice(-4)) : address;
}

/** Returns an address as proxies write it: a port or brackets are allowed. */
export function parseHop(input: unknown): IpAddress | undefined {
  if (typeof input !== 'string' || input.length > MAX_CHARS) return undefined;
  const { ipv4, ipv6 } = WITH_PORT.exec(input.trim())?.groups ?? {};
  // Only IPv6 may be in brackets.
  if (ipv6 !== undefined && !ipv6.includes(':')) return undefined;
  return parseIp(ipv4 ?? ipv6 ?? input);
}

/** An address as it is shown, and as it is counted. */
export interface CanonicalAddress {
  /** Without port, brackets or zone; IPv4 in IPv6 as IPv4. */
  readonly address: string;
  /** The subject of the `ip` dimension: an IPv4 address, or the IPv6 network of `ipv6Prefix` bits. */
  readonly ip: string;
}

/** Returns undefined for a missing or invalid address: there is no shared bucket for "unknown". */
export function canonicalAddress(input: unknown, ipv6Prefix: number): CanonicalAddress | undefined {
  if (typeof input !== 'string') return undefined;
  const [, plain] = PLAIN_IPV4.exec(input) ?? [];
  if (plain !== undefined) {
    const address = detached(plain);
    return { address, ip: address };
  }
  const parsed = parseHop(input);
  if (!parsed) return undefined;
  const address = parsed.toString();
  if (parsed.kind() === 'ipv4' || ipv6Prefix === FULL_IPV6_BITS) return { address, ip: address };
  return { address, ip: `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${ipv6Prefix}`).toString()}/${ipv6Prefix}` };
}

/** Returns the counted form of an address, or undefined if it is not one; one IPv6 address of a /64 usually means all of them. */
export function canonicalIp(input: unknown, ipv6Prefix: number): string | undefined {
  return canonicalAddress(input, ipv6Prefix)?.ip;
}
