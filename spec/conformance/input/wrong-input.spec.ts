/** Wrong input is rejected with a message that lets the reader mend it, before anything is judged or written. */
import { expect } from 'chai';
import {
  canonicalUsername,
  guessesPerYear,
  Lockout,
  LockoutConfigError,
  type LockoutOptions,
  trustedProxies,
} from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';

const thrownBy = async (act: () => unknown) => {
  try {
    return await act();
  } catch (error) {
    return error;
  }
};

function expectRefusal(error: unknown, message: string): void {
  expect(error).to.be.instanceOf(LockoutConfigError).with.property('message', message);
}

describe('Wrong input', () => {
  let lockout: Lockout;
  let verified = 0;
  const verify = () => {
    verified += 1;
    return false;
  };

  beforeEach(() => {
    lockout = new Lockout({ attemptLog: 'await' });
    verified = 0;
  });

  const AN_ATTEMPT = "an object such as { username: 'alice', req }";
  const MEMBERS = 'req, username, isClient, ip, action';
  const ATTEMPTS: readonly [attempt: unknown, message: string][] = [
    [null, `attempt: expected ${AN_ATTEMPT}, got null`],
    [undefined, `attempt: expected ${AN_ATTEMPT}, got undefined`],
    ['alice', `attempt: expected ${AN_ATTEMPT}, got a string`],
    [['alice'], `attempt: expected ${AN_ATTEMPT}, got an array of 1`],
    [{ ip: 5 }, 'attempt.ip: expected an address as a string, got a number'],
    [{ ip: null }, 'attempt.ip: expected an address as a string, got null'],
    [{ action: 5 }, 'attempt.action: expected a string, got a number'],
    [{ isClient: 'yes' }, 'attempt.isClient: expected true or false, got a string'],
    [{ req: 'x' }, 'attempt.req: expected a request, got a string'],
    [{ req: null }, 'attempt.req: expected a request, got null'],
    [{ req: { url: 5 } }, 'attempt.req.url: expected a string, got a number'],
    [{ req: { originalUrl: {} } }, 'attempt.req.originalUrl: expected a string, got an empty object'],
    [{ req: { method: [] } }, 'attempt.req.method: expected a string, got an empty array'],
    [{ req: { headers: 'x' } }, 'attempt.req.headers: expected an object, got a string'],
    [{ req: { socket: true } }, 'attempt.req.socket: expected an object, got true (a boolean)'],
    [{ req: { ip: 5 } }, 'attempt.req.ip: expected an address as a string, got a number'],
    [
      { req: { socket: { remoteAddress: {} } } },
      'attempt.req.ip: expected an address as a string, got an empty object',
    ],
    [{ userName: 'alice' }, 'attempt.userName: there is no such option; did you mean username?'],
    [{ body: { password: 'hunter2' } }, `attempt.body: there is no such option; known options are ${MEMBERS}`],
  ];
  for (const [attempt, message] of ATTEMPTS) {
    it(`X41 is rejected by protect, and nothing is verified or written: ${message}`, async () => {
      expectRefusal(await thrownBy(() => lockout.protect(attempt as never, verify)), message);
      expect(verified).to.equal(0);
      expect((await lockout.attempts()).items).to.deep.equal([]);
      expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
    });
  }

  for (const notVerify of [undefined, null, true, {}]) {
    it(`X41 is rejected by protect: ${notVerify} as verify`, async () => {
      const error = await thrownBy(() => lockout.protect({ username: 'alice' }, notVerify as never));
      expect((error as Error).message).to.match(/^verify: expected a function that judges the credentials, got /);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });
  }

  it('X41 is rejected by protect even if nothing is enforced', async () => {
    const off = new Lockout({ enabled: false });
    expectRefusal(await thrownBy(() => off.protect({ ip: 5 } as never, verify)), ATTEMPTS[4]?.[1] as string);
    expect(verified).to.equal(0);
  });

  for (const name of [() => 'alice', Symbol('alice')]) {
    it(`X41 such as a ${typeof name} as a name counts on <MALFORMED>, and not on nothing`, async () => {
      await lockout.protect({ username: name }, verify);
      const { items } = await lockout.list({ locked: false });
      expect(items.map(({ key }) => key)).to.deep.equal(['username=<MALFORMED>']);
    });
  }

  const CALLS: readonly [what: string, act: (on: Lockout) => unknown, message: string][] = [
    ['recordLogout(null)', (on) => on.recordLogout(null as never), 'req: expected a request, got null'],
    [
      'recordLogout(req, null)',
      (on) => on.recordLogout({}, null as never),
      'options: expected an object of options, got null',
    ],
    [
      'recordLogout({ url: 5 })',
      (on) => on.recordLogout({ url: 5 } as never),
      'req.url: expected a string, got a number',
    ],
    [
      'recordLogout(req, { user })',
      (on) => on.recordLogout({}, { user: 'alice' } as never),
      'options.user: there is no such option; known options are username',
    ],
    ...[{}, ['1.a'], Object.create(null) as object, '9999999999999999.a'].map(
      (cursor): [string, (on: Lockout) => unknown, string] => [
        `attempts({ cursor: ${typeof cursor === 'string' ? cursor : JSON.stringify({ ...cursor })} })`,
        (on) => on.attempts({ cursor } as never),
        `query.cursor: expected the cursor of the previous page, got ${
          typeof cursor === 'string'
            ? '"9999999999999999.a" (a string)'
            : Array.isArray(cursor)
              ? 'an array of 1'
              : 'an empty object'
        }`,
      ],
    ),
    [
      'list({ cursor: {} })',
      (on) => on.list({ cursor: {} } as never),
      'query.cursor: expected the cursor of the previous page, under the same order, got an empty object',
    ],
    [
      'status({ username: Symbol() })',
      (on) => on.status({ username: Symbol('x') } as never),
      'subject.username: expected a username, got a symbol',
    ],
    [
      'canonicalUsername(name, null)',
      () => canonicalUsername('alice', null as never),
      'canonicalUsername options: expected an object { accents }, got null',
    ],
    [
      "canonicalUsername(name, { accents: 'KEEP' })",
      () => canonicalUsername('josé', { accents: 'KEEP' as never }),
      "canonicalUsername options.accents: expected 'ignore' or 'keep', got \"KEEP\" (a string)",
    ],
    [
      'guessesPerYear({}, 5)',
      () => guessesPerYear({}, 5 as never),
      'guessesPerYear attempt: expected an object, got a number',
    ],
    [
      'trustedProxies(...)(null)',
      () => trustedProxies(['loopback'])(null as never),
      'req: expected a request, got null',
    ],
    [
      'new MongoStore(connection, null)',
      () => new MongoStore({} as never, null as never),
      'MongoStore options: expected an object of options, got null',
    ],
    [
      'middleware()(req, res)',
      (on) => on.middleware()({} as never, {} as never, undefined as never),
      'next: expected a function, got undefined',
    ],
  ];
  for (const [what, act, message] of CALLS) {
    it(`X41 is rejected: ${what}`, async () => {
      expectRefusal(await thrownBy(() => act(lockout)), message);
      expect((await lockout.attempts()).items).to.deep.equal([]);
    });
  }

  const DURATIONS = [{ minutes: [5] }, { minutes: null }, { minutes: undefined }, { minutes: true }, { minutes: ' ' }];
  for (const storeTimeout of [...DURATIONS, { isLuxonDuration: true, isValid: true }]) {
    it(`X41 is rejected: ${JSON.stringify(storeTimeout)} as a duration`, async () => {
      const error = await thrownBy(() => new Lockout({ storeTimeout } as unknown as LockoutOptions));
      expect((error as Error).message).to.match(
        /^options\.storeTimeout: expected a duration such as .*, got an object /,
      );
    });
  }

  it('X41 is rejected: a store whose clock is not a function', async () => {
    const store = Object.assign(Object.create(new Lockout() as object), { clock: 5 });
    const error = await thrownBy(() => new Lockout({ store } as never));
    expect((error as Error).message).to.match(/^options\.store: expected a store: an object with the methods /);
  });
});
