/** Reads from a request only what is counted and logged. */
import type { ResolvedOptions } from '../options/resolve.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import { clientName, userName } from '../subject/given-name.js';
import { canonicalAddress } from '../subject/ip.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { MALFORMED_USERNAME } from '../subject/username.js';
import { asked } from '../util/asked.js';
import { detached } from '../util/detached.js';
import { type AttemptInput, wrong } from './attempt-input.js';

type ReaderOptions = Pick<ResolvedOptions, 'canonicalUsername' | 'usernamesAreUnique' | 'clientIp' | 'ipv6Prefix'>;

/** What is read for, beside what a caller may say. */
export interface ReadInput extends AttemptInput {
  readonly factor?: 'second' | undefined;
}

/** What a request shows. Of one that a strategy was given, which nobody has checked: anything. */
interface Shown {
  readonly userAgent: unknown;
  readonly method: unknown;
  readonly url: unknown;
}

const NOTHING_SHOWN: Shown = { userAgent: undefined, method: undefined, url: undefined };

export function readAttempt(options: ReaderOptions, input: ReadInput): Attempt {
  const { ip, action } = input;
  const req = input.req && toLockoutRequest(input.req);
  const { userAgent, method, url } = req ? shownBy(req) : NOTHING_SHOWN;
  const client = canonicalAddress(ip ?? (req && addressOf(options, req)), options.ipv6Prefix);
  const canonical = readUsername(options, input);
  const username = canonical === undefined ? undefined : detached(canonical);
  const isAsWritten = options.usernamesAreUnique || canonical === input.username;
  const attempt: Attempt = {
    username,
    ip: client?.ip,
    address: client?.address,
    userAgent: typeof userAgent === 'string' ? detached(userAgent) : undefined,
    method: typeof method === 'string' ? method : undefined,
    path: typeof url === 'string' ? detached(url.split('?', 1)[0] as string) : undefined,
    action: typeof action === 'string' ? action : undefined,
    req,
    spelling: isAsWritten ? username : readSpelling(input.username),
  };
  return input.factor && username !== undefined ? { ...attempt, factor: input.factor } : attempt;
}

/** Reads all at once; if a framework's getter throws, one by one, so that the others are still read. */
function shownBy(req: LockoutRequest): Shown {
  try {
    return {
      userAgent: req.headers?.['user-agent'],
      method: req.method,
      url: req.originalUrl ?? req.url,
    };
  } catch {
    return {
      userAgent: asked(() => req.headers?.['user-agent']),
      method: asked(() => req.method),
      url: asked(() => req.originalUrl) ?? asked(() => req.url),
    };
  }
}

/** Frameworks and functions in the options return undefined or null for no address. */
function addressOf({ clientIp }: ReaderOptions, req: LockoutRequest): string | undefined {
  let address: unknown;
  if (clientIp) address = clientIp(req);
  else {
    try {
      address = req.ip ?? req.socket?.remoteAddress;
    } catch {
      address = asked(() => req.socket?.remoteAddress);
    }
  }
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
