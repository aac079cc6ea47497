/** docs/words.md has every public name, each with one meaning. */
import { expect } from 'chai';
import { EVENT_NAMES } from '../../lib/events/emitter.js';
import { Lockout } from '../../lib/index.js';
import { optionsSchema } from '../../lib/options/schema.js';
import { Cli } from '../support/tools/cli.js';
import { readPage } from '../support/tools/documentation.js';
import { codeSpan, tableBelow } from '../support/tools/markdown.js';
import { declaredNames } from '../support/tools/public-names.js';

interface Word {
  readonly name: string;
  readonly meaning: string;
}

const wordsBelow = (heading: string): readonly Word[] =>
  tableBelow(readPage('docs/words.md').text, heading).map(([name, meaning = '']) => ({
    name: codeSpan(name) ?? '',
    meaning,
  }));
const DECLARED = [...wordsBelow('## Fields, options, methods, events'), ...wordsBelow('## Types and classes')];
const COMMANDS = wordsBelow('## Commands');
const FLAGS = wordsBelow('## Flags and environment');
const CODES = tableBelow(readPage('docs/errors.md').text, '# Error codes').map(([code, , meaning = '']) => ({
  name: codeSpan(code) ?? '',
  meaning,
}));
const ALL = [...DECLARED, ...COMMANDS, ...FLAGS, ...CODES];

const namesOf = (words: readonly Word[]) => words.map(({ name }) => name);
const repeated = (texts: readonly string[]) => texts.filter((text, index) => texts.indexOf(text) !== index);

/** What the command's own help lists, of itself and of each command. */
async function helpOfAll(): Promise<{ readonly commands: readonly string[]; readonly text: string }> {
  const cli = new Cli({});
  const helpOf = async (...command: string[]) => (await cli.run([...command, '--help'])).stdout;
  const help = await helpOf();
  const listed = help.slice(help.indexOf('\nInspect:'), help.indexOf('\nHelp:'));
  const commands = [...listed.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name = '']) => name);
  const texts = await Promise.all(commands.map((name) => helpOf(name)));
  return { commands, text: [help, ...texts].join('\n') };
}

describe('docs/words.md', () => {
  it('lists every exported name with its fields, and every field in the database, and no others', () => {
    expect(namesOf(DECLARED)).to.have.members([...declaredNames().keys()]);
  });

  it('is compared with declarations in which all options, events and methods are found', () => {
    const methods = Object.getOwnPropertyNames(Lockout.prototype).filter((name) => name !== 'constructor');
    const expected = [
      ...Object.keys(optionsSchema.shape),
      ...EVENT_NAMES,
      ...methods.map((name) => `${name}()`),
      'withLockout()',
      'parts',
    ];

    expect([...declaredNames().keys()]).to.include.members(expected);
  });

  it('lists every command', async () => {
    const { commands } = await helpOfAll();

    expect(namesOf(COMMANDS)).to.have.members(commands.map((name) => `passport-lockout ${name}`));
  });

  it('lists every flag and every environment variable', async () => {
    const { text } = await helpOfAll();
    const flags = [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
    const variables = text.match(/\b(?:MONGODB|REDIS|PASSPORT)_[A-Z_]+\b/g) ?? [];

    expect(namesOf(FLAGS)).to.have.members([...new Set([...flags, ...variables])]);
  });

  it('gives each name one meaning', () => {
    expect(repeated(namesOf(ALL))).to.deep.equal([]);
    expect(ALL.filter(({ name, meaning }) => name === '' || meaning === '')).to.deep.equal([]);
  });

  it('gives each meaning one name', () => {
    expect(repeated(ALL.map(({ meaning }) => meaning))).to.deep.equal([]);
  });
});
