/** The login form. */
import { html } from './html.js';
import { page } from './layout.js';
import { policySection } from './policy-section.js';

export interface LoginPageInput {
  /** What was wrong with the last try; undefined at the first. */
  readonly problem?: string;
  /** Shown again, so that only the password has to be typed anew. */
  readonly username?: string;
}

export function loginPage({ problem, username = '' }: LoginPageInput = {}): string {
  return page(
    problem === undefined ? 'Log in' : 'Error: Log in',
    html`<h1>Log in</h1>
${problem === undefined ? '' : html`<p class="alert" role="alert" id="problem">${problem}</p>`}
<form method="post" action="/login">
<label for="username">User name</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"${problem === undefined ? '' : html` aria-describedby="problem"`} required>
<button>Log in</button>
</form>
${policySection()}`,
  );
}
