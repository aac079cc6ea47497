/** The built-in answer to a refused request: what the client asked for, never cached. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import accepts from 'accepts';
import type { LockedInfo } from '../options/types.js';

export interface RefusalAnswer {
  readonly status: number;
  readonly info: LockedInfo;
  readonly retryAfterHeader: boolean;
}

/** Sets `Retry-After` (RFC 9110, section 10.2.3) where the response still takes headers. */
export function setRetryAfter(res: ServerResponse | undefined, { info, retryAfterHeader }: RefusalAnswer): void {
  if (!retryAfterHeader || info.retryAfter === null) return;
  if (typeof res?.setHeader !== 'function' || res.headersSent) return;
  res.setHeader('Retry-After', String(info.retryAfter));
}

/** Answers with an HTML page, `application/problem+json` (RFC 9457) or plain text, whichever is preferred. */
export function respondRefused(req: IncomingMessage, res: ServerResponse, answer: RefusalAnswer): void {
  const { status, info } = answer;
  const [type, body] = toBody(accepts(req).type(['html', 'json', 'text']), status, info);
  setRetryAfter(res, answer);
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  // RFC 6585, section 4: a 429 must not be stored by a cache.
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Vary', 'Accept');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

function toBody(kind: string | string[] | false, status: number, info: LockedInfo): [type: string, body: string] {
  switch (kind) {
    case 'html':
      return ['text/html; charset=utf-8', toPage(info)];
    case 'text':
      return ['text/plain; charset=utf-8', `${sentences(info)}\n`];
    default:
      return ['application/problem+json', toProblem(status, info)];
  }
}

function toProblem(status: number, { code, message, retryAfter }: LockedInfo): string {
  return JSON.stringify({ type: 'about:blank', title: message, status, code, retryAfter });
}

function toPage(info: LockedInfo): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Login refused</title></head>
<body><main><h1>Login refused</h1><p>${escapeHtml(sentences(info))}</p></main></body>
</html>
`;
}

function sentences({ message, retryAfter }: LockedInfo): string {
  return retryAfter === null ? message : `${message} Time left: ${timeLeft(retryAfter)}.`;
}

/** In the largest unit that is at least 1, rounded up, so that nobody comes back too early. */
function timeLeft(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [name, size] = units.find(([, unit]) => seconds >= unit) ?? (['second', 1] as const);
  const count = Math.ceil(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
