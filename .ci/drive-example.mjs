/** Starts the example as the README says, logs in wrongly until it is locked, and ends it. Exit code 1 when it misbehaves. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `npm start` builds first. */
const START_LIMIT_MS = 120_000;
const END_LIMIT_MS = 10_000;

const server = spawn('npm', ['start'], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
  // A group of its own: npm starts a shell, which starts the server, and all of them have to end.
  detached: true,
});
const ended = once(server, 'close');

try {
  const url = await printedUrl();
  await drive(url);
  console.log('the example locks after three wrong logins');
} catch (error) {
  console.log(`the example failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await end();
}

function printedUrl() {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`it printed no address within ${START_LIMIT_MS / 1000} s`)),
      START_LIMIT_MS,
    );
    server.stdout.setEncoding('utf8').on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
      const address = /https?:\/\/[\w.[\]:-]+?:[1-9]\d*(?!\d)/.exec(output)?.[0];
      // The rest of the number may still be on its way, until something follows it.
      if (address && !output.endsWith(address)) settle(resolve, address);
    });
    server.once('error', (error) => settle(reject, error));
    server.once('close', (code) => settle(reject, new Error(`it ended before it listened, exit code ${code}`)));

    function settle(how, value) {
      clearTimeout(timer);
      how(value);
    }
  });
}

async function drive(url) {
  const page = await fetch(url);
  assert.equal(page.status, 200, `GET ${url} answered ${page.status}`);
  assert.match(await page.text(), /<form\b/i, 'the page has no login form');

  await expectStatus(url, 401, 'the 1st wrong login');
  await expectStatus(url, 401, 'the 2nd wrong login');
  const locked = await expectStatus(url, 429, 'the 3rd wrong login');
  const retryAfter = Number(locked.headers.get('retry-after'));
  assert.ok(Number.isInteger(retryAfter) && retryAfter > 0, `Retry-After is ${locked.headers.get('retry-after')}`);
  await expectStatus(url, 429, 'a login while locked');
}

/** Each time with another password: the same one again is counted once. */
async function expectStatus(url, expected, what) {
  const response = await fetch(new URL('/login', url), {
    method: 'POST',
    body: new URLSearchParams({ username: 'visitor', password: `wrong: ${what}` }),
    redirect: 'manual',
    headers: { accept: 'text/html' },
  });
  await response.arrayBuffer();
  console.log(`${what}: ${response.status}`);
  assert.equal(response.status, expected, `${what} answered ${response.status}, expected ${expected}`);
  return response;
}

async function end() {
  if (server.pid === undefined) return;
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), END_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}

function signal(name) {
  try {
    process.kill(-server.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
