/** What the helps of the command say: how to begin, what there is, and where to read on. */
import { expect } from 'chai';
import { Cli } from '../support/tools/cli.js';
import { readPage } from '../support/tools/documentation.js';
import { readManifest } from '../support/tools/package/repository.js';

const cli = new Cli({});
const helpOf = async (...command: string[]) => (await cli.run([...command, '--help'])).stdout;
const examplesIn = (help: string) => [...help.matchAll(/^ {2}\$ (?:NODE_ENV=\S+ )?passport-lockout (.+)$/gm)];
/** As a shell takes the examples apart: words, and quoted ones. */
const wordsOf = (line: string) => [...line.matchAll(/'([^']*)'|[^\s<]+/g)].map(([word, quoted]) => quoted ?? word);

const COMMANDS = [
  ...[
    'status',
    'list',
    'activity',
    'attempts',
    'devices',
    'block',
    'unblock',
    'undo',
    'revoke-devices',
    'reset',
    'remove-attempts',
    'erase',
  ],
  ...['check', 'doctor', 'cleanup', 'simulate'],
];
const ALIASES = [
  ...['list-attempts', 'reset-ip', 'reset-username', 'reset-ip-username', 'reset-logs', 'reset-failure-logs'],
];

describe('The command-line help', () => {
  it('lists the commands in groups, without aliases', async () => {
    const help = await helpOf();
    const groups = help.split('\n\n').filter((block) => /^(Inspect|Block|Reset|Maintain).*:\n/.test(block));

    const rowsOf = (block: string) => block.split('\n').filter((line) => !/^ {3}/.test(line)); // without wrapped text

    expect(
      groups.map((block) => rowsOf(block).map((line) => /^(?: {2})?([\w-]+(?: and \w+)?)/.exec(line)?.[1])),
    ).to.deep.equal([
      ['Inspect', 'status', 'list', 'attempts', 'devices', 'activity'],
      ['Block and unblock', 'block', 'unblock', 'undo', 'revoke-devices'],
      ['Reset and remove', 'reset', 'remove-attempts', 'erase'],
      ['Maintain', 'check', 'doctor', 'cleanup', 'simulate'],
    ]);
    for (const alias of ALIASES) expect(help).to.not.match(new RegExp(`\\b${alias}\\b`));
  });

  for (const command of [[], ...COMMANDS.map((name) => [name])]) {
    describe(`of ${['passport-lockout', ...command].join(' ')}`, () => {
      it('starts with a sentence and examples, and fits a terminal of 80 columns', async () => {
        const help = await helpOf(...command);

        expect(help).to.match(/^Usage: .+\n\n[A-Z][^\0]*?\.\n\nExamples:\n(?: {2}\$ .+\n)+\n/);
        expect(help.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
      });

      it('has examples that the command accepts', async () => {
        for (const [, line = ''] of examplesIn(await helpOf(...command))) {
          const { stderr } = await cli.run(wordsOf(line));
          expect(stderr, line).to.match(/^(?:passport-lockout: (?:no database: .+|cannot load \.\/dist\/.+)\n)?$/);
        }
      });

      it('links to its section of a page in the package', async () => {
        const [, path = '', anchor = ''] =
          /\nMore: node_modules\/passport-lockout\/(docs\/[\w.-]+)#?([\w-]*)/.exec(await helpOf(...command)) ?? [];
        const headings = [...readPage(path).text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
          heading.toLowerCase().replaceAll(' ', '-'),
        );

        expect(['', ...headings]).to.include(anchor);
        expect((await readManifest()).files).to.include('docs');
      });
    });
  }

  for (const alias of ALIASES) {
    it(`names the command for which ${alias} is an alias`, async () => {
      const [, meaning = ''] = /^Another name for ([a-z-]+)/m.exec(await helpOf(alias)) ?? [];

      expect(COMMANDS).to.include(meaning);
    });
  }
});
