/** Whose device a browser becomes: of one user alone. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { CookieKeeper } from '../support/sites/cookie-keeper.js';

const SECRET = 's'.repeat(32);

describe('A browser', () => {
  it('is no known device of the user under whose name an OAuth client logged in there', async () => {
    const lockout = new Lockout({ secret: SECRET });
    const browser = new CookieKeeper('198.51.100.1');
    const devices: unknown[] = [];
    lockout.on('attempt_succeeded', ({ attempt }) => devices.push(attempt.device));
    const logIn = (isClient: boolean) =>
      lockout.protect({ username: 'alice', isClient, req: browser.request() }, () => true);
    await logIn(true);
    expect(browser.cookie).to.equal('');
    await logIn(false);
    await logIn(true);
    expect(devices).to.deep.equal([undefined, 'unknown', undefined]);
  });

  it('is no known device of all names that are no strings', async () => {
    const lockout = new Lockout({ secret: SECRET, usernames: { unique: true } });
    const browser = new CookieKeeper('198.51.100.1');
    await lockout.protect({ username: ['mallory'], req: browser.request() }, () => true);
    expect(browser.cookie).to.equal('');
  });
});
