/**
 * The chart of a run as SVG: how long a login takes with the lockout, and how many there are in a second, as ratios to the rival; a
 * bar from the lower to the upper quartile with a mark at the median, on a logarithmic axis. Text is text; light and dark.
 */
import { CASE } from '../cases.js';
import { OURS } from '../contender.js';
import type { Measure } from '../measure.js';
import { toRatio } from '../report.js';
import type { Spread } from '../spread.js';
import type { Summary } from './summary.js';
import { storeName } from './tables.js';

const CASES = [
  CASE.goodKnown,
  CASE.goodFresh,
  CASE.failedKnown,
  CASE.failedFresh,
  CASE.refused,
  'all right',
  'mixed',
  'all wrong',
];
const PANELS: readonly { readonly measure: Measure; readonly title: string; readonly better: string }[] = [
  { measure: 'latency', title: 'Time of a login', better: 'shorter is better' },
  { measure: 'throughput', title: 'Logins a second', better: 'more is better' },
];

const WIDTH = 860;
const LABELS = 118;
const PANEL = 340;
const GAP = 22;
/** What the figures beside the bars take of a panel, and its margins. */
const FIGURES = 156;
const ROW = 20;
const HEAD = 74;
const FOOT = 50;
/** The axis, from a hundredth to a hundred times. */
const DECADES = 2;
const TICKS = [0.01, 0.1, 1, 10, 100];

const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .store { font-weight: 600; }
  .note, .tick { fill: #59636e; }
  .tick { font-size: 11px; }
  .paper { fill: #ffffff; }
  .grid { stroke: #d1d9e0; }
  .one { stroke: #59636e; stroke-width: 1.5; }
  .better { fill: #1a7f37; }
  .worse { fill: #bc4c00; }
  .mark { stroke: #1f2328; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .note, .tick { fill: #9198a1; }
    .paper { fill: #0d1117; }
    .grid { stroke: #3d444d; }
    .one { stroke: #9198a1; }
    .better { fill: #3fb950; }
    .worse { fill: #f0883e; }
    .mark { stroke: #f0f6fc; }
  }`;

interface Bar {
  readonly store: string;
  readonly case: string;
  readonly ratios: ReadonlyMap<Measure, Spread>;
}

export function toChart(summary: Summary): string {
  const stores = summary.stores.map(({ store }) => ({ store, bars: barsOf(summary, store) }));
  const height = HEAD + stores.reduce((sum, { bars }) => sum + (bars.length + 1.6) * ROW, 0) + FOOT;
  const parts: string[] = [];
  let y = HEAD;
  for (const { store, bars } of stores) {
    parts.push(text(12, y + 14, storeName(store), 'store'));
    y += ROW;
    for (const bar of bars) {
      parts.push(text(12, y + 14, bar.case));
      for (const [index, { measure }] of PANELS.entries()) parts.push(toBar(bar, measure, left(index), y));
      y += ROW;
    }
    y += 0.6 * ROW;
  }
  const { date, machine, isProvisional } = summary;
  const note = `${date}, ${machine}${isProvisional ? '; provisional, of few rounds' : ''}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">What a login costs with passport-lockout, beside rate-limiter-flexible</title>`,
    `<desc id="desc">${escaped(describe(stores.flatMap(({ bars }) => bars)))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...PANELS.flatMap(({ title, better }, index) => toHead(left(index), title, better, y)),
    ...parts,
    text(
      12,
      height - 30,
      'Ratios of passport-lockout to rate-limiter-flexible: half of the rounds, and their median.',
      'note',
    ),
    text(12, height - 12, note, 'note'),
    '</svg>',
    '',
  ].join('\n');
}

function barsOf({ rows }: Summary, store: string): readonly Bar[] {
  return CASES.flatMap((name) => {
    const ratios = new Map<Measure, Spread>();
    for (const { measure, ratio, contender, ...row } of rows)
      if (ratio && contender === OURS && row.store === store && row.case === name) ratios.set(measure, ratio);
    return PANELS.some(({ measure }) => ratios.has(measure)) ? [{ store, case: name, ratios }] : [];
  });
}

function left(panel: number): number {
  return LABELS + panel * (PANEL + GAP);
}

function toHead(x: number, title: string, better: string, bottom: number): readonly string[] {
  return [
    text(x, 22, title, 'title'),
    text(x, 40, `ratio, ${better}`, 'note'),
    ...TICKS.flatMap((tick) => {
      const at = x + position(tick);
      const grid = `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${at}" x2="${at}" y1="${HEAD - 8}" y2="${bottom - 8}"/>`;
      return [grid, `<text class="tick" x="${at}" y="${HEAD - 14}" text-anchor="middle">${tick}</text>`];
    }),
  ];
}

function position(ratio: number): number {
  const bounded = Math.min(DECADES, Math.max(-DECADES, Math.log10(ratio)));
  return Math.round((20 + ((bounded + DECADES) / (2 * DECADES)) * (PANEL - FIGURES)) * 10) / 10;
}

function toBar({ ratios }: Bar, measure: Measure, x: number, y: number): string {
  const ratio = ratios.get(measure);
  if (!ratio) return text(x + position(1) + 8, y + 14, 'not measured', 'note');
  const [from, to, mark] = [ratio.lower, ratio.upper, ratio.median].map((value) => x + position(value)) as [
    number,
    number,
    number,
  ];
  const isBetter = measure === 'latency' ? ratio.median <= 1 : ratio.median >= 1;
  const width = Math.max(4, to - from);
  const start = Math.min(from, mark - width / 2);
  const shown = `${toRatio(ratio.median)} (${toRatio(ratio.lower)} to ${toRatio(ratio.upper)})`;
  return [
    `<rect class="${isBetter ? 'better' : 'worse'}" x="${start.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="2"/>`,
    `<line class="mark" x1="${mark}" x2="${mark}" y1="${y + 2}" y2="${y + ROW - 2}"/>`,
    `<text class="tick" x="${x + PANEL - 2}" y="${y + 14}" text-anchor="end">${shown}</text>`,
  ].join('');
}

function describe(bars: readonly Bar[]): string {
  const sentences = bars.map((bar) => {
    const said = PANELS.flatMap(({ measure, title }) => {
      const ratio = bar.ratios.get(measure);
      return ratio ? [`${title.toLowerCase()} ${toRatio(ratio.median)} times`] : [];
    });
    return `${storeName(bar.store)}, ${bar.case}: ${said.join(', ')}.`;
  });
  return `Ratios of passport-lockout to rate-limiter-flexible. ${sentences.join(' ')}`;
}

function text(x: number, y: number, content: string, name?: string): string {
  return `<text${name ? ` class="${name}"` : ''} x="${x}" y="${y}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
