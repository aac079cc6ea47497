/** Reads from a request what is counted and logged, and nothing else. */
import type { ResolvedOptions } from '../options/resolve.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import { canonicalIp } from '../subject/ip.js';

/** What a caller knows of an attempt; the rest is read from `req`. */
export interface AttemptInput {
  readonly req?: LockoutRequest | undefined;
  /** As the client wrote it; folded here. */
  readonly username?: unknown;
  /** Wins over the request's. */
  readonly ip?: string | undefined;
  /** Name of the strategy or of the guarded action, for events and the access log. */
  readonly strategy?: string | undefined;
}

/**
 * All who send an array or an object as their name: some user stores read `['alice']` as alice, and with a subject for
 * each shape the shapes alone would be a budget without end. Its capitals no canonical name can have.
 */
export const MALFORMED_USERNAME = '<MALFORMED>';

type ReaderOptions = Pick<ResolvedOptions, 'canonicalUsername' | 'clientIp' | 'ipv6Prefix'>;

export function readAttempt(options: ReaderOptions, { req, username, ip, strategy }: AttemptInput): Attempt {
  const address = ip ?? (req && (options.clientIp ? options.clientIp(req) : (req.ip ?? req.socket?.remoteAddress)));
  const userAgent = req?.headers?.['user-agent'];
  return {
    username: readUsername(options, username),
    ip: canonicalIp(address, options.ipv6Prefix),
    address,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
    method: req?.method,
    path: withoutQuery(req?.originalUrl ?? req?.url),
    strategy,
    req,
  };
}

function readUsername(options: ReaderOptions, username: unknown): string | undefined {
  if (username === undefined || username === null) return undefined;
  const canonical: unknown = options.canonicalUsername(username);
  if (typeof canonical === 'string' && canonical !== '') return canonical;
  return typeof username === 'object' ? MALFORMED_USERNAME : undefined;
}

function withoutQuery(url: string | undefined): string | undefined {
  const at = url?.indexOf('?') ?? -1;
  return at < 0 ? url : url?.slice(0, at);
}
