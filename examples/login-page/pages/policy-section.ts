/** The rules, shown before anyone runs into them. */
import { ladders } from '../policy.js';
import { type Html, html } from './html.js';
import { type Language, textsIn } from './texts.js';
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
<p>${texts.forgiven}</p>
</aside>`;
}

function ladderList(ladder: Ladder, language: Language): Html {
  const items = ladder.map(({ failures, cooloff }) => {
    const step = textsIn(language).step.replace('{failures}', String(failures));
    return html`<li>${step.replace('{time}', timeInWords(cooloff, language))}</li>\n`;
  });
  return html`<ul>\n${items}</ul>`;
}
