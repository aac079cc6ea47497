/** The five minutes of the README, typed as they stand there: two processes, a restart, and the command that frees a user. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { findFreePort } from '../support/servers/mongo-server/free-port.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { childEnvironment } from '../support/tools/child-environment.js';
import { pathOfBlock, writeBlocks } from '../support/tools/compile-blocks.js';
import { readPage } from '../support/tools/documentation.js';
import { codeBlocks } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';

const FOLDER = join(REPOSITORY, '.build', 'five-minutes');
const { text } = readPage('README.md');
const section = text.slice(text.indexOf('## From nothing'), text.indexOf('## Before production'));
const files = codeBlocks(section, 'js').map((block) => [pathOfBlock('readme', 'js', block), block.code] as const);
const [install = '', ...commands] = codeBlocks(section, 'sh').map(({ code }) => code);

/** Stands in for a reader who goes on once both servers are up, or one has ended. */
const READER = `set -m
trap 'kill $(jobs -p)' EXIT
listens() { curl -s -o /dev/null http://127.0.0.1:$1 || [ $(jobs -pr | wc -l) -lt 2 ]; }
up() { for port in $PORT $PORT_2; do until listens $port; do sleep 0.1; done; done; }
`;

/** @param ports - of this run, in place of those on the page */
function typed(ports: readonly [number, number]): string {
  const [first, second] = ports.map(String) as [string, string];
  return commands
    .join('')
    .replaceAll('3000', first)
    .replaceAll('3001', second)
    .replaceAll('sleep 2', 'up')
    .replaceAll('npx passport-lockout', 'node ../../node_modules/passport-lockout/dist/cjs/cli/bin.js');
}

describeMongo('The five minutes of the README', () => {
  let database: MongoDatabase;

  before(async () => {
    database = await MongoDatabase.create();
    writeBlocks(FOLDER, new Map(files));
  });
  after(() => database.drop());

  it('install what their two files need', () => {
    const packages = /^npm install (.+)$/m.exec(install)?.[1]?.split(' ');
    const needed = files.flatMap(([, code]) => [...code.matchAll(/require\('([^'./]+)/g)].map(([, name]) => name));

    expect(files.map(([path]) => path)).to.deep.equal(['readme/cjs/lockout.js', 'readme/cjs/app.js']);
    expect(packages).to.have.members([...new Set(needed)]);
  });

  it('get the answers that the page says', async () => {
    const ports = [await findFreePort(), await findFreePort()] as const;
    const env = childEnvironment({ MONGODB_URI: database.uri, PORT: String(ports[0]), PORT_2: String(ports[1]) });

    const cwd = join(FOLDER, 'readme', 'cjs');
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', READER + typed(ports)], { cwd, env });

    const shown = [...stdout.matchAll(/^HTTP\/1\.1 (\d+)|^(Retry-After: \d+)|^(\d+ subject.*)$/gm)];
    const [, , , , firstLock, ...rest] = shown.map(([, status, ...others]) => status ?? others.find(Boolean));
    expect(shown.slice(0, 4).map(([, status]) => status)).to.deep.equal(['200', '401', '401', '429']);
    expect(firstLock).to.equal('Retry-After: 900');
    expect(rest[0]).to.equal('429');
    expect(rest[1]).to.match(/^Retry-After: \d+$/);
    expect(rest.slice(2)).to.deep.equal(['200', '1 subject unblocked.', '200']);
    expect(stderr).not.to.match(/Warning|Error/);
  });
});
