/** Who is tried is never the client's choice: which name an attempt counts on, or the word that none is known. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import * as shapes from '../support/fixtures/credential-shapes.js';
import { drive } from '../support/sites/drive.js';
import { EventLog } from '../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_USERNAME_UNKNOWN';
const LIMIT_3: LockoutOptions = { dimensions: ['username', 'ip'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };

let nextAddress = 0;
/** Each guess comes from somewhere else. */
const from = (req: shapes.ShapeRequest): shapes.ShapeRequest => {
  nextAddress += 1;
  return { ip: `203.0.${nextAddress >> 8}.${nextAddress & 255}`, ...req };
};

interface Site {
  readonly lockout: Lockout;
  readonly events: EventLog;
  /** The arguments of each call of verify, without the callback. */
  readonly judged: (readonly unknown[])[];
  login(req: shapes.ShapeRequest, options?: object): unknown;
  /** The usernames that failures counted on. */
  counted(): readonly unknown[];
}

type Shape = Parameters<typeof shapes.create>[0];
const isRight = (args: readonly unknown[]) => args.includes('right');

function open(shape: Shape, strategyOptions: StrategyOptions = {}, accepts = isRight): Site {
  const lockout = new Lockout(LIMIT_3);
  const events = new EventLog(lockout);
  const judged: (readonly unknown[])[] = [];
  const verify: shapes.Verify = (...args) => {
    const done = args.pop() as shapes.Done;
    judged.push(args);
    done(null, accepts(args) && { id: 1 });
  };
  const strategy: StrategyLike = withLockout(shapes.create(shape, verify), lockout, strategyOptions);
  return {
    lockout,
    events,
    judged,
    login: (req, options) => drive(strategy, from(req), { options: options ?? {} }).actions[0]?.[0],
    counted: () =>
      events
        .of('attempt_failed')
        .flatMap(({ subjects }) => subjects.filter(({ dimension }) => dimension === 'username'))
        .map(({ subject }) => subject.username),
  };
}

/** Twenty guesses at one name. */
function guess(site: Site, req: (index: number) => shapes.ShapeRequest, options?: (index: number) => object): number {
  for (let index = 0; index < 20; index += 1) site.login(req(index), options?.(index));
  return site.judged.length;
}

const warnings = ({ events }: Site) => events.of('warning').filter(({ code }) => code === CODE);

describe('who is tried', () => {
  describe('with two arguments', () => {
    const SPELLINGS = ['alice', 'Alice', 'ALICE', ' alice', 'alice ', '\talice', 'aLiCe'];
    const spelled = (index: number) => SPELLINGS[index % SPELLINGS.length] as string;
    for (const [what, shape, req, options] of [
      [
        'spelled so that the strategy has to tidy it',
        shapes.TIDY,
        (index: number) => ({ body: { username: spelled(index), password: `guess ${index}` } }),
        undefined,
      ],
      [
        'in headers (passport-token)',
        shapes.TOKEN,
        (index: number) => ({ headers: { 'x-username': 'alice', 'x-token': `guess ${index}` } }),
        undefined,
      ],
      [
        'inline in a query (graphql-passport)',
        shapes.GRAPHQL,
        () => ({ body: { query: '{ login(username: "\\u0061lice") }' } }),
        (index: number) => ({ username: 'alice', password: `guess ${index}` }),
      ],
      [
        'with a password of another type',
        shapes.TRUSTING,
        (index: number) => ({ body: { username: 'alice', password: [{ $ne: index }, [index], index][index % 3] } }),
        undefined,
      ],
      [
        'without a password',
        shapes.TRUSTING,
        (index: number) => ({ body: index % 2 ? { username: 'alice' } : { username: 'alice', password: null } }),
        undefined,
      ],
      [
        'behind a hundred thousand other fields',
        shapes.TRUSTING,
        (index: number) => ({ body: { ...FLOOD, username: 'alice', password: { guess: index } } }),
        undefined,
      ],
    ] as const) {
      it(`X10 is counted wherever and however a client sends it: ${what}`, () => {
        const site = open(shape as Shape);

        expect(guess(site, req as (index: number) => shapes.ShapeRequest, options)).to.equal(3);
        expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
        expect(warnings(site)).to.deep.equal([]);
      });
    }

    it('X10 counts all who send no text for a name as one, whatever they send', () => {
      const site = open(shapes.TRUSTING);

      const nested = JSON.parse(`${'['.repeat(5_000)}"alice"${']'.repeat(5_000)}`);
      const names = [['alice'], { $eq: 'alice' }, nested, { a: { b: 'alice' } }];
      guess(site, (index) => ({ body: { username: names[index % names.length], password: 'guess' } }));

      expect(site.judged).to.have.length(3);
      expect(new Set(site.counted())).to.deep.equal(new Set(['<MALFORMED>']));
    });

    it('X10 leaves the other users alone', () => {
      const site = open(shapes.TIDY);
      guess(site, () => ({ body: { username: 'Alice', password: 'guess' } }));

      expect(site.login({ body: { username: 'Bob', password: 'right' } })).to.equal('success');
    });

    it('X10 is not the issuer whose account an unknown strategy hears of, and that is told', async () => {
      const site = open({ name: 'own-oidc', args: () => ['https://issuer.example.org', 'subject'] });
      guess(site, () => ({}));

      expect(site.counted()).to.deep.equal([]);
      expect(warnings(site)).to.have.length(1);
    });

    it('X10 is the name that looks like an issuer where the client has sent both', () => {
      const site = open(shapes.TRUSTING);

      expect(guess(site, (index) => ({ body: { username: 'https://alice.example', password: `${index}` } }))).to.equal(
        3,
      );
    });

    it('X10 is not a token that comes with its payload, and that is told unless it is a provider’s', () => {
      const own = open({ name: 'own-token', args: () => ['token', { sub: 'alice' }] });
      const provider = open({ name: 'own-login', args: () => ['token', { provider: 'own', id: '1' }] });
      for (const site of [own, provider]) guess(site, () => ({}));

      expect([own, provider].map((site) => site.counted())).to.deep.equal([[], []]);
      expect([own, provider].map((site) => warnings(site).length)).to.deep.equal([1, 0]);
    });
  });

  describe('at a directory', () => {
    const body = (username: unknown, password: unknown) => ({ body: { username, password } });
    /** Guests are known to the directory, and no staff. */
    const isStaff = ([profile]: readonly unknown[]) => (profile as { id?: string } | null)?.id === 'uid-alice';

    for (const shape of [shapes.WINDOWS_FORM, shapes.CROWD, shapes.OWN_DIRECTORY]) {
      it(`X11 is nobody whom all share: refused guests lock nobody else (${shape.name})`, () => {
        const site = open(shape, {}, isStaff);
        for (let times = 0; times < 5; times += 1) site.login(body('guest', 'right'));

        expect(site.counted()).not.to.include('<MALFORMED>');
        expect(site.login(body('alice', 'right'))).to.equal('success');
      });
    }

    for (const shape of [shapes.WINDOWS_FORM, shapes.CROWD, shapes.ACTIVE_DIRECTORY]) {
      it(`X11 is who the form names: wrong passwords lock that name, before the directory is asked (${shape.name})`, () => {
        let asked = 0;
        const args: Shape['args'] = (...given) => {
          asked += 1;
          return shape.args(...given);
        };
        const site = open({ ...shape, args }, {}, isStaff);
        for (let times = 0; times < 20; times += 1) site.login(body(' Alice', 'guess'));

        expect(asked).to.equal(3);
        expect(site.login(body('alice', 'right'))).to.equal('fail');
      });
    }

    it('X11 is one for all who send no text where the directory takes any type (ActiveDirectory)', () => {
      let asked = 0;
      const args: Shape['args'] = (...given) => {
        asked += 1;
        return shapes.ACTIVE_DIRECTORY.args(...given);
      };
      const site = open({ ...shapes.ACTIVE_DIRECTORY, args });
      for (let times = 0; times < 20; times += 1) site.login(body(['alice'], [`guess ${times}`]));

      expect(asked).to.equal(3);
    });

    it('X11 is unknown, and that is told, where only the form’s names are known (own-directory)', () => {
      const site = open(shapes.OWN_DIRECTORY, {}, isStaff);
      site.login(body('guest', 'right'));

      expect(site.counted()).to.deep.equal([]);
      expect(warnings(site)).to.have.length(1);
    });
  });

  describe('with three or four arguments', () => {
    const CLIENT = { client_id: 'app', client_secret: 'app secret' };
    for (const [shape, fields] of [
      [shapes.BY_SESSION, (password: string) => ({ username: 'alice', password, sessionId: 's1' })],
      [shapes.AFFINITY, (apiKey: string) => ({ userEmail: 'alice', apiKey, crmId: '7' })],
      [shapes.RESOURCE_OWNER, (password: string) => ({ ...CLIENT, username: 'alice', password })],
      [shapes.RESOURCE_OWNER, (password: string) => ({ client_id: 'app', username: 'alice', password })],
    ] as const) {
      it(`X12 is the name in front of the password (${shape.name}, ${Object.keys(fields('')).length} fields)`, () => {
        const site = open(shape);

        expect(guess(site, (index) => ({ body: fields(`guess ${index}`) }))).to.equal(3);
        expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
        expect(warnings(site)).to.deep.equal([]);
      });
    }

    for (const [what, more] of [
      ['the client as a user', () => ({ query: { username: 'app', password: 'app secret' } })],
      ['the guess as a user', (index: number) => ({ query: { user: 'app secret', pin: 'alice', n: index } })],
      ['itself as a client', () => ({ query: { login: 'app', passcode: 'app secret' } })],
    ] as const) {
      it(`X12 cannot be another by fields that nobody reads: ${what}`, () => {
        const site = open(shapes.RESOURCE_OWNER);

        const body = (index: number) => ({ ...CLIENT, username: 'alice', password: `guess ${index}` });
        const judged = guess(site, (index) => ({ body: body(index), ...more(index) }) as shapes.ShapeRequest);

        expect(judged).to.equal(3);
        expect(site.counted()).not.to.include('app');
        expect(site.login({ body: { ...CLIENT, username: 'bob', password: 'right' } })).to.equal('success');
      });
    }

    for (const [what, hidden] of [
      ['behind more fields than are looked at', () => ({ ...FLOOD })],
      ['behind more names than are compared', () => Object.fromEntries(range(50).map((n) => [`user${n}`, `u${n}`]))],
      ['as a list', () => ({ username: ['alice'] })],
      ['between blanks without end', () => ({ username: `${' '.repeat(100_000)}alice` })],
    ] as const) {
      it(`X12 is counted when a client hides it: ${what}`, () => {
        const site = open({
          ...shapes.RESOURCE_OWNER,
          args: ({ body: { client_id, client_secret, username, password } }) => [
            client_id,
            client_secret,
            typeof username === 'string' ? username.trim() : username,
            password,
          ],
        });

        const body = (index: number) => ({ ...hidden(), ...CLIENT, password: `guess ${index}` });
        guess(site, (index) => ({ body: { username: 'alice', ...body(index) } }));

        expect(site.judged).to.have.length(3);
      });
    }

    it('X12 is found in nested fields and in a JSON body of GraphQL variables', () => {
      const site = open({
        name: 'nested',
        args: ({ body }) => {
          const { input } = body['variables'] as { readonly input: shapes.Fields };
          return ['tenant', input['email'], input['password']];
        },
      });

      const judged = guess(site, (index) => ({ body: { variables: { input: { email: 'Alice', password: index } } } }));

      expect(judged).to.equal(3);
      expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
    });

    it('X12 is unknown, and that is told, where no field is known for a name', () => {
      const site = open(shapes.TENANT);
      guess(site, (index) => ({ body: { mandant: 'm', kennung: 'alice', kennwort: `guess ${index}` } }));

      expect(site.counted()).to.deep.equal([]);
      expect(warnings(site)).to.have.length(1);
    });
  });

  describe('told of as unknown', () => {
    const login = { body: { mandant: 'm', kennung: 'alice', kennwort: 'guess' } };

    it('X10 names the strategy and the option once for each strategy, and is a finding of check()', async () => {
      const lockout = new Lockout(LIMIT_3);
      const events = new EventLog(lockout);
      const refuse: shapes.Verify = (...args) => (args.at(-1) as shapes.Done)(null, false);
      const wrap = (shape: Shape) => withLockout(shapes.create(shape, refuse), lockout);
      const [first, second] = [wrap(shapes.TENANT), wrap({ ...shapes.TENANT, name: 'second' })];
      for (const strategy of [first, first, second, second]) drive(strategy, from(login));

      const told = events.of('warning').filter(({ code }) => code === CODE);
      expect(told.map(({ message }) => /"(\w+)"/.exec(message)?.[1])).to.deep.equal(['tenant', 'second']);
      expect(told.every(({ option, message }) => option === 'username' && message.includes('username'))).to.equal(true);
      expect((await lockout.check()).filter(({ code }) => code === CODE)).to.have.length(2);
    });

    for (const [what, strategyOptions] of [
      ['username', { username: ({ args }) => args[1] }],
      ['ipOnly', { ipOnly: true }],
    ] as const satisfies readonly (readonly [string, StrategyOptions])[]) {
      it(`X10 is no more where the option ${what} says it`, () => {
        const site = open(shapes.TENANT, strategyOptions);
        site.login(login);

        expect(warnings(site)).to.deep.equal([]);
        expect(site.counted()).to.deep.equal(what === 'username' ? ['alice'] : []);
      });
    }

    it('X10 is not said where no dimension counts names', async () => {
      const lockout = new Lockout({ dimensions: ['ip'] });
      const events = new EventLog(lockout);
      drive(
        withLockout(
          shapes.create(shapes.TENANT, (...args) => (args.at(-1) as shapes.Done)(null, false)),
          lockout,
        ),
        from(login),
      );
      await setImmediate();

      expect(events.of('warning')).to.deep.equal([]);
    });

    it('X10 is not said of a token alone, which names nobody', () => {
      const site = open({ name: 'own-key', args: () => ['key'] });
      guess(site, () => ({}));

      expect(warnings(site)).to.deep.equal([]);
    });

    for (const [what, args] of [
      ['nothing (passport-custom)', () => []],
      ['the form itself', ({ body }) => [body]],
      ['a profile and a code', () => [{ id: 1 }, '123456']],
    ] as const satisfies readonly (readonly [string, Shape['args']])[]) {
      it(`X12 is said where verify is given ${what}`, () => {
        const site = open({ name: 'own', args });
        site.login(login);

        expect(warnings(site)).to.have.length(1);
      });
    }
  });

  describe('at a provider', () => {
    for (const shape of shapes.VOUCHED) {
      it(`X13 is nobody: an account that the application refuses counts nowhere (${shape.name})`, async () => {
        const site = open(shape, {}, () => false);
        const ends = range(20).map(() => site.login({ ip: '203.0.113.9' }));

        expect(new Set(ends)).to.deep.equal(new Set(['fail']));
        expect(site.judged).to.have.length(20);
        expect((await site.lockout.list({ locked: false })).items.filter(({ failures }) => failures > 0)).to.deep.equal(
          [],
        );
        expect(warnings(site)).to.deep.equal([]);
      });
    }

    it('X13 may be counted by the options, where an application wants that', async () => {
      const [shape] = shapes.VOUCHED as [Shape];
      const options: StrategyOptions = {
        username: ({ args }) => args[0],
        isFailure: ({ action }) => action === 'fail',
      };
      const site = open(shape, options, () => false);

      expect(guess(site, () => ({}))).to.equal(3);
    });
  });
});

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

const FLOOD = Object.fromEntries(range(100_000).map((index) => [`field${index}`, index]));
