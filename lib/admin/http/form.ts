/** Reads the fields of a form: parsed by the application before, or from the request itself. */
import type { IncomingMessage } from 'node:http';
import { ClientGone, PageError } from '../core/page-error.js';

export const MAX_FORM_BYTES = 65_536;
/** A selection of rows, with room to spare. */
const TOO_LARGE = 'The form is larger than 64 KB. Select fewer rows.';

export function tooLarge(): PageError {
  // The rest of the body is not read.
  return new PageError(413, TOO_LARGE, { Connection: 'close' });
}

export async function readNodeForm(req: IncomingMessage): Promise<URLSearchParams> {
  const { body } = req as { readonly body?: unknown };
  const parsed = parsedForm(body);
  // express.json() of Express 4 leaves an empty object behind a form that it has not read.
  if (parsed && (parsed.size > 0 || req.readableEnded)) return parsed;
  if (req.readableEnded && hasBody(req)) {
    throw new TypeError(
      'The form was read before it came here. Pass what was parsed as `req.body`, e.g. Object.assign(req, { body })',
    );
  }
  return new URLSearchParams((await readAll(req)).toString('utf8'));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Takes what body parsers make: an object of strings and of lists; a list of many is an object with numbers in qs. */
function parsedForm(body: unknown): URLSearchParams | undefined {
  if (typeof body === 'string') return new URLSearchParams(body);
  if (typeof body !== 'object' || body === null) return undefined;
  if (body instanceof URLSearchParams) return body;
  if (body instanceof Uint8Array) return new URLSearchParams(Buffer.from(body).toString('utf8'));
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    const values: readonly unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [value];
    for (const item of values) if (typeof item === 'string') form.append(name, item);
  }
  return form;
}

function readAll(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = () => {
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= MAX_FORM_BYTES) return;
      stop();
      req.pause();
      reject(tooLarge());
    };
    const onEnd = () => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onGone = () => {
      stop();
      reject(new ClientGone());
    };
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
