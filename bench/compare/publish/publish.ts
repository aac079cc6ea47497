/** Writes a run into the documents: its figures as JSON, the chart, and the tables between two marks of a page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toChart } from './chart.js';
import type { Summary } from './summary.js';
import { toMarkdown } from './tables.js';

export const FIGURES = 'docs/images/bench.json';
export const CHART = 'docs/images/bench.svg';
export const PAGE = 'docs/performance.md';

const BEGIN = '<!-- npm run bench -- --publish writes from here -->';
const END = '<!-- to here -->';

/** @param repository - the folder that has `docs` */
export function publish(summary: Summary, repository: string, chart = CHART): void {
  writeFileSync(join(repository, FIGURES), toJson(summary));
  writeFileSync(join(repository, chart), toChart(summary));
  const page = join(repository, PAGE);
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), summary));
}

/** Returns JSON with a line for each row, so that a later run differs by lines. */
function toJson({ rows, ...run }: Summary): string {
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
  return `${JSON.stringify(run, undefined, 1).slice(0, -2)},\n "rows": [\n${lines}\n ]\n}\n`;
}

/** Returns the page with the tables of this run. */
export function withTables(page: string, summary: Summary): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`expected "${BEGIN}" and "${END}" in ${PAGE}`);
  return `${page.slice(0, from)}${BEGIN}\n\n${toMarkdown(summary)}\n\n${page.slice(to)}`;
}
