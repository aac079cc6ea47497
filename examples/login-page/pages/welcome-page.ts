/** The page after a right password. */
import { attackForm } from './attack-page.js';
import { html } from './html.js';
import { page } from './layout.js';
import { fill, type Language, textsIn } from './texts.js';

export function welcomePage(language: Language, username: string): string {
  const { welcome, right, nowKnown, again } = textsIn(language);
  const title = fill(welcome, { username });
  return page(
    { language, title },
    html`<h1>${title}</h1>
<p>${right} ${nowKnown}</p>
${attackForm(language, username)}
<p><a href="/">${again}</a></p>`,
  );
}
