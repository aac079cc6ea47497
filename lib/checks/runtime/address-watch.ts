/** Notices that every client shows the same private address: then it is a proxy's, which the framework does not trust. */
import type { Attempt } from '../../subject/attempt.js';
import { parseIp } from '../../subject/ip.js';

/** So many people at one private address, and nobody anywhere else, are hardly people at one machine. */
const USERNAMES = 20;
/** `unspecified` is what the network of `::1` begins with. */
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal', 'linkLocal', 'carrierGradeNat', 'unspecified']);

/**
 * The rule: 20 different usernames have failed from one private address before any other address was seen. It holds at
 * most these names, and nothing once a second address was seen or the rule was met.
 */
export class AddressWatch {
  #address: string | undefined;
  #usernames: Set<string> | undefined = new Set();

  /** Every attempt is to be shown, whatever becomes of it. */
  see({ ip }: Attempt): void {
    if (!this.#usernames || ip === undefined || ip === this.#address) return;
    if (this.#address === undefined && isPrivate(ip)) this.#address = ip;
    else this.#usernames = undefined;
  }

  /** @returns true once, for the failure that meets the rule */
  meetsRule({ ip, username }: Attempt): boolean {
    if (!this.#usernames || ip === undefined || username === undefined) return false;
    this.#usernames.add(username);
    if (this.#usernames.size < USERNAMES) return false;
    this.#usernames = undefined;
    return true;
  }
}

/** @param ip - canonical; an IPv6 network stands for its addresses */
function isPrivate(ip: string): boolean {
  return PRIVATE_RANGES.has(parseIp(ip.replace(/\/.*$/, ''))?.range() ?? '');
}
