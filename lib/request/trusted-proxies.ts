/** Finds the client's address behind proxies, for servers whose framework does not. */

import type { Server } from 'node:net';
import { LockoutConfigError } from '../errors.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { parseHop } from '../subject/ip.js';
import { contains, type Network, parseNetwork } from '../subject/network.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { asked } from '../util/asked.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { checkRequest } from './attempt-input.js';

/** Which proxies `trustedProxies` believes, and in which header. */
export interface TrustedProxiesOptions {
  /**
   * The header to which the trusted proxies append the address of their client; case does not matter. Headers with one address,
   * such as `'CF-Connecting-IP'` or `'X-Real-IP'`, work too: the networks must then be those of the servers that set it, and these
   * must overwrite what the client sent. Not `'Forwarded'` (RFC 7239): with an open quote a client could swallow what the proxy
   * appends.
   * @default 'X-Forwarded-For'
   */
  readonly header?: string | undefined;
}

/** As in Express (proxy-addr). */
const NAMED_NETWORKS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);
/** Any peer that may write to the Unix socket on which the server listens; such a connection has no address. */
const UNIX = 'unix';
const NETWORK_EXPECTED = `an IP address, a CIDR range such as 10.0.0.0/8, or ${[...NAMED_NETWORKS.keys(), UNIX].map((name) => `'${name}'`).join(', ')}`;
const HEADER_NAME = /^[A-Za-z0-9-]{1,64}$/;
const DEFAULT_HEADER = 'X-Forwarded-For';

/**
 * Makes a function for the option `clientIp`, for `node:http` and frameworks without their own setting.
 *
 * The function starts at the address of the connection. As long as the address is a trusted proxy, it believes what the proxy
 * appended to the header, from right to left. It returns the first address that is not trusted, or the left-most one if all are.
 * A client can add entries only to the left of that, so it cannot choose its address. An entry that is not an address ends the
 * walk at the proxy that wrote it.
 *
 * @param networks - the proxies: addresses, CIDR ranges, or `'loopback'`, `'linklocal'`, `'uniquelocal'`; `'unix'` for a proxy that
 *   connects to a Unix socket
 * @example
 * ```ts
 * const lockout = new Lockout({ clientIp: trustedProxies(['loopback', '10.0.0.0/8']) });
 * ```
 * @throws {LockoutConfigError} for an invalid network, a range of all addresses, or a wrong header
 */
export function trustedProxies(
  networks: readonly string[],
  options: TrustedProxiesOptions = {},
): (req: LockoutRequest) => string | undefined {
  const trusted = toNetworks(networks);
  const trustsUnix = networks.includes(UNIX);
  const header = toHeader(options);
  return (given) => {
    checkRequest(given, 'req');
    const req = toLockoutRequest(given);
    let address = parseHop(asked(() => req.socket?.remoteAddress));
    if (address ? !contains(trusted, address) : !(trustsUnix && isUnixSocket(req))) return address?.toString();
    for (const hop of hopsFromTheRight(asked(() => req.headers?.[header]))) {
      const next = parseHop(hop);
      if (!next) break;
      address = next;
      if (!contains(trusted, next)) break;
    }
    return address?.toString();
  };
}

/**
 * Goes by the server, not by the missing address: a TCP connection loses its address, too, once the client has hung up, and then
 * the client itself may have written the header. The server's address is a path, or null if it listens on a file descriptor.
 */
function isUnixSocket(req: LockoutRequest): boolean {
  return (
    asked(() => {
      const { server } = req.socket as { readonly server?: Pick<Server, 'address' | 'listening'> };
      const address = server?.address();
      return typeof address === 'string' || (address === null && server?.listening === true);
    }) ?? false
  );
}

/** Skips the empty elements that lists may have (RFC 9110, section 5.6.1). */
function hopsFromTheRight(value: string | readonly string[] | undefined): readonly string[] {
  const text = Array.isArray(value) ? value.join() : value;
  const hops = typeof text === 'string' ? text.split(',') : [];
  return hops.filter((hop) => hop.trim() !== '').reverse();
}

function toNetworks(networks: unknown): readonly Network[] {
  if (!Array.isArray(networks) || networks.length === 0) {
    throw invalid('networks', 'a list of at least one network', networks);
  }
  return networks.flatMap((given: unknown, index) => {
    if (given === UNIX) return [];
    const ranges = NAMED_NETWORKS.get(given) ?? [given];
    return ranges.map((range) => {
      const network = typeof range === 'string' ? parseNetwork(range) : undefined;
      if (!network) throw invalid(`networks[${index}]`, NETWORK_EXPECTED, given);
      // Trusting everyone would let each client choose its address.
      if (network[1] === 0)
        throw invalid(`networks[${index}]`, 'the networks of your proxies, not all addresses', given);
      return network;
    });
  });
}

function toHeader(options: unknown): string {
  const { header = DEFAULT_HEADER, ...rest } = Object(options) as Record<string, unknown>;
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object of options', options);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const message = `trustedProxies options.${unknown}: there is no such option; did you mean header?`;
    throw new LockoutConfigError('ERR_LOCKOUT_OPTION_UNKNOWN', message);
  }
  if (typeof header !== 'string' || !HEADER_NAME.test(header) || header.toLowerCase() === 'forwarded') {
    throw invalid('options.header', `the name of a header with plain addresses, such as ${DEFAULT_HEADER}`, header);
  }
  return header.toLowerCase();
}

function invalid(what: string, expected: string, value: unknown): LockoutConfigError {
  return invalidOption(`trustedProxies ${what}`, expected, describeValue(value));
}
