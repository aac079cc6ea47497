/** The README is read in five minutes, and what it shows first is what happens. */
import { join } from 'node:path';
import { expect } from 'chai';
import { writeBlocks } from '../support/tools/compile-blocks.js';
import { readPage } from '../support/tools/documentation.js';
import { codeBlocks } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';
import { runTool } from '../support/tools/package/run-tool.js';

const { text } = readPage('README.md');

/** Logs in through the strategy of the quick start: three times with a wrong password, then with the right one. */
const LOGINS = `
;(async () => {
  const { default: express } = await import('express');
  const app = express();
  const authenticate = passport.authenticate('local', { session: false });
  app.post('/login', express.urlencoded(), authenticate, (_req, res) => res.send('Welcome'));
  const server = app.listen(0, '127.0.0.1', async () => {
    const url = 'http://127.0.0.1:' + server.address().port + '/login';
    const answers = [];
    for (const password of ['wrong', 'wrong', 'wrong', 'wonderland']) {
      const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ username: 'alice', password }) });
      const status = answer.status + ' ' + answer.statusText;
      answers.push({ status, retryAfter: answer.headers.get('retry-after'), body: await answer.text() });
    }
    console.log(JSON.stringify(answers));
    server.close();
    server.closeAllConnections();
  });
})();
`;

describe('The README', () => {
  it('has at most 250 lines', () => {
    expect(text.split('\n')).to.have.length.below(252);
  });

  it('lists these first commands for contributors', () => {
    const [commands] = codeBlocks(text.slice(text.indexOf('## Contributing')), 'sh');

    expect(commands?.code).to.match(/^npm ci && npm start .*\nnpm ci && npm test .*\n$/);
  });

  it('shows a quick start whose third wrong password gets the documented answer', async () => {
    const [start] = codeBlocks(text, 'ts');
    const [shown] = codeBlocks(text, 'http');
    const folder = join(REPOSITORY, '.build', 'readme');
    writeBlocks(folder, new Map([['readme/esm/start.js', `${start?.code}${LOGINS}`]]));

    const { stdout, stderr } = await runTool(process.execPath, ['readme/esm/start.js'], folder);

    expect(stderr).to.equal('');
    const [first, second, third, right] = JSON.parse(stdout);
    expect([first.status, second.status]).to.deep.equal(['401 Unauthorized', '401 Unauthorized']);
    expect(shown?.code).to.equal(`HTTP/1.1 ${third.status}\nRetry-After: ${third.retryAfter}\n\n${third.body}\n`);
    expect(right.status).to.equal(third.status);
  });
});
