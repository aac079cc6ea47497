/** After a right password. */
import { html } from './html.js';
import { page } from './layout.js';

export function welcomePage(username: string): string {
  return page(
    'Welcome',
    html`<h1>Welcome, ${username}</h1>
<p>The password was right, and the failures counted for your user name are forgotten.</p>
<p><a href="/">Log in again</a></p>`,
  );
}
