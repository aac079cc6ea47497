/** The opposite of `unpack` in lib/subject/character-table.ts, which documents the format. */

type Entry = readonly [character: string, standsFor: string];

interface Run {
  readonly from: number;
  readonly standsFor: string;
  count: number;
  sign: '' | '*' | '+';
}

export function pack(entries: readonly Entry[]): string {
  const groups = new Map<string, Run[]>();
  for (const run of runsOf(entries)) groups.set(run.standsFor, [...(groups.get(run.standsFor) ?? []), run]);
  return [...groups].map(([standsFor, runs]) => `${toDigits(standsFor).join('.')}:${packRuns(runs)}`).join(' ');
}

function runsOf(entries: readonly Entry[]): readonly Run[] {
  const runs: Run[] = [];
  const sorted = entries.map(([character, standsFor]) => ({ from: character.codePointAt(0) as number, standsFor }));
  for (const { from, standsFor } of sorted.sort((a, b) => a.from - b.from)) {
    const last = runs.at(-1);
    const sign = last?.from === from - (last?.count ?? 0) ? signOf(last, standsFor) : undefined;
    if (last && sign) {
      last.count += 1;
      last.sign = sign;
    } else runs.push({ from, standsFor, count: 1, sign: '' });
  }
  return runs;
}

/** How a run goes on with this character; undefined if it does not. */
function signOf({ standsFor, count, sign }: Run, next: string): '*' | '+' | undefined {
  if (next === standsFor && sign !== '+') return '*';
  const isNext =
    [...standsFor].length === 1 && next === String.fromCodePoint((standsFor.codePointAt(0) as number) + count);
  return isNext && sign !== '*' ? '+' : undefined;
}

function packRuns(runs: readonly Run[]): string {
  let at = 0;
  const items = runs.map(({ from, count, sign }) => {
    const distance = (from - at).toString(36);
    at = from;
    return sign === '' ? distance : `${distance}${sign}${count.toString(36)}`;
  });
  return items.join(',');
}

function toDigits(text: string): readonly string[] {
  return [...text].map((character) => (character.codePointAt(0) as number).toString(36));
}
