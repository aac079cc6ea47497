/** What the attack has come to, in figures and events. */
import { ADDRESSES, type AttackProgress } from '../attack/botnet.js';
import type { Entry, History, KnownBrowser } from '../attack/history.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { fill, type Language, textsIn } from './texts.js';
import { numberIn, timeOfDay } from './time.js';

export interface AttackPageInput {
  readonly username: string;
  readonly lockedUntil: Date | null;
  /** Undefined if the account has not been attacked yet. */
  readonly progress: AttackProgress | undefined;
  readonly history: History;
}

export function attackPage(language: Language, input: AttackPageInput): string {
  const texts = textsIn(language);
  const { username, progress, history } = input;
  const browsers = history.browsers.filter((browser) => browser.username === username);
  const title = fill(texts.attackTitle, { username });
  return page(
    { language, title, head: liveHead(progress?.isRunning ?? false) },
    html`<h1>${title}</h1>
<p class="alert" role="status" id="state" data-live>${stateOf(language, input)}</p>
${attackForm(language, username)}
<p>${texts.attackAdvice} <a href="/">${texts.back}</a></p>
<section aria-labelledby="figures">
<h2 id="figures">${texts.figures}</h2>
<dl id="counters" data-live>${figures(language, input)}</dl>
</section>
<section aria-labelledby="known">
<h2 id="known">${fill(texts.browsers, { username })}</h2>
<ul id="browsers" data-live>${browsers.length > 0 ? browsers.map((each) => browserItem(language, each)) : html`<li>${texts.noBrowser}</li>`}</ul>
</section>
<section aria-labelledby="happened">
<h2 id="happened">${texts.events}</h2>
<ol id="events" class="events" data-live>${history.entries.map((entry) => entryItem(language, entry))}</ol>
</section>`,
  );
}

/** The button; also on the page after a login. */
export function attackForm(language: Language, username: string): Html {
  return html`<form method="post" action="/attack">
<input type="hidden" name="username" value="${username}">
<button class="danger">${fill(textsIn(language).attack, { username, addresses: numberIn(language, ADDRESSES) })}</button>
</form>`;
}

/** By script; without one, the page comes again until the attack is over. */
function liveHead(isRunning: boolean): Html {
  const again = isRunning ? html`<noscript><meta http-equiv="refresh" content="2"></noscript>\n` : html``;
  return html`${again}<script src="/live.js" defer></script>\n`;
}

function stateOf(language: Language, { username, lockedUntil, progress }: AttackPageInput): string {
  const { quiet, running, over, free, locked } = textsIn(language);
  const state = progress === undefined ? quiet : progress.isRunning ? running : over;
  const until = timeOfDay(language, lockedUntil);
  return fill(`${state} ${until === undefined ? free : locked}`, { username, until });
}

function figures(language: Language, { progress }: AttackPageInput): Html {
  const { sent, verified, refused } = textsIn(language);
  const rows = [
    [sent, progress?.sent],
    [verified, progress?.verified],
    [refused, progress?.refused],
  ] as const;
  return html`${rows.map(([name, count = 0]) => html`<div><dt>${name}</dt><dd>${numberIn(language, count)}</dd></div>`)}`;
}

function browserItem(language: Language, { since, userAgent }: KnownBrowser): Html {
  const { browserSince, unnamed } = textsIn(language);
  return html`<li>${fill(browserSince, { browser: nameOf(userAgent) ?? unnamed, since: timeOfDay(language, since) })}</li>`;
}

function entryItem(language: Language, entry: Entry): Html {
  return html`<li><code>${entry.event}</code> <time>${timeOfDay(language, entry.at) ?? ''}</time><br>${sentenceOf(language, entry)}</li>`;
}

function sentenceOf(language: Language, entry: Entry): string {
  const texts = textsIn(language);
  if (!('attempt' in entry)) return fill(texts[entry.event], { ...entry });
  const { username, userAgent, device } = entry.attempt;
  const sentence = texts[entry.event];
  return fill(device === 'known' ? sentence.known : sentence.unknown, {
    username,
    browser: nameOf(userAgent) ?? texts.unnamed,
  });
}

/** Such as Firefox/140; the rest of the header says nothing to people. */
function nameOf(userAgent: string | undefined): string | undefined {
  return /\b(?:Firefox|Edg|HeadlessChrome|Chrome|Version|curl)\/\d+/.exec(userAgent ?? '')?.[0];
}
