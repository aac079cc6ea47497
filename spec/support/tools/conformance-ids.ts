/** Counts the behaviours that specs and the page of exceptions name. */

/** How many there are of each letter: the tests of django-axes and django-defender, and our list of failure cases. */
const COUNTS = { A: 160, D: 52, F: 50 } as const;

/** A text in quotes that begins with an id, and whether it goes on with "differs:". */
const TITLE = /(?<=['"`])([ADF]\d{1,3}) (differs: )?/g;
const ROW = /^\| ([ADF]\d{1,3}) \|/;

export interface NamedId {
  readonly id: string;
  /** The file, or the section of the page. */
  readonly where: string;
}

export interface NamedIds {
  readonly titles: readonly NamedId[];
  /** Those of the titles that say so. */
  readonly differing: readonly NamedId[];
  readonly notApplicable: readonly NamedId[];
  readonly differentOnPurpose: readonly NamedId[];
}

/** All ids that a spec's source names at the beginning of a title. */
export function titlesIn(source: string, where: string): Pick<NamedIds, 'titles' | 'differing'> {
  const found = [...source.matchAll(TITLE)].map(([, id = '', differs]) => ({ id, where, differs }));
  return { titles: found, differing: found.filter(({ differs }) => differs !== undefined) };
}

/** The ids of the first column below a heading of the page. */
export function rowsBelow(page: string, heading: string): readonly NamedId[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n');
  return lines.flatMap((line) => {
    const id = ROW.exec(line)?.[1];
    return id === undefined ? [] : [{ id, where: heading }];
  });
}

/** What is wrong, in sentences; empty when every id has its place. */
export function problemsOf(named: NamedIds): readonly string[] {
  const ids = Object.entries(COUNTS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  const placed = [...named.titles, ...named.notApplicable];
  return [
    ...ids.flatMap((id) => placeProblems(id, placed)),
    ...placed.filter(({ id }) => !ids.includes(id)).map(({ id, where }) => `${id} in ${where} does not exist`),
    ...missingIn(named.differing, named.differentOnPurpose, 'differs, but has no row that says why'),
    ...missingIn(named.differentOnPurpose, named.differing, 'has a row, but no spec that shows how it differs'),
    ...twiceIn(named.differentOnPurpose),
  ];
}

/** A and D have exactly one place. Of F several specs may show one case, each on its own level. */
function placeProblems(id: string, placed: readonly NamedId[]): readonly string[] {
  const places = placed.filter((item) => item.id === id).map(({ where }) => where);
  if (places.length === 0) return [`${id} is missing`];
  if (id.startsWith('F') || places.length === 1) return [];
  return [`${id} is named ${places.length} times: ${places.join(', ')}`];
}

function missingIn(items: readonly NamedId[], others: readonly NamedId[], problem: string): readonly string[] {
  const known = new Set(others.map(({ id }) => id));
  return items.filter(({ id }) => !known.has(id)).map(({ id }) => `${id} ${problem}`);
}

function twiceIn(items: readonly NamedId[]): readonly string[] {
  const ids = items.map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${id} has two rows`);
}
