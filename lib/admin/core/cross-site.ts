/**
 * Which requests may change something: only those of our own pages. No token: nothing to share among processes, and nothing
 * that expires while an operator looks at a page. As `http.CrossOriginProtection` of Go 1.25.
 */
import { PageError } from './page-error.js';
import type { AdminRequest } from './types.js';

const FORM = 'application/x-www-form-urlencoded';
const ADVICE = 'Nothing was changed. Open the page again and repeat what you did there.';

/**
 * @param origin - the option, for a proxy that changes `Host`
 * @throws {PageError} 403 for a request that another site may have caused
 */
export function assertSameOrigin(request: AdminRequest, origin: string | undefined): void {
  const site = request.header('sec-fetch-site');
  // A browser sets this header itself; a page cannot. Missing over plain http, except on localhost, and in old browsers.
  if (site !== undefined) {
    if (site === 'same-origin') return;
    throw new PageError(403, `This request came from another site (Sec-Fetch-Site: ${quoted(site)}). ${ADVICE}`);
  }
  const from = request.header('origin');
  if (from === undefined) {
    throw new PageError(
      403,
      `This request does not show which site it came from: it has neither Sec-Fetch-Site nor Origin. ${ADVICE}`,
    );
  }
  if (origin !== undefined && from === origin) return;
  const host = request.header('host') ?? request.header(':authority');
  const fromHost = hostOf(from);
  if (fromHost !== undefined && fromHost === host?.toLowerCase()) return;
  throw new PageError(
    403,
    `This request came from another site (Origin: ${quoted(from)}), and not from ${quoted(host ?? 'a known host')}. ${ADVICE} ` +
      'If a proxy changes the header Host, set the option origin of createAdmin.',
  );
}

/** @throws {PageError} 415 for anything but a form: another site can send JSON as text/plain, without asking first */
export function assertForm(request: AdminRequest): void {
  const type = request.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== FORM) throw new PageError(415, `Only forms are accepted here: Content-Type must be ${FORM}.`);
}

/** Undefined for `null`, which sandboxed frames and local files send, and for anything else that is not an origin. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host || undefined : undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
