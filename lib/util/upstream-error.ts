/** Errors of another server that the application has asked, told by the marks that clients and SDKs leave on them. */
import { isObject } from './is-object.js';

/** An application may wrap what it has caught, and a library what it was thrown. */
const MAX_CAUSES = 5;
const URL_TEXT = /^https?:\/\//i;

export type Fields = Readonly<Record<string, unknown>>;

/** Whether it, or what it was made of, came from another server, or says that one cannot be reached. */
export function isOfUpstream(error: unknown): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && isObject(current); depth += 1) {
    const fields = fieldsOf(current);
    if (bearsAnswer(fields) || bearsQuestion(fields) || isOfSdk(fields) || isOfSystem(fields)) return true;
    current = fields['cause'] ?? fields['originalError'];
  }
  return false;
}

/**
 * The answer itself, or its headers: of axios, got, ky, superagent, Octokit, Google's libraries; Elasticsearch; the AWS SDK 3;
 * Wreck; a `Response` and errors made of one; node:http.
 */
function bearsAnswer(fields: Fields): boolean {
  const { response, meta, $response, data, headers, rawHeaders } = fields;
  if ([response, meta, $response, data].some((answer) => isObject(fieldsOf(answer)['headers']))) return true;
  // Headers that an application gives to its own answer lack what each answer bears.
  const { get, date } = fieldsOf(headers);
  return typeof get === 'function' || date !== undefined || Array.isArray(rawHeaders);
}

/** What was asked: of axios, gaxios, Octokit, nano, Auth0, Azure. A request that came in has more members. */
function bearsQuestion({ request, config, requestInfo }: Fields): boolean {
  return [request, config, requestInfo].some((question) => {
    const asked = fieldsOf(question);
    const hasCome = 'ip' in asked || 'httpVersion' in asked;
    return !hasCome && asked['url'] !== undefined && (asked['method'] ?? asked['headers']) !== undefined;
  });
}

/** By members of their own. */
function isOfSdk(fields: Fields): boolean {
  const { isAxiosError, $metadata, scope, code, type, error, name, reason, moreInfo } = fields;
  if (isAxiosError === true || isObject($metadata)) return true;
  if (typeof code === 'string' && code.startsWith('UND_ERR_')) return true;
  if (typeof type === 'string' && type.startsWith('Stripe')) return true;
  // CouchDB, by nano, by PouchDB, and by what PouchDB has over HTTP.
  if (scope === 'couch' || (reason !== undefined && (error === true || (error === name && error !== undefined))))
    return true;
  // Twilio.
  if (typeof code === 'number' && typeof moreInfo === 'string' && URL_TEXT.test(moreInfo)) return true;
  const has = (...names: readonly string[]) => names.every((member) => member in fields);
  // The AWS SDK 2; MSAL; node-oauth, whose errors are none.
  return (
    has('retryable', 'requestId') || has('errorCode', 'subError') || (has('statusCode', 'data') && !has('message'))
  );
}

/** A server that cannot be reached is an outage, whatever is made of it. */
function isOfSystem({ syscall, errno }: Fields): boolean {
  return syscall !== undefined || errno !== undefined;
}

/** Of what is no object there are none. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? (value as Fields) : {};
}
