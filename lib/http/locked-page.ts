/** The built-in page of a refused login, and its text. */
import type { MessageTexts } from '../messages/texts.js';
import { directionOf, timeLeft } from '../messages/time-left.js';
import type { LockedPage } from '../options/answer-types.js';

export function builtInPage(locked: LockedPage, texts: MessageTexts): string {
  const title = escapeHtml(texts.title);
  return `<!doctype html>
<html lang="${locked.locale}" dir="${directionOf(locked.locale)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${escapeHtml(sentences(locked, texts))}</p></main></body>
</html>
`;
}

export function sentences({ message, retryAfter, locale }: LockedPage, texts: MessageTexts): string {
  if (retryAfter === null) return message;
  return `${message} ${texts.timeLeft.replaceAll('{duration}', () => timeLeft(retryAfter, locale))}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
