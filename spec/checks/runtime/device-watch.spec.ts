/** Whether device cookies reach the browsers, and how: on the first day no browser has one to show, and nothing is wrong. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { EventLog } from '../../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_DEVICE_COOKIE_LOST';
const MANY = 100;
const ENOUGH = 20;

interface Browser {
  readonly username: string;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly cookie?: string;
}

interface Site {
  /** Returns the cookie that the browser is given. */
  logIn(browser: Browser): Promise<string>;
  hasWarned(): boolean;
}

function open(): Site {
  const lockout = new Lockout({ secret: 'a secret of thirty-two characters or more' });
  const events = new EventLog(lockout);
  return {
    logIn: async ({ username, ip = '203.0.113.9', userAgent = 'Firefox', cookie }) => {
      let given = '';
      const res = {
        getHeader: () => undefined,
        setHeader: (_name: string, [value]: readonly string[]) => (given = String(value)),
      };
      const headers = { 'user-agent': userAgent, ...(cookie !== undefined && { cookie }) };
      await lockout.protect({ req: { ip, headers, secure: true, res } as object, username }, () => true);
      return given.slice(0, given.indexOf(';'));
    },
    hasWarned: () => events.of('warning').some(({ code }) => code === CODE),
  };
}

async function forEach(times: number, act: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < times; n += 1) await act(n);
}

describe('a warning that device cookies are lost', () => {
  it('is not emitted when many people log in for the first time', async () => {
    const site = open();

    await forEach(MANY, (n) => site.logIn({ username: `user${n}` }));

    expect(site.hasWarned()).to.equal(false);
  });

  it('is not emitted when people log in on a second browser, or from a second address', async () => {
    const site = open();

    await forEach(MANY, (n) => site.logIn({ username: `user${n}` }));
    await forEach(MANY, (n) => site.logIn({ username: `user${n}`, userAgent: 'Safari' }));
    await forEach(MANY, (n) => site.logIn({ username: `user${n}`, ip: '198.51.100.7' }));

    expect(site.hasWarned()).to.equal(false);
  });

  it('is emitted at the 20th login of a browser that does not show the cookie it was given', async () => {
    const site = open();

    await forEach(MANY, (n) => site.logIn({ username: `user${n}` }));
    await forEach(ENOUGH - 1, (n) => site.logIn({ username: `user${n}` }));
    const before = site.hasWarned();
    await site.logIn({ username: 'user99' });

    expect([before, site.hasWarned()]).to.deep.equal([false, true]);
  });

  it('is emitted for one client that logs in again and again without cookies', async () => {
    const site = open();

    await forEach(1 + ENOUGH, () => site.logIn({ username: 'alice' }));

    expect(site.hasWarned()).to.equal(true);
  });

  it('is not emitted once any browser has shown its cookie', async () => {
    const site = open();

    const cookie = await site.logIn({ username: 'alice' });
    await site.logIn({ username: 'alice', cookie });
    await forEach(MANY, () => site.logIn({ username: 'bob' }));

    expect(site.hasWarned()).to.equal(false);
  });
});

describe('a warning that a device cookie is not secure', () => {
  /** Whether a login from this address has warned. */
  const warns = async (ip: string, secure: boolean) => {
    const lockout = new Lockout({ secret: 'a secret of thirty-two characters or more' });
    const events = new EventLog(lockout);
    const res = { getHeader: () => undefined, setHeader: () => undefined };
    await lockout.protect({ req: { ip, headers: {}, secure, res } as object, username: 'alice' }, () => true);
    return events.of('warning').some(({ code }) => code === 'WARN_LOCKOUT_DEVICE_COOKIE_INSECURE');
  };

  it('is emitted for a login over plain http, and for none over https', async () => {
    expect(await warns('203.0.113.9', false)).to.equal(true);
    expect(await warns('203.0.113.9', true)).to.equal(false);
  });

  for (const ip of ['127.0.0.1', '::ffff:127.0.0.1', '::1']) {
    it(`is not emitted for ${ip}: nobody is on the line between a browser and its own machine`, async () => {
      expect(await warns(ip, false)).to.equal(false);
    });
  }
});
