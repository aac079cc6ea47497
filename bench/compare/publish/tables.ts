/** The tables of a run as Markdown: a table for each store, a row for each case. */
import { LEGEND, OURS, RIVAL } from '../contender.js';
import type { Measure } from '../measure.js';
import { toRatio } from '../report.js';
import type { Spread } from '../spread.js';
import type { Row, Summary } from './summary.js';

const STORE_NAMES: Readonly<Record<string, string>> = { memory: 'In memory', redis: 'Redis', mongo: 'MongoDB' };
const IN_MS = new Set(['mongo']);

export function storeName(store: string): string {
  return STORE_NAMES[store] ?? store;
}

export function toMarkdown(summary: Summary): string {
  const { command, date, machine, isProvisional, stores } = summary;
  const caution = isProvisional ? ' **Provisional: with fewer rounds than the command has by default.**' : '';
  return [
    `Of \`${command}\`, ${date}: ${machine}.${caution} Ratios are ours to \`${RIVAL}\`, with half of the rounds in brackets; in memory of what is added to \`plain\`.`,
    ...stores.flatMap((store) => [
      `${storeName(store.store)}: ${store.description}; ${store.rounds} rounds.`,
      toTable(summary.rows.filter((row) => row.store === store.store)),
    ]),
  ].join('\n\n');
}

function toTable(rows: readonly Row[]): string {
  const contenders = Object.keys(LEGEND).filter((name) => rows.some(({ contender }) => contender === name));
  const [store = ''] = rows.map((row) => row.store);
  const hasCommands = rows.some(({ measure }) => measure === 'commands');
  const header = [
    '',
    ...contenders.map((name) => `\`${name}\`, ${IN_MS.has(store) ? 'ms' : 'us'}`),
    'latency, ratio',
    'logins a second, ratio',
    ...(hasCommands ? [`commands (round trips), ours / \`${RIVAL}\``] : []),
  ];
  const cases = [...new Set(rows.map((row) => row.case))];
  const lines = cases.map((name) => {
    const own = rows.filter((row) => row.case === name);
    const find = (measure: Measure, contender: string) =>
      own.find((row) => row.measure === measure && row.contender === contender);
    const count = (contender: string) => {
      const commands = find('commands', contender);
      return commands ? `${commands.median} (${find('roundTrips', contender)?.median ?? 0})` : '';
    };
    const latencies = contenders.map((contender) => toLatency(find('latency', contender)));
    return [
      name,
      ...latencies,
      toSpreadText(find('latency', OURS)?.ratio),
      toSpreadText(find('throughput', OURS)?.ratio),
      ...(hasCommands ? [count(OURS) && `${count(OURS)} / ${count(RIVAL)}`] : []),
    ];
  });
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function toLatency(row: Row | undefined): string {
  if (!row) return '';
  return IN_MS.has(row.store) ? (row.median / 1000).toFixed(2) : row.median.toFixed(1);
}

function toSpreadText(spread: Spread | undefined): string {
  return spread ? `${toRatio(spread.median)} (${toRatio(spread.lower)}..${toRatio(spread.upper)})` : '';
}
