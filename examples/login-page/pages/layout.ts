/** What all pages have in common. */
import { type Html, html } from './html.js';
import type { Language } from './texts.js';

const STYLE = html`
  :root { color-scheme: light dark; --accent: light-dark(#1d4ed8, #93c5fd); --alert: light-dark(#b91c1c, #fca5a5); }
  body { font: 1.0625rem/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem; }
  main { max-width: 24rem; margin: 0 auto; }
  label { display: block; margin-top: 1rem; font-weight: 600; }
  input, button { box-sizing: border-box; width: 100%; padding: .6rem .75rem; font: inherit; border-radius: .375rem; }
  input { border: 1px solid light-dark(#6b7280, #9ca3af); }
  button { margin-top: 1.5rem; border: 0; background: #1d4ed8; color: #fff; font-weight: 600; cursor: pointer; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  a { color: var(--accent); }
  .alert { border-left: .25rem solid var(--alert); padding-left: .75rem; color: var(--alert); font-weight: 600; }
  aside { margin-top: 2.5rem; font-size: .9375rem; }
  h2 { font-size: 1rem; }
  .danger { background: #b91c1c; }
  section { margin-top: 1.5rem; font-size: .9375rem; }
  dl div { display: flex; justify-content: space-between; }
  dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 600; }
  .events { list-style: none; padding: 0; }
  .events li { margin-top: .5rem; overflow-wrap: anywhere; }
`;

export interface PageInput {
  readonly language: Language;
  readonly title: string;
  /** What only this page has in its head. */
  readonly head?: Html;
}

export function page({ language, title, head = html`` }: PageInput, content: Html): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
${head}</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.text;
}
