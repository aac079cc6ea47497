/** Empty forms, for strategies of which nothing but `authenticate` is known: in these nothing was guessed. */
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { hasFilledField, hasFilledSecret, isSecretName } from './profile/sent-fields.js';

/** What every client sends; any other header may hold a secret. */
const COMMON_HEADER =
  /^(?:accept(?:-.*)?|connection|content-.*|cookie|cache-control|dnt|forwarded|host|if-.*|keep-alive|origin|pragma|priority|referer|sec-.*|te|upgrade-insecure-requests|user-agent|via|x-forwarded-.*|x-real-ip|x-request-id)$/i;
/** What parsers read; a body of another type the strategy may have read itself. */
const FORM_TYPE = /^application\/(?:json|x-www-form-urlencoded)\b/i;
/** RFC 9110, section 15.5.1: the request itself was malformed. */
const MALFORMED = 400;

/**
 * Whether a `fail` was an answer to nothing: there is no value in the whole request, or the strategy says that it is malformed
 * and nothing that could hold a secret is filled in. Where that cannot be told, something was guessed.
 */
export function guessesNothing(req: LockoutRequest, failArgs: readonly unknown[]): boolean {
  const headers = asked(() => req.headers) ?? {};
  if (isOpaque(req, headers)) return false;
  if (headers['cookie'] === undefined && !hasFilledField(req)) return true;
  return failArgs.includes(MALFORMED) && !hasFilledSecret(req) && !hasSecretCookie(String(headers['cookie'] ?? ''));
}

/** A secret may stand where nobody but the strategy looks. */
function isOpaque(req: LockoutRequest, headers: Readonly<Record<string, unknown>>): boolean {
  if (!Object.keys(headers).every((name) => COMMON_HEADER.test(name))) return true;
  const query = asked(() => (req as { readonly query?: unknown }).query);
  if (query === undefined && asked(() => req.url) !== undefined) return true;
  const type = headers['content-type'];
  return type !== undefined && !FORM_TYPE.test(String(type));
}

function hasSecretCookie(header: string): boolean {
  return header.split(';').some((pair) => isSecretName(pair.slice(0, pair.indexOf('=')).trim()));
}
