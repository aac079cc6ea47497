/** What exists once in lib, so that it is mended once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { REPOSITORY } from '../support/tools/package/repository.js';

const LIB = join(REPOSITORY, 'lib');
const SOURCES = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(LIB, name), 'utf8') }));

const PIECES: readonly (readonly [what: string, sign: RegExp, files: readonly string[]])[] = [
  [
    'the error for a wrong option',
    /'ERR_LOCKOUT_OPTION_INVALID'/,
    ['errors.ts', 'validation/invalid-option.ts', 'validation/validate.ts'],
  ],
  ['a schema of a common kind of value', /\bz\.(?:string|boolean|date|enum|literal)\('?\w/, ['validation/fields.ts']],
  ['what makes a string safe in HTML', /&#\$\{/, ['http/locked-page.ts']],
  ['the order of the attempt log', /function newestFirst\b/, ['stores/attempt-log.ts']],
  ['the units of short durations', /'minutes'/, ['util/durations.ts']],
  ['the way from one page to the next', /\[Symbol\.asyncIterator\]:/, ['operator/pages.ts']],
];

describe('lib', () => {
  for (const [what, sign, files] of PIECES) {
    it(`contains ${what} once`, () => {
      expect(SOURCES.filter(({ text }) => sign.test(text)).map(({ name }) => name)).to.have.members(files);
    });
  }
});
