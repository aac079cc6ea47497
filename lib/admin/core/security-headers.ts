/** The headers of every answer. Each adapter sets them in place of those that the application has set before. */

/**
 * Nothing inline, nothing foreign, no frame. Two policies would apply together, so that the one of the application could forbid the
 * style: this one replaces it.
 */
const POLICY = [
  `default-src 'none'`,
  `style-src 'self'`,
  `script-src 'self'`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
  `base-uri 'none'`,
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  // With `no-referrer`, browsers send `Origin: null` with a form, which the cross-site rule refuses.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
};

export const NOT_CACHED = 'no-store';
/** For assets whose address contains the hash of their content. */
export const CACHED_FOREVER = 'public, max-age=31536000, immutable';
