/** Reads from a request only what is counted and logged. */
import type { ResolvedOptions } from '../options/resolve.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import { clientName, userName } from '../subject/given-name.js';
import { canonicalAddress } from '../subject/ip.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { MALFORMED_USERNAME } from '../subject/username.js';
import { memberOf } from '../util/asked.js';
import { detached } from '../util/detached.js';
import { type AttemptInput, wrong } from './attempt-input.js';

type ReaderOptions = Pick<ResolvedOptions, 'canonicalUsername' | 'usernamesAreUnique' | 'clientIp' | 'ipv6Prefix'>;

/** What is read for, beside what a caller may say. */
export interface ReadInput extends AttemptInput {
  readonly factor?: 'second' | undefined;
}

export function readAttempt(options: ReaderOptions, input: ReadInput): Attempt {
  const { ip, action } = input;
  const req = input.req && toLockoutRequest(input.req);
  const client = canonicalAddress(ip ?? (req && addressOf(options, req)), options.ipv6Prefix);
  // Of a request that a strategy was given, which nobody has checked.
  const userAgent = memberOf(req, 'headers', 'user-agent');
  const method = memberOf(req, 'method');
  const url = memberOf(req, 'originalUrl') ?? memberOf(req, 'url');
  const canonical = readUsername(options, input);
  const username = canonical === undefined ? undefined : detached(canonical);
  const isAsWritten = options.usernamesAreUnique || canonical === input.username;
  const attempt: Attempt = {
    username,
    ip: client?.ip,
    address: client?.address,
    userAgent: typeof userAgent === 'string' ? detached(userAgent) : undefined,
    method: typeof method === 'string' ? method : undefined,
    path: typeof url === 'string' ? withoutQuery(url) : undefined,
    action: typeof action === 'string' ? action : undefined,
    req,
    spelling: isAsWritten ? username : readSpelling(input.username),
  };
  return input.factor && username !== undefined ? { ...attempt, factor: input.factor } : attempt;
}

/** Frameworks and functions in the options return undefined or null for no address. */
function addressOf({ clientIp }: ReaderOptions, req: LockoutRequest): string | undefined {
  const address: unknown = clientIp ? clientIp(req) : (memberOf(req, 'ip') ?? memberOf(req, 'socket', 'remoteAddress'));
  if (address === undefined || address === null) return undefined;
  if (typeof address === 'string') return address;
  throw wrong(clientIp ? 'options.clientIp' : 'attempt.req.ip', 'an address as a string', address);
}

function readUsername(options: ReaderOptions, { username, isClient = false }: AttemptInput): string | undefined {
  if (username === undefined || username === null) return undefined;
  const folded: unknown = options.canonicalUsername(username);
  let canonical = MALFORMED_USERNAME;
  if (typeof folded === 'string' && folded !== '') canonical = folded;
  else if (!isThing(username)) return undefined;
  return isClient ? clientName(canonical) : userName(canonical);
}

/** Most user stores treat other primitive types as their text. How they treat objects is unknown. */
function readSpelling(username: unknown): string | undefined {
  if (typeof username === 'string') return detached(username);
  return username === undefined || username === null || isThing(username) ? undefined : String(username);
}

function isThing(value: unknown): boolean {
  return typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol';
}

function withoutQuery(url: string): string {
  const at = url.indexOf('?');
  return detached(at < 0 ? url : url.slice(0, at));
}
