/** Where the pages are mounted, and which path below it a request means. */

/** A path that a link may begin with: no second slash, which would name a host, no query, no blank, nothing to decode twice. */
const SAFE_PATH = /^(?:\/[^/\\?#\s]+)*$/;

/** Returns a path in one encoding and without a slash at its end; undefined for anything that is not a path. */
export function canonicalPath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  try {
    const parts = trimmed.split('/').map((part) => encodeURIComponent(decodeURIComponent(part)));
    if (parts.includes('.') || parts.includes('..')) return undefined;
    const canonical = parts.join('/');
    return SAFE_PATH.test(canonical) && !/[?#]/.test(path) ? canonical : undefined;
  } catch {
    // Half an escape, or half a character.
    return undefined;
  }
}

/** Splits the target of a request (RFC 9112, section 3.2) into its path and its query. */
export function splitTarget(target: string): { readonly path: string; readonly search: string } {
  const local = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  const end = local.indexOf('?');
  const path = end < 0 ? local : local.slice(0, end);
  return { path: path || '/', search: end < 0 ? '' : local.slice(end + 1) };
}

export interface Place {
  /** For links. */
  readonly basePath: string;
  /** Below the base, with a slash at its beginning. */
  readonly path: string;
}

/**
 * @param path - as the router left it
 * @param mount - what the router has removed from the path; '' if nothing
 * @param basePath - the option: what the browser sees
 * @returns undefined if the path is outside the base
 */
export function placeOf(path: string, mount: string, basePath: string | undefined): Place | undefined {
  // Removed by the router: everything that it passes on is ours.
  if (mount !== '') {
    const base = basePath ?? canonicalPath(mount);
    return base === undefined ? undefined : { basePath: base, path };
  }
  if (basePath === undefined || basePath === '') return { basePath: '', path };
  const below = belowBase(path, basePath);
  return below === undefined ? undefined : { basePath, path: below };
}

/** The encoding may differ, as proxies encode anew. */
function belowBase(path: string, basePath: string): string | undefined {
  const depth = basePath.split('/').length;
  const parts = path.split('/');
  const beginning = parts.slice(0, depth).join('/');
  if (canonicalPath(beginning) !== basePath) return undefined;
  return `/${parts.slice(depth).join('/')}`;
}
