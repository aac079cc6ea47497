/** Notices when the framework believes X-Forwarded-For from everyone, or from no one although there may be a proxy. */

import type { Attempt, LockoutRequest } from '../../subject/attempt.js';
import { parseHop } from '../../subject/ip.js';
import type { Found } from '../finding.js';
import { EVERY_PROXY_TRUSTED, FORWARDED_FOR_IGNORED } from './findings.js';

/** What reveals a framework's setting. Express has `app.get`; koa-passport gives its requests one that returns `app.proxy`. */
interface FrameworkRequest extends LockoutRequest {
  readonly app?: { readonly get?: unknown };
  readonly ctx?: { readonly app?: { readonly maxIpsCount?: number } };
  /** Set by Fastify. */
  readonly raw?: unknown;
  /** Set by Fastify only if it trusts proxies. */
  readonly ips?: unknown;
}

type Trust = 'everybody' | 'somebody' | 'nobody';

/**
 * Checks the setting with the first request, and the header until it was seen once. Not used if the application determines
 * the client's address itself.
 */
export class ProxyWatch {
  #trust: Trust | undefined;
  #isOver = false;

  /** @returns a finding, at most once */
  see({ req, address }: Attempt): Found | undefined {
    if (this.#isOver || !req) return undefined;
    this.#trust ??= trustOf(req);
    if (this.#trust !== 'nobody') {
      this.#isOver = true;
      return this.#trust === 'everybody' ? EVERY_PROXY_TRUSTED : undefined;
    }
    try {
      if (address === undefined || req.headers?.['x-forwarded-for'] === undefined) return undefined;
      if (address !== parseHop(req.socket?.remoteAddress)?.toString()) return undefined;
    } catch {
      // A framework's getter, on a request of a test.
      return undefined;
    }
    this.#isOver = true;
    return FORWARDED_FOR_IGNORED;
  }
}

function trustOf(req: FrameworkRequest): Trust {
  try {
    if (req.raw) return trustInFastify(req as object);
    if (typeof req.app?.get !== 'function') return 'nobody';
    const setting: unknown = Reflect.apply(req.app.get, req.app, ['trust proxy']);
    // With `maxIpsCount` Koa takes an entry from the right, which a proxy wrote.
    if (setting === true) return (req.ctx?.app?.maxIpsCount ?? 0) > 0 ? 'somebody' : 'everybody';
    return setting ? 'somebody' : 'nobody';
  } catch {
    // Another framework that resembles one of these: nothing is known about it, and no login may suffer.
    return 'somebody';
  }
}

const STRANGER = '192.0.2.1';
const NOBODYS_PROXY = '198.51.100.1';

/** Fastify does not expose its setting, so probe whether it believes a stranger (RFC 5737 addresses). */
function trustInFastify(req: object): Trust {
  if ((req as FrameworkRequest).ips === undefined) return 'nobody';
  const raw = {
    headers: { 'x-forwarded-for': `${STRANGER}, ${NOBODYS_PROXY}` },
    socket: { remoteAddress: NOBODYS_PROXY },
  };
  const probe = Object.create(Object.getPrototypeOf(req) as object, { raw: { value: raw } }) as LockoutRequest;
  return probe.ip === STRANGER ? 'everybody' : 'somebody';
}
