/** What unmodified applications show a refused person: each shows when to try again. */
import { expect } from 'chai';
import type { Express, Request } from 'express';
import session from 'express-session';
import type { Passport } from 'passport';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type Answer, type LoginApp, startApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

const MESSAGE = 'Too many failed logins. Try again in 15 minutes.';

type Routes = (app: Express, passport: InstanceType<typeof Passport>) => void;
interface WithMessages {
  messages?: unknown[];
}

/** hackathon-starter: the message of the strategy is flashed, and the view prints `error.msg`. */
const hackathonStarter: Routes = (app, passport) => {
  app.use(session({ secret: 'x', resave: false, saveUninitialized: true }));
  app.get('/login', (req, res) => {
    const { messages = [] } = req.session as WithMessages;
    res.send(messages.map((error) => `<div>${(error as { readonly msg: string }).msg}</div>`).join());
  });
  app.post('/login', (req, res, next) => {
    const callback = (error: unknown, user: unknown, info: unknown) => {
      if (error) return next(error);
      if (user) return res.json(user);
      Object.assign(req.session, { messages: [info] });
      return res.redirect(303, '/login');
    };
    passport.authenticate('local', callback)(req, res, next);
  });
};

/** A view that prints the info of the strategy as it is. */
const printing: Routes = (app, passport) => {
  app.post('/login', (req, res, next) => {
    const callback = (_error: unknown, _user: unknown, info: unknown) => res.send(`<div>${info}</div>`);
    passport.authenticate('local', callback)(req, res, next);
  });
};

/** Wiki.js: a resolver that looks at the error and the user, and drops the rest. */
const wikiJs: Routes = (app, passport) => {
  const logIn = (req: Request) =>
    new Promise((resolve, reject) => {
      const callback = (error: unknown, user: unknown) => {
        if (error) return reject(error);
        return user ? resolve(user) : reject(new Error('Invalid email / username or password.'));
      };
      passport.authenticate('local', { session: false }, callback)(req, {}, () => {});
    });
  app.post('/login', (req, res) => {
    logIn(req).then(
      (user) => res.json(user),
      (error: Error) => res.send(error.message),
    );
  });
};

describe('The info of a refusal', () => {
  let app: LoginApp;

  async function lockedAt(routes: Routes, options: LockoutOptions): Promise<Answer> {
    const lockout = new Lockout(options);
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
    app = await startApp((express, passport) => {
      passport.use(withLockout(new PasswordCheck().strategy(), lockout) as never);
      routes(express, passport);
    });
    return app.login('alice', 'x');
  }

  afterEach(() => app.close());

  it('X45 prints as its message in a view', async () => {
    expect((await lockedAt(printing, {})).body).to.equal(`<div>${MESSAGE}</div>`);
  });

  it('X45 may be made by the option for a view that reads another member', async () => {
    const info = ({ message }: { readonly message: string }) => ({ msg: message });
    const { headers } = await lockedAt(hackathonStarter, { info });
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';

    expect((await app.request('/login', { headers: { cookie } })).body).to.equal(`<div>${MESSAGE}</div>`);
  });

  it('X45 may be made an error for an application that looks at nothing else', async () => {
    expect((await lockedAt(wikiJs, { onLocked: 'error' })).body).to.equal(MESSAGE);
  });

  it('X45 may be made a string by a function of the request', async () => {
    const info: LockoutOptions['info'] = ({ code }, { method }) => `${method} ${code}`;

    expect((await lockedAt(printing, { info })).body).to.equal('<div>POST ERR_LOCKOUT_LOCKED</div>');
  });

  it('X45 becomes its message only as a string: JSON and copies do not contain it twice', async () => {
    const lockout = new Lockout();
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
    const result = await lockout.protect({ username: 'alice', ip: '203.0.113.9' }, () => true);
    app = await startApp(() => {});

    expect(result).to.deep.equal({
      outcome: 'refused',
      locked: { code: 'ERR_LOCKOUT_LOCKED', message: MESSAGE, dimension: 'username', retryAfter: 900 },
    });
    expect(result.outcome === 'refused' && String(result.locked)).to.equal(MESSAGE);
  });

  it('X35 causes an error that reaches the application if the option throws', async () => {
    const info = () => {
      throw new Error('bug');
    };

    expect((await lockedAt(wikiJs, { info })).body).to.equal('bug');
  });

  for (const [returned, got] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [5, 'a number'],
    [Promise.resolve({}), 'a promise'],
  ] as const) {
    it(`X35 causes an error that reaches the application if the option returns ${got}`, async () => {
      const { status, body } = await lockedAt(wikiJs, { info: () => returned as never });

      expect(status).to.equal(200);
      expect(body).to.match(new RegExp(`^options\\.info: expected a .*function.*, got ${got}`));
    });
  }
});
