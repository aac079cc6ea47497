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

const FORMATS = [
  ['ESM', 'mts'],
  ['CJS', 'cts'],
] as const;

const MISTAKES = [
  { mistake: 'a wrong option', source: `withLockout({ authenticate() {} }, { forgetAfer: 'PT1H' });` },
  { mistake: 'an unknown event', source: `new Lockout().on('error', () => {});` },
  { mistake: 'something that is not a strategy', source: `withLockout({ verify() {} });` },
];

describe('The packed package in TypeScript', () => {
  describe('with the types of Passport', () => {
    let complaints: Complaints;

    before(async () => {
      complaints = await compile(
        ['@types/node', '@types/passport', '@types/passport-local', 'passport', 'passport-local'],
        {
          'local.cts': WITH_PASSPORT,
          'local.mts': WITH_PASSPORT.replace(
            `import passport = require('passport')`,
            `import passport from 'passport'`,
          ),
        },
      );
    });

    for (const [format, name] of FORMATS) {
      it(`compiles in ${format}`, () => {
        expect(complaints.of(`local.${name}`)).to.deep.equal([]);
      });
    }

    it('has no declaration file with a type error', () => {
      expect(complaints.all).to.deep.equal([]);
    });
  });

  describe('without the types of Passport', () => {
    let complaints: Complaints;

    before(async () => {
      complaints = await compile(['@types/node'], {
        'own.mts': WITHOUT_PASSPORT,
        'own.cts': WITHOUT_PASSPORT,
        ...Object.fromEntries(
          MISTAKES.map(({ source }, index) => [
            `mistake-${index}.mts`,
            `import { Lockout, withLockout } from 'passport-lockout';\nexport { Lockout, withLockout };\n${source}`,
          ]),
        ),
      });
    });

    for (const [format, name] of FORMATS) {
      it(`compiles in ${format}`, () => {
        expect(complaints.of(`own.${name}`)).to.deep.equal([]);
      });
    }

    for (const [index, { mistake }] of MISTAKES.entries()) {
      it(`does not compile with ${mistake}`, () => {
        expect(complaints.of(`mistake-${index}.mts`)[0]).to.match(/^mistake-\d\.mts\(3,/);
      });
    }

    it('has no declaration file with any other type error', () => {
      expect(complaints.all.filter((line) => !line.startsWith('mistake-'))).to.deep.equal([]);
    });
  });
});

/** What the compiler complains of, one line each. */
interface Complaints {
  readonly all: readonly string[];
  of(name: string): readonly string[];
}

/** All modules at once, since the declaration files of all dependencies are checked, too, which takes long. */
async function compile(packages: readonly string[], modules: Readonly<Record<string, string>>): Promise<Complaints> {
  const consumer = await Consumer.create(packages);
  try {
    const output = await consumer.compile(modules);
    // What goes on over several lines is indented.
    const all = output.split('\n').filter((line) => /^\S/.test(line));
    return { all, of: (name) => all.filter((line) => line.startsWith(`${name}(`)) };
  } finally {
    await consumer.remove();
  }
}
