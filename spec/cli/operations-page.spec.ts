/** docs/operations.md: every command on the page is run, in order, and its output compared. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { pending } from '../support/fixtures/attempt-entries.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli } from '../support/tools/cli.js';
import { IS_DEEP } from '../support/tools/depth.js';
import { codeBlocks } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';
import { runTool } from '../support/tools/package/run-tool.js';

const PAGE = readFileSync(join(REPOSITORY, 'docs', 'operations.md'), 'utf8');
const DAY_MS = 86_400_000;

/** What differs in every run. */
const VARIES: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME'],
  [/\d+ minutes?(, \d+ seconds?)?/g, 'N minutes'],
  [/^server\t.+$/gm, 'server\tNAME'],
  [/^(subjects|log entries)\t\d+$/gm, '$1\tN'],
  [/-?\d+ ms/g, 'N ms'],
  [/\t[0-9a-f]{24}$/gm, '\tID'],
  [/"id":"[0-9a-f]{24}"/g, '"id":"ID"'],
];

interface Transcript {
  readonly line: number;
  readonly command: string;
  readonly output: string;
}

function transcripts(): readonly Transcript[] {
  return codeBlocks(PAGE, 'console').flatMap(({ line, code }) =>
    code
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.split('\n');
        return { line, command, output: output.join('\n') };
      }),
  );
}

/** The words after the command's name; undefined where it takes a shell to run the line. */
function argumentsIn(command: string): readonly string[] | undefined {
  if (/[|<>$;&]/.test(command)) return undefined;
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(1);
}

const masked = (text: string) => VARIES.reduce((result, [pattern, mask]) => result.replace(pattern, mask), text);

describeMongo('docs/operations.md', () => {
  let database: MongoDatabase;
  let folder: string;

  before(async () => {
    database = await MongoDatabase.create();
    const lockout = new Lockout({ ...PATIENT, store: database.store(), attemptLog: 'await' });
    const attempt = (username: string, ip: string, userAgent: string) => ({
      username,
      req: { ip, headers: { 'user-agent': userAgent } },
      action: 'local',
    });
    for (let index = 0; index < 3; index += 1) {
      await lockout.protect(attempt('alice', '203.0.113.9', 'curl/8'), () => false);
    }
    await lockout.protect(attempt('bob', '203.0.113.9', 'curl/8'), () => false);
    await lockout.protect(attempt('carol', '198.51.100.4', 'Mozilla/5.0'), () => true);
    const old = pending({ username: 'dave' }, 40 * DAY_MS);
    await database.store().attemptLog.append([old, old], 365 * DAY_MS);
    await lockout.close();

    folder = mkdtempSync(join(tmpdir(), 'passport-lockout-bin-'));
    const bin = join(REPOSITORY, '.build', 'lib', 'cli', 'bin.js');
    writeFileSync(join(folder, 'passport-lockout'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, {
      mode: 0o755,
    });
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  async function printedHere(args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await new Cli({ MONGODB_URI: database.uri }).run(args);
    return stdout + stderr;
  }

  async function printedByShell(command: string): Promise<string> {
    const env = `PATH="${folder}:$PATH" MONGODB_URI="${database.uri}"`;
    return (await runTool('sh', ['-c', `export ${env}; { ${command}; } 2>&1 < /dev/null`], REPOSITORY)).stdout;
  }

  it('has a transcript for every command but those that only an application can run', async () => {
    const shown = new Set(transcripts().map(({ command }) => /passport-lockout (\S+)/.exec(command)?.[1]));
    const { stdout: help } = await new Cli({}).run(['--help']);
    const listed = help.slice(help.indexOf('\nInspect:'), help.indexOf('\nHelp:'));
    const commands = [...listed.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name);
    expect([...shown, 'check']).to.have.members(commands);
  });

  // One after the other: each finds what those before it left.
  for (const { line, command, output } of transcripts()) {
    it(`shows on line ${line} what is printed by ${command}`, async () => {
      const args = IS_DEEP ? undefined : argumentsIn(command);
      expect(masked(await (args ? printedHere(args) : printedByShell(command)))).to.equal(masked(output));
    });
  }
});
