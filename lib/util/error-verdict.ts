/** What an HTTP status says of the credentials, and an error that bears one: many applications say "wrong" so. */

/** RFC 9110, section 15.5: what the client sent is wrong, unknown or not allowed. */
const WRONG_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 422]);

type Fields = Readonly<Record<string, unknown>>;

/** Whether an answer with this status says that the credentials are wrong. */
export function isWrongStatus(status: unknown): boolean {
  return WRONG_STATUSES.has(status);
}

/**
 * Whether this error of a verify function says that the credentials are wrong. One of an HTTP client says it of what the
 * application sent to another server: were that a verdict, a server that answers 401 to everybody would lock everybody.
 */
export function saysWrong(error: unknown): boolean {
  const { status, statusCode, output } = fieldsOf(error);
  // `status` may be a word where `statusCode` is the number, and a text where JSON:API is spoken; Boom has an output.
  const isWrong = [status, statusCode, fieldsOf(output)['statusCode']].some((code) => isWrongStatus(toNumber(code)));
  return isWrong && !isOfHttpClient(error);
}

function isOfHttpClient(error: unknown): boolean {
  const { response, meta, headers, rawHeaders, code } = fieldsOf(error);
  // axios, got, ky, superagent, Octokit, Google's libraries; Elasticsearch.
  if ([response, meta].some((answer) => isObject(fieldsOf(answer)['headers']))) return true;
  // A `Response` and errors made of one; an answer of node:http; undici.
  const isAnswer = typeof fieldsOf(headers)['get'] === 'function' || Array.isArray(rawHeaders);
  return isAnswer || (typeof code === 'string' && code.startsWith('UND_ERR_'));
}

function toNumber(code: unknown): unknown {
  return typeof code === 'string' ? Number(code) : code;
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? (value as Fields) : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
