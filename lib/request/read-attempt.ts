/** Reads from a request what is counted and logged, and nothing else. */
import type { ResolvedOptions } from '../options/resolve.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import { clientName, userName } from '../subject/given-name.js';
import { canonicalIp } from '../subject/ip.js';
import { MALFORMED_USERNAME } from '../subject/username.js';
import { asked } from '../util/asked.js';
import { detached } from '../util/detached.js';

/** What a caller knows of an attempt; the rest is read from `req`. */
export interface AttemptInput {
  readonly req?: LockoutRequest | undefined;
  /** As the client wrote it; folded here. */
  readonly username?: unknown;
  /** True where it is the id of an OAuth client, which is counted apart from a user of that name. Default false. */
  readonly isClient?: boolean | undefined;
  /** Wins over the request's. */
  readonly ip?: string | undefined;
  /** Name of the strategy or of the guarded action, for events and the access log. */
  readonly strategy?: string | undefined;
}

type ReaderOptions = Pick<ResolvedOptions, 'canonicalUsername' | 'usernamesAreUnique' | 'clientIp' | 'ipv6Prefix'>;

export function readAttempt(options: ReaderOptions, input: AttemptInput): Attempt {
  const { req, ip, strategy } = input;
  const address = ip ?? (req && (options.clientIp ?? addressOf)(req));
  const userAgent = asked(() => req?.headers?.['user-agent']);
  const canonical = readUsername(options, input);
  const username = canonical === undefined ? undefined : detached(canonical);
  return {
    username,
    ip: canonicalIp(address, options.ipv6Prefix),
    address: typeof address === 'string' ? detached(address) : address,
    userAgent: typeof userAgent === 'string' ? detached(userAgent) : undefined,
    method: asked(() => req?.method),
    path: withoutQuery(asked(() => req?.originalUrl ?? req?.url)),
    strategy,
    req,
    spelling: options.usernamesAreUnique ? username : readSpelling(input.username),
  };
}

function addressOf(req: LockoutRequest): string | undefined {
  return asked(() => req.ip) ?? asked(() => req.socket?.remoteAddress);
}

function readUsername(options: ReaderOptions, { username, isClient = false }: AttemptInput): string | undefined {
  if (username === undefined || username === null) return undefined;
  const folded: unknown = options.canonicalUsername(username);
  const malformed = typeof username === 'object' ? MALFORMED_USERNAME : undefined;
  const canonical = typeof folded === 'string' && folded !== '' ? folded : malformed;
  if (canonical === undefined) return undefined;
  return isClient ? clientName(canonical) : userName(canonical);
}

/** A text by any other type is that text to most user stores. What an object is to them nobody knows. */
function readSpelling(username: unknown): string | undefined {
  if (typeof username === 'string') return detached(username);
  return username === undefined || username === null || typeof username === 'object' ? undefined : String(username);
}

function withoutQuery(url: string | undefined): string | undefined {
  const at = url?.indexOf('?') ?? -1;
  const path = at < 0 ? url : url?.slice(0, at);
  return path === undefined ? undefined : detached(path);
}
