/** The packed package as TypeScript sees it, from ESM and from CJS. */
import { expect } from 'chai';
import { Consumer } from '../support/tools/package/consumer.js';

const WITH_PASSPORT = `
  import passport = require('passport');
  import { Strategy as LocalStrategy } from 'passport-local';
  import { Lockout, MemoryStore, withLockout } from 'passport-lockout';

  const lockout: Lockout = new Lockout({ store: new MemoryStore(), tiers: [{ failures: 3, cooloff: { minutes: 15 } }] });
  lockout.on('username_blocked', ({ failures, lockedUntil }) => console.log(failures + 1, lockedUntil?.toISOString()));
  const strategy = withLockout(new LocalStrategy((username, password, done) => done(null, { username })), lockout);
  passport.use(strategy);
`;

const WITHOUT_PASSPORT = `
  import { type LockoutOptions, LockoutError, withLockout, type WithLockout } from 'passport-lockout';

  class OwnStrategy {
    name = 'own';
    _verify = (username: string, done: (error: unknown, user?: object | false) => void) => done(null, { username });
    authenticate(): void {}
  }
  const options: LockoutOptions = { dimensions: ['username', ['ip', 'username']], forgetAfter: 'PT1H' };
  const strategy: WithLockout<OwnStrategy> = withLockout(new OwnStrategy(), options);
  const name: string = strategy.name;
  const code = (error: LockoutError): string => error.code;
  strategy.once('blocked', ({ dimension }) => console.log(name, dimension.length, code));
`;

const MISTAKES = [
  { mistake: 'a wrong option', source: `withLockout({ authenticate() {} }, { forgetAfer: 'PT1H' });` },
  { mistake: 'an unknown event', source: `new Lockout().on('error', () => {});` },
  { mistake: 'something that is no strategy', source: `withLockout({ verify() {} });` },
];

describe('the packed package in TypeScript', function () {
  // Declaration files of all dependencies are checked, too.
  this.timeout(60_000);

  describe('beside Passport and its types', () => {
    let consumer: Consumer;

    before(async () => {
      const types = ['@types/node', '@types/passport', '@types/passport-local'];
      consumer = await Consumer.create([...types, 'passport', 'passport-local']);
    });
    after(() => consumer.remove());

    it('compiles in CJS', async () => {
      expect(await consumer.compile('local.cts', WITH_PASSPORT)).to.equal('');
    });

    it('compiles in ESM', async () => {
      const source = WITH_PASSPORT.replace(`import passport = require('passport')`, `import passport from 'passport'`);
      expect(await consumer.compile('local.mts', source)).to.equal('');
    });
  });

  describe('without any types of Passport', () => {
    let consumer: Consumer;

    before(async () => {
      consumer = await Consumer.create(['@types/node']);
    });
    after(() => consumer.remove());

    for (const name of ['own.mts', 'own.cts']) {
      it(`compiles in ${name.endsWith('.mts') ? 'ESM' : 'CJS'}`, async () => {
        expect(await consumer.compile(name, WITHOUT_PASSPORT)).to.equal('');
      });
    }

    for (const { mistake, source } of MISTAKES) {
      it(`does not compile with ${mistake}`, async () => {
        const complaints = await consumer.compile(
          'mistake.mts',
          `import { Lockout, withLockout } from 'passport-lockout';\nexport { Lockout, withLockout };\n${source}`,
        );
        expect(complaints).to.match(/^mistake\.mts\(3,/);
      });
    }
  });
});
