/** The built-in page of a refused login. */
import type { MessageTexts } from '../messages/texts.js';
import { directionOf } from '../messages/time-left.js';
import type { LockedPage } from '../options/answer-types.js';
import { PAGE_STYLE } from './page-style.js';

/** A padlock, drawn here so that nothing has to be loaded. */
const PADLOCK =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" ' +
  'aria-hidden="true"><rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4M12 15v2"/></svg>';

/**
 * Renders the page. It does not reload itself: it may be the answer to a form, which would be sent again.
 *
 * @param backTo - the target of its link; undefined for no link
 */
export function builtInPage({ locale, message }: LockedPage, texts: MessageTexts, backTo: string | undefined): string {
  const title = escapeHtml(texts.title);
  const link = backTo === undefined ? '' : `\n<a href="${escapeHtml(backTo)}">${escapeHtml(texts.back)}</a>`;
  return `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${PADLOCK}
<h1>${title}</h1>
<p>${escapeHtml(message)}</p>${link}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
