/** Shows what a soak has found. */
import type { Checked } from './check/check.js';
import type { Soaked } from './run.js';

/** Of the same kind, these many are shown. */
const SHOWN = 10;

export function toText({ store, description, seconds, faults, checked }: Soaked): string {
  const violations = checked.flatMap((one) => one.violations);
  const sum = (figure: (one: Checked) => number) => checked.reduce((total, one) => total + figure(one), 0);
  const outcomes: Record<string, number> = {};
  for (const { figures } of checked)
    for (const [outcome, count] of Object.entries(figures.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
  const done = new Map<string, number>();
  for (const { what } of faults) done.set(what, (done.get(what) ?? 0) + 1);
  const heap = checked.map((one) => one.heap).sort((a, b) => (b?.minutes ?? 0) - (a?.minutes ?? 0))[0];
  const uncertain = checked.flatMap((one) => one.uncertain);
  const lines = [
    `${store}: ${description}; ${seconds.toFixed(0)} s, ${sum(({ figures }) => figures.attempts)} attempts, ${sum(({ figures }) => figures.verified)} verified`,
    `  answers: ${list(Object.entries(outcomes))}`,
    `  faults: ${list([...done])}`,
    `  ${sum(({ figures }) => figures.locks)} locks, ${sum(({ figures }) => figures.acts)} acts of operators; ${sum(({ figures }) => figures.operations)} operations on ${sum(({ figures }) => figures.subjects)} subjects put in order`,
    `  ${uncertain.length} wrong guesses whose count nobody was answered, for a kill, a pause or a cut; at least ${sum(({ counted }) => counted.length)} of them were counted: ${excerpt(uncertain)}`,
    heap
      ? `  heap: ${heap.lastMiB.toFixed(1)} MiB at the end, ${heap.slope.toFixed(2)} MiB a minute over the last ${heap.minutes.toFixed(1)} minutes of the process that lived longest`
      : '  heap: too few samples for a slope',
    violations.length === 0 ? '  no violation' : `  ${violations.length} VIOLATIONS`,
  ];
  for (const rule of new Set(violations.map((violation) => violation.rule))) {
    const found = violations.filter((violation) => violation.rule === rule);
    for (const { of, message } of found.slice(0, SHOWN)) lines.push(`    ${rule}: ${of}: ${message}`);
    if (found.length > SHOWN) lines.push(`    ${rule}: ${found.length - SHOWN} more`);
  }
  return lines.join('\n');
}

function list(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([what, count]) => `${what} ${count}`).join(', ') || 'none';
}

function excerpt(ids: readonly string[]): string {
  const shown = ids.slice(0, SHOWN).join(', ');
  return ids.length > SHOWN ? `${shown} and ${ids.length - SHOWN} more` : shown || '-';
}
