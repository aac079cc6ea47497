/** Tests of an application and its lockout: over HTTP, with a clock that the tests advance, so nothing waits for 15 minutes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Lockout, MemoryStore } from 'passport-lockout';
import { createTestClock } from 'passport-lockout/testing';
import { createApp } from './app.js';

describe('the login', () => {
  let clock;
  let lockout;
  let server;

  beforeEach(async () => {
    clock = createTestClock();
    lockout = new Lockout({ store: new MemoryStore({ clock }) });
    server = createApp(lockout).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await lockout.close();
  });

  async function logIn(password) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'alice', password }),
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  }

  it('locks with the third wrong password, for 15 minutes', async () => {
    assert.equal((await logIn('wrong')).status, 401);
    assert.equal((await logIn('wrong')).status, 401);
    assert.deepEqual(await logIn('wrong'), { status: 429, retryAfter: '900' });

    clock.advance({ minutes: 14, seconds: 59 });
    assert.deepEqual(await logIn('wonderland'), { status: 429, retryAfter: '1' });
    clock.advance('1s');
    assert.equal((await logIn('wonderland')).status, 200);
  });

  it('forgets the mistakes of someone who logs in', async () => {
    for (const password of ['wrong', 'wrong', 'wonderland', 'wrong', 'wrong']) await logIn(password);

    assert.equal((await logIn('wonderland')).status, 200);
  });

  it('lets a user in whom an operator freed', async () => {
    for (let attempt = 1; attempt <= 3; attempt += 1) await logIn('wrong');

    await lockout.unblock({ username: 'alice' });

    assert.equal((await logIn('wonderland')).status, 200);
  });
});
