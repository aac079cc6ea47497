/** Compares the behaviours that are listed with those that specs and the page of exceptions name. */

/** How many there are of each letter, so that none is lost from the list. */
const COUNTS = { A: 160, D: 52, F: 50, X: 48 } as const;
/** Of these several specs may show one, each on its own level. */
const SHOWN_OFTEN = /^[FX]/;

/** A text in quotes that begins with one id or several, and whether it goes on with "differs:". */
const TITLE = /(?<=['"`])((?:[ADFX]\d{1,3} )+)(differs: )?/g;
const ROW = /^\| ([ADFX]\d{1,3}) \| ([^|]+) \|(?: ([^|]*)\|)?/;

interface NamedId {
  readonly id: string;
  /** The file, or the section of the page. */
  readonly where: string;
}

export interface ListedId extends NamedId {
  readonly sentence: string;
  /** The issue that brings its spec; empty where it is proven. */
  readonly toCome: string;
}

export interface NamedIds {
  /** Every id with its sentence. */
  readonly listed: readonly ListedId[];
  readonly titles: readonly NamedId[];
  /** Those of the titles that say so. */
  readonly differing: readonly NamedId[];
  readonly notApplicable: readonly NamedId[];
  readonly differentOnPurpose: readonly NamedId[];
}

/** All ids that a spec's source names at the beginning of a title. */
export function titlesIn(source: string, where: string): Pick<NamedIds, 'titles' | 'differing'> {
  const found = [...source.matchAll(TITLE)].flatMap(([, ids = '', differs]) =>
    ids
      .trim()
      .split(' ')
      .map((id) => ({ id, where, differs })),
  );
  return { titles: found, differing: found.filter(({ differs }) => differs !== undefined) };
}

/** The rows of a page, or of what stands below one of its headings, that begin with an id. */
export function rowsOf(page: string, heading?: string): readonly ListedId[] {
  const section = heading === undefined ? page : (page.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')[0];
  const lines = section?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const [, id, sentence = '', toCome = ''] = ROW.exec(line) ?? [];
    return id === undefined ? [] : [{ id, where: heading ?? 'ids.md', sentence, toCome: toCome.trim() }];
  });
}

/** The problems found, in sentences; empty if every id has its place. */
export function problemsOf(named: NamedIds): readonly string[] {
  const ids = Object.entries(COUNTS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  const placed = [...named.titles, ...named.notApplicable];
  const toCome = new Map(named.listed.flatMap(({ id, toCome: issue }) => (issue === '' ? [] : [[id, issue]])));
  return [
    ...ids.filter((id) => !named.listed.some((row) => row.id === id)).map((id) => `${id} has no row in ids.md`),
    ...ids.flatMap((id) => placeProblems(id, placed, toCome.get(id))),
    ...[...placed, ...named.listed]
      .filter(({ id }) => !ids.includes(id))
      .map(({ id, where }) => `${id} in ${where} does not exist`),
    ...missingIn(named.differing, named.differentOnPurpose, 'differs, but has no row that says why'),
    ...missingIn(named.differentOnPurpose, named.differing, 'has a row, but no spec that shows how it differs'),
    ...twiceIn(named.differentOnPurpose),
    ...twiceIn(named.listed),
  ];
}

function placeProblems(id: string, placed: readonly NamedId[], issue: string | undefined): readonly string[] {
  const places = placed.filter((item) => item.id === id).map(({ where }) => where);
  if (issue !== undefined) {
    return places.length === 0 ? [] : [`${id} is to come with ${issue}, but stands in ${places.join(', ')} already`];
  }
  if (places.length === 0) return [`${id} is missing`];
  if (SHOWN_OFTEN.test(id) || places.length === 1) return [];
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
