/** The page for a refused login; its message includes the time left. */
import { html } from './html.js';
import { page } from './layout.js';
import { policySection } from './policy-section.js';
import { type Language, textsIn } from './texts.js';

export function refusedPage(language: Language, message: string): string {
  const { loginRefused, patience, back } = textsIn(language);
  return page(
    { language, title: loginRefused },
    html`<h1>${loginRefused}</h1>
<p class="alert" role="alert">${message}</p>
<p>${patience}</p>
<p><a href="/">${back}</a></p>
${policySection(language)}`,
  );
}
