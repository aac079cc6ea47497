/** Subjects as people type them: `alice`, `203.0.113.9`, `username=alice`, `ip=203.0.113.9&username=alice`, a CIDR range. */
import { createInterface } from 'node:readline';
import ipaddr from 'ipaddr.js';
import type { SubjectInput } from '../operator/find-subject.js';
import { parseIp } from '../subject/ip.js';
import { parseNetwork } from '../subject/network.js';
import { exactName } from '../util/printable.js';
import { CliError, EXIT } from './exit.js';

export const SUBJECT_HELP =
  "A subject is a username (alice), an address (203.0.113.9), or its parts as list prints them ('ip=203.0.113.9&username=alice').";

const PART = /^([A-Za-z][A-Za-z0-9_]*)=/;
const STORED = /(?:^|&)\w+=%(?:hmac|sha256):/;
/** Subjects of a range are locked one by one; a larger range is hardly a list of offenders. */
const MAX_SUBJECTS = 65_536;

/** Parses one subject; a bare address is an `ip`, everything else a `username`. */
export function parseSubject(text: string): SubjectInput {
  if (!PART.test(text)) return parseIp(text) ? { ip: text } : { username: text };
  return Object.fromEntries(
    text.split('&').map((part) => {
      const name = PART.exec(part)?.[1];
      if (name === undefined)
        throw new CliError(
          EXIT.usage,
          `${JSON.stringify(part)} is not a part such as username=alice; in a name, & is written %26 and % is written %25`,
        );
      return [name, decodePart(part.slice(name.length + 1))];
    }),
  );
}

/** Whether the text is a key with a pseudonym or a hash, as `list` prints it: the name is unknown, but its record can be freed. */
export function isStoredKey(text: string): boolean {
  return PART.test(text) && STORED.test(text);
}

/** Parses one subject, or all subjects of a CIDR range. */
export function parseSubjects(text: string, ipv6Prefix: number): readonly SubjectInput[] {
  const [network, prefix] = text.split('/');
  if (prefix === undefined || !parseIp(network)) return [parseSubject(text)];
  return expandNetwork(text, ipv6Prefix).map((ip) => ({ ip }));
}

/** Reads the lines of a list, skipping blank lines and comments. */
export async function readList(input: NodeJS.ReadableStream): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const text = line.trim();
    if (text !== '' && !text.startsWith('#')) lines.push(text);
  }
  return lines;
}

/** Decodes a part as `list` prints it; text typed with a stray percent sign is kept as it is. */
function decodePart(text: string): string {
  if (/^%(hmac|sha256):/.test(text)) {
    throw new CliError(EXIT.usage, 'a pseudonym or hash cannot be looked up: give the name or address itself');
  }
  try {
    return exactName(decodeURIComponent(text));
  } catch {
    return exactName(text);
  }
}

/** Returns one address for each subject in the range. */
function expandNetwork(text: string, ipv6Prefix: number): readonly string[] {
  const network = parseNetwork(text);
  if (!network) throw new CliError(EXIT.usage, `${JSON.stringify(text)} is not a CIDR range such as 203.0.113.0/24`);
  const [address, prefix] = network;
  const isIpv4 = address.kind() === 'ipv4';
  const width = isIpv4 ? 32 : 128;
  const subjectBits = isIpv4 ? 32 : ipv6Prefix;
  const count = 2 ** Math.max(0, subjectBits - prefix);
  if (count > MAX_SUBJECTS) {
    const most = isIpv4 ? '/16' : `/${ipv6Prefix - 16}`;
    throw new CliError(
      EXIT.usage,
      `${text} has too many subjects to handle one by one (at most ${most}); the option deny refuses a range of any size`,
    );
  }
  const step = 1n << BigInt(width - subjectBits);
  const first = (toNumber(address) >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from({ length: count }, (_, index) => toAddress(first + BigInt(index) * step, width));
}

function toNumber(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return address.toByteArray().reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toAddress(number: bigint, width: number): string {
  const bytes = Array.from({ length: width / 8 }, (_, index) =>
    Number((number >> BigInt(width - 8 - index * 8)) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}
