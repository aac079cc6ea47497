/** The page after a right password. */
import { html } from './html.js';
import { page } from './layout.js';
import { type Language, textsIn } from './texts.js';

export function welcomePage(language: Language, username: string): string {
  const { welcome, right, again } = textsIn(language);
  const title = welcome.replace('{username}', () => username);
  return page(
    { language, title },
    html`<h1>${title}</h1>
<p>${right}</p>
<p><a href="/">${again}</a></p>`,
  );
}
