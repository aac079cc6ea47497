/** Notices when all clients have the same private address: it is then that of a proxy which the framework does not trust. */
import type { Attempt } from '../../subject/attempt.js';
import { parseIp } from '../../subject/ip.js';

/** This many people at one private address, and nobody elsewhere, hardly share one machine. */
const USERNAMES = 20;
/** `unspecified` is the start of the network of `::1`. */
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal', 'linkLocal', 'carrierGradeNat', 'unspecified']);

/**
 * The rule: 20 different usernames have failed from one private address before any other address was seen. Holds at most these
 * names, and nothing once a second address was seen or the rule was met.
 */
export class AddressWatch {
  #address: string | undefined;
  #usernames: Set<string> | undefined = new Set();

  /** Must be called for every attempt, whatever its outcome. */
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

/** @param ip - canonical; an IPv6 network represents its addresses */
function isPrivate(ip: string): boolean {
  return PRIVATE_RANGES.has(parseIp(ip.replace(/\/.*$/, ''))?.range() ?? '');
}
