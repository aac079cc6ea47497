/** docs/grafana: the dashboard and the alert rules name only what is measured, and can be imported anywhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { METRICS } from '../../lib/metrics/definitions.js';
import { readPage } from '../support/tools/documentation.js';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';

const read = (name: string) => readFileSync(join(REPOSITORY, 'docs', 'grafana', name), 'utf8');
const DASHBOARD = read('passport-lockout.json');
const RULES = read('passport-lockout.rules.yml');
const NAMES = METRICS.map(({ prometheusName }) => prometheusName);
const LABELS = ['lockout', 'le', ...METRICS.flatMap(({ labels }) => labels.map((label) => label.replace('.', '_')))];

/** What Prometheus derives from a histogram. */
const SUFFIX = /(?<=_seconds)_(?:bucket|count|sum)$/;

const metricsIn = (text: string) =>
  [...new Set(text.match(/\blockout_\w+/g) ?? [])].map((name) => name.replace(SUFFIX, ''));

/** What stands in braces before a comparison, and in the brackets of `by`. */
function labelsIn(text: string): readonly string[] {
  const selected = [...text.matchAll(/[{,]\s*(\w+)\s*(?:=~|!=|!~|=)\s*\\?"/g)].map(([, label = '']) => label);
  const grouped = [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  return [...new Set([...selected, ...grouped])];
}

/** Every member of an object and of what is in it, as `name: value`. */
function membersOf(value: unknown): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[name, member] as const, ...membersOf(member)]);
}

interface Dashboard {
  readonly id: null;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly type: string;
    readonly description?: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

describe('docs/observability.md', () => {
  const codesIn = (cell: string) => [...cell.matchAll(/`([\w.]+)`/g)].map(([, code]) => code);

  it('lists every metric with its names and labels', () => {
    const rows = tableBelow(readPage('docs/observability.md').text, '## Metrics');

    expect(
      rows.map(([name = '', prometheus = '', , labels = '']) => [
        ...codesIn(name),
        ...codesIn(prometheus),
        ...codesIn(labels).filter((label) => label !== 'error_type'),
      ]),
    ).to.have.deep.members(METRICS.map(({ name, prometheusName, labels }) => [name, prometheusName, ...labels]));
  });

  it('lists every alert', () => {
    const rows = tableBelow(readPage('docs/observability.md').text, '## Dashboard and alerts');

    const alerts = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(rows.map(([name]) => codeSpan(name))).to.have.members(alerts);
  });
});

describe('The dashboard for Grafana', () => {
  const dashboard = JSON.parse(DASHBOARD) as Dashboard;
  const members = membersOf(dashboard);

  it('shows every metric, and none that does not exist', () => {
    expect(metricsIn(DASHBOARD)).to.include.members(NAMES);
    expect(NAMES).to.include.members(metricsIn(DASHBOARD));
  });

  it('selects and groups by labels that exist', () => {
    const used = labelsIn(members.filter(([name]) => name === 'expr').join('\n'));

    expect(used).to.include.members(['lockout', 'outcome', 'dimension', 'error_type']);
    expect(LABELS).to.include.members(used);
  });

  it('has the data source as a variable, and no other uid, library panel or input', () => {
    const uids = members.filter(([name]) => name === 'uid').map(([, value]) => value);

    expect(uids).to.have.length.above(10);
    for (const uid of uids) expect(uid).to.match(/^\$\{datasource\}$/);
    expect(members.filter(([name]) => name === 'libraryPanel')).to.deep.equal([]);
    expect(dashboard).not.to.have.any.keys('uid', '__inputs', '__elements');
    expect(dashboard.id).to.equal(null);
  });

  it('explains each panel', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');

    expect(panels).to.have.length.above(10);
    for (const { title, description, targets } of panels) {
      expect(description, title).to.match(/\.$/);
      expect(targets, title).to.have.length.above(0);
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
  });
});

describe('The alert rules', () => {
  const rules = RULES.split('- alert: ').slice(1);

  it('name only metrics and labels that exist', () => {
    expect(metricsIn(RULES)).to.have.length.above(3);
    expect(NAMES).to.include.members(metricsIn(RULES));
    expect(LABELS).to.include.members(labelsIn(RULES));
  });

  it('say each what has happened, how severe it is, and what to do', () => {
    expect(rules).to.have.length.above(3);
    for (const rule of rules) {
      expect(rule)
        .to.match(/\bexpr: /)
        .and.match(/\bseverity: (?:critical|warning|info)\b/);
      expect(rule)
        .to.match(/\bsummary: .+\.'?\n/)
        .and.match(/\bdescription: .+\.\n/);
    }
  });
});
