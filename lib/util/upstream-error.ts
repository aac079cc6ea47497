/** Recognizes errors of another server that the application called, by the marks that clients and SDKs leave on them. */
import { isObject } from './is-object.js';

/** Both the application and a library may wrap what they caught. */
const MAX_CAUSES = 5;
const URL_TEXT = /^https?:\/\//i;

export type Fields = Readonly<Record<string, unknown>>;

/** Whether the error or one of its causes came from another server, or says that a server cannot be reached. */
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
 * Whether it carries the response or its headers: axios, got, ky, superagent, Octokit, Google's libraries; Elasticsearch; the AWS
 * SDK 3; Wreck; a `Response` and errors made from one; node:http.
 */
function bearsAnswer(fields: Fields): boolean {
  const { response, meta, $response, data, headers, rawHeaders } = fields;
  if ([response, meta, $response, data].some((answer) => isObject(fieldsOf(answer)['headers']))) return true;
  // Headers that an application sets for its own response lack what every response from a server has.
  const { get, date } = fieldsOf(headers);
  return typeof get === 'function' || date !== undefined || Array.isArray(rawHeaders);
}

/** Whether it carries the request that was sent: axios, gaxios, Octokit, nano, Auth0, Azure. An incoming request has more members. */
function bearsQuestion({ request, config, requestInfo }: Fields): boolean {
  return [request, config, requestInfo].some((question) => {
    const asked = fieldsOf(question);
    const hasCome = 'ip' in asked || 'httpVersion' in asked;
    return !hasCome && asked['url'] !== undefined && (asked['method'] ?? asked['headers']) !== undefined;
  });
}

/** Whether it has members that only an SDK sets. */
function isOfSdk(fields: Fields): boolean {
  const { isAxiosError, $metadata, scope, code, type, error, name, reason, moreInfo } = fields;
  if (isAxiosError === true || isObject($metadata)) return true;
  if (typeof code === 'string' && code.startsWith('UND_ERR_')) return true;
  if (typeof type === 'string' && type.startsWith('Stripe')) return true;
  // CouchDB: nano, PouchDB, and PouchDB over HTTP.
  if (scope === 'couch' || (reason !== undefined && (error === true || (error === name && error !== undefined))))
    return true;
  // Twilio.
  if (typeof code === 'number' && typeof moreInfo === 'string' && URL_TEXT.test(moreInfo)) return true;
  const has = (...names: readonly string[]) => names.every((member) => member in fields);
  // The AWS SDK 2; MSAL; node-oauth, whose errors are plain objects.
  return (
    has('retryable', 'requestId') || has('errorCode', 'subError') || (has('statusCode', 'data') && !has('message'))
  );
}

/** Whether it is a system error: a server that cannot be reached is an outage, however the error is wrapped. */
function isOfSystem({ syscall, errno }: Fields): boolean {
  return syscall !== undefined || errno !== undefined;
}

/** Returns the members of a value; none for anything but an object. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? (value as Fields) : {};
}
