/** The rules, told before anybody runs into them. */
import { ladders } from '../policy.js';
import { type Html, html } from './html.js';
import { timeInWords } from './time.js';

type Ladder = (typeof ladders)[keyof typeof ladders];

export function policySection(): Html {
  return html`<aside aria-labelledby="policy">
<h2 id="policy">Too many wrong passwords lock the login</h2>
<p>For one user name:</p>
${ladderList(ladders.username)}
<p>From one address:</p>
${ladderList(ladders.ip)}
<p>A right password starts the count of its user name again.</p>
</aside>`;
}

function ladderList(ladder: Ladder): Html {
  const items = ladder.map(({ failures, cooloff }) => html`<li>${failures} failures: ${timeInWords(cooloff)}</li>\n`);
  return html`<ul>\n${items}</ul>`;
}
