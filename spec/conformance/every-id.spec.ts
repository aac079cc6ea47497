/** That no behaviour of the conformance lists is forgotten, and none is claimed twice. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type ListedId, type NamedIds, problemsOf, rowsOf, titlesIn } from '../support/tools/conformance-ids.js';

const SPECS = fileURLToPath(new URL('../../../spec/', import.meta.url));
/** Its made-up titles are no claims. */
const OWN_NAME = join('conformance', 'every-id.spec.ts');

function readAll(): NamedIds {
  const names = readdirSync(SPECS, { recursive: true, encoding: 'utf8' });
  // Not only specs: some titles stand in functions that several specs call.
  const files = names.filter((name) => name.endsWith('.ts') && name !== OWN_NAME);
  const found = files.map((name) => titlesIn(readFileSync(join(SPECS, name), 'utf8'), name));
  const page = (name: string) => readFileSync(join(SPECS, 'conformance', name), 'utf8');
  return {
    listed: rowsOf(page('ids.md')),
    titles: found.flatMap(({ titles }) => titles),
    differing: found.flatMap(({ differing }) => differing),
    notApplicable: rowsOf(page('not-applicable.md'), 'Not applicable'),
    differentOnPurpose: rowsOf(page('not-applicable.md'), 'Different on purpose'),
  };
}

describe('The conformance lists', () => {
  const named = readAll();

  it('have a place for every behaviour: one spec or one reason for A and D, at least one for F and X, or an issue to come with', () => {
    expect(problemsOf(named)).to.deep.equal([]);
  });

  const without = (list: keyof NamedIds, id: string): NamedIds => ({
    ...named,
    [list]: named[list].filter((item) => item.id !== id),
  });
  const withMore = (source: string): NamedIds => {
    const { titles, differing } = titlesIn(source, 'made-up.spec.ts');
    return { ...named, titles: [...named.titles, ...titles], differing: [...named.differing, ...differing] };
  };

  const withRow = (row: Partial<ListedId>): NamedIds => {
    const made: ListedId = { id: 'X48', where: 'ids.md', sentence: 'Made up.', toCome: '', ...row };
    return { ...named, listed: [...named.listed.filter(({ id }) => id !== made.id), made] };
  };
  const twice = (id: string): NamedIds => ({
    ...named,
    listed: [...named.listed, ...named.listed.filter((row) => row.id === id)],
  });

  it('say in a sentence what each id stands for', () => {
    expect(named.listed.filter(({ sentence }) => !/^[\p{Lu}`].{19,}\.$/u.test(sentence))).to.deep.equal([]);
  });

  const BROKEN: readonly [what: string, broken: NamedIds, problem: string][] = [
    ['a spec that is gone', without('titles', 'A22'), 'A22 is missing'],
    ['a failure case without a spec', without('titles', 'F1'), 'F1 is missing'],
    ['a reason that is gone', without('notApplicable', 'A160'), 'A160 is missing'],
    ['a second spec', withMore("it('D44 hear', () => {})"), 'D44 is named 2 times: '],
    ['a second spec, of a template', withMore('it(`A52 of $' + '{name}`, () => {})'), 'A52 is named 2 times: '],
    ['a spec of what is not applicable', withMore("it('A45 path')"), 'A45 is named 2 times: made-up.spec.ts, '],
    ['an id that does not exist', withMore("it('A161 new')"), 'A161 in made-up.spec.ts does not exist'],
    ['a fault that does not exist', withMore("it('X49 new')"), 'X49 in made-up.spec.ts does not exist'],
    ['an id without a sentence', without('listed', 'F3'), 'F3 has no row in ids.md'],
    ['two sentences', twice('D7'), 'D7 has two rows'],
    ['a sentence of what does not exist', withRow({ id: 'F51' }), 'F51 in ids.md does not exist'],
    ['a mended fault that is still to come', withRow({ toCome: 'B2' }), 'X48 is to come with B2, but stands in '],
    ['a fault that is neither mended nor to come', without('titles', 'X31'), 'X31 is missing'],
    ['a second id without a place', withMore("it('F1 X60 both')"), 'X60 in made-up.spec.ts does not exist'],
    ['a difference without a reason', withMore("it('F2 differs: here')"), 'F2 differs, but has no row that says why'],
    ['a reason without a difference', without('differing', 'A39'), 'A39 has a row, but no spec that shows'],
  ];
  for (const [what, broken, problem] of BROKEN) {
    it(`would be found incomplete with ${what}`, () => {
      expect(problemsOf(broken).filter((found) => found.startsWith(problem))).to.have.length(1);
    });
  }
});
