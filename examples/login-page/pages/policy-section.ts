/** The rules, shown before anyone runs into them. */
import { ladders } from '../policy.js';
import { type Html, html } from './html.js';
import { fill, type Language, textsIn } from './texts.js';
import { timeInWords } from './time.js';

type Ladder = (typeof ladders)[keyof typeof ladders];

export function policySection(language: Language): Html {
  const texts = textsIn(language);
  return html`<aside aria-labelledby="policy">
<h2 id="policy">${texts.policy}</h2>
<p>${texts.perName}</p>
${ladderList(ladders.username, language)}
<p>${texts.perAddress}</p>
${ladderList(ladders.ip, language)}
<p>${texts.forgiven} ${texts.repeated}</p>
<p>${texts.device}</p>
</aside>`;
}

function ladderList(ladder: Ladder, language: Language): Html {
  const items = ladder.map(({ failures, cooloff }) => {
    return html`<li>${fill(textsIn(language).step, { failures, time: timeInWords(cooloff, language) })}</li>\n`;
  });
  return html`<ul>\n${items}</ul>`;
}
