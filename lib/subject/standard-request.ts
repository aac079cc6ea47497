/** Adapts requests of the Fetch Standard (Next.js, Remix, Hono, Deno and others) to the shape of all other requests. */
import { asked } from '../util/asked.js';
import type { AnyRequest, LockoutRequest, StandardRequest } from './attempt.js';

/** One view per request, because the state of a request is stored under its view. */
const views = new WeakMap<StandardRequest, StandardView>();

/** Returns the request in the one shape that the rest of the library knows; most have it already. */
export function toLockoutRequest(req: AnyRequest): LockoutRequest {
  try {
    if (typeof req.headers?.get !== 'function') return req as LockoutRequest;
  } catch {
    // A framework's getter, on a request of a test.
    return req as LockoutRequest;
  }
  return viewOf(req as StandardRequest);
}

function viewOf(req: StandardRequest): StandardView {
  const known = views.get(req);
  if (known) return known;
  const view = new StandardView(req);
  views.set(req, view);
  return view;
}

class StandardView implements LockoutRequest {
  /** The original request, for functions in the options. */
  readonly standard: StandardRequest;
  #headers: Readonly<Record<string, string>> | undefined;

  constructor(standard: StandardRequest) {
    this.standard = standard;
  }

  get method(): string {
    return this.standard.method;
  }

  /** As in `node:http`: without scheme and host. */
  get url(): string {
    const { url } = this.standard;
    return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '') || '/';
  }

  /** Added by some frameworks, such as Next.js before 15. */
  get ip(): string | undefined {
    const ip = asked(() => (this.standard as { readonly ip?: unknown }).ip);
    return typeof ip === 'string' ? ip : undefined;
  }

  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= Object.fromEntries(this.standard.headers);
    return this.#headers;
  }
}
