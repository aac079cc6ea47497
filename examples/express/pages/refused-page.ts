/** What a refused login is shown, with the time left. */
import type { LockedInfo } from 'passport-lockout';
import { html } from './html.js';
import { page } from './layout.js';
import { policySection } from './policy-section.js';
import { timeInWords } from './time.js';

export function refusedPage({ message, retryAfter }: Pick<LockedInfo, 'message' | 'retryAfter'>): string {
  return page(
    'Login refused',
    html`<h1>Login refused</h1>
<p class="alert" role="alert">${message}</p>
${retryAfter === null ? '' : html`<p>Time left: <strong>${timeInWords({ seconds: retryAfter })}</strong>. Trying before does not prolong it.</p>`}
<p><a href="/">Back to the login</a></p>
${policySection()}`,
  );
}
