/** Reads from a request only what is counted and logged. */
import type { ResolvedOptions } from '../options/resolve.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import { clientName, userName } from '../subject/given-name.js';
import { canonicalAddress } from '../subject/ip.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { MALFORMED_USERNAME } from '../subject/username.js';
import { asked } from '../util/asked.js';
import { detached } from '../util/detached.js';
import { type AttemptInput, checkAddress } from './attempt-input.js';

type ReaderOptions = Pick<ResolvedOptions, 'canonicalUsername' | 'usernamesAreUnique' | 'clientIp' | 'ipv6Prefix'>;

export function readAttempt(options: ReaderOptions, input: AttemptInput): Attempt {
  const { ip, action } = input;
  const req = input.req && toLockoutRequest(input.req);
  const client = canonicalAddress(ip ?? (req && addressOf(options, req)), options.ipv6Prefix);
  const userAgent = asked(() => req?.headers?.['user-agent']);
  const canonical = readUsername(options, input);
  const username = canonical === undefined ? undefined : detached(canonical);
  return {
    username,
    ip: client?.ip,
    address: client?.address,
    userAgent: typeof userAgent === 'string' ? detached(userAgent) : undefined,
    method: textOf(asked(() => req?.method)),
    path: withoutQuery(textOf(asked(() => req?.originalUrl ?? req?.url))),
    action: textOf(action),
    req,
    spelling: options.usernamesAreUnique ? username : readSpelling(input.username),
  };
}

/** Frameworks and functions in the options return undefined or null for no address. */
function addressOf({ clientIp }: ReaderOptions, req: LockoutRequest): string | undefined {
  const address: unknown = (clientIp ? clientIp(req) : ofConnection(req)) ?? undefined;
  checkAddress(address, clientIp ? 'options.clientIp' : 'attempt.req.ip');
  return address;
}

function ofConnection(req: LockoutRequest): string | undefined {
  return asked(() => req.ip) ?? asked(() => req.socket?.remoteAddress);
}

/** The request may come from a strategy, unchecked. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readUsername(options: ReaderOptions, { username, isClient = false }: AttemptInput): string | undefined {
  if (username === undefined || username === null) return undefined;
  const folded: unknown = options.canonicalUsername(username);
  const malformed = isThing(username) ? MALFORMED_USERNAME : undefined;
  const canonical = typeof folded === 'string' && folded !== '' ? folded : malformed;
  if (canonical === undefined) return undefined;
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

function withoutQuery(url: string | undefined): string | undefined {
  const at = url?.indexOf('?') ?? -1;
  const path = at < 0 ? url : url?.slice(0, at);
  return path === undefined ? undefined : detached(path);
}
