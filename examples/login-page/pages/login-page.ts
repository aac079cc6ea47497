/** The login form. */
import { html } from './html.js';
import { page } from './layout.js';
import { policySection } from './policy-section.js';
import { type Language, textsIn } from './texts.js';

export interface LoginPageInput {
  /** What was wrong with the last attempt; undefined on the first visit. */
  readonly problem?: string;
  /** Shown again, so that the user only has to retype the password. */
  readonly username?: string;
}

export function loginPage(language: Language, { problem, username = '' }: LoginPageInput = {}): string {
  const texts = textsIn(language);
  return page(
    { language, title: problem === undefined ? texts.title : texts.error },
    html`<h1>${texts.title}</h1>
${problem === undefined ? '' : html`<p class="alert" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/login">
<label for="username">${texts.username}</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password"${problem === undefined ? '' : html` aria-describedby="problem"`} required>
<button>${texts.button}</button>
</form>
${policySection(language)}`,
  );
}
