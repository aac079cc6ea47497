/** `lockout.check()`: its findings, and that they are also emitted once at the start. */
import { expect } from 'chai';
import sinon from 'sinon';
import {
  type Finding,
  Lockout,
  type LockoutOptions,
  type LockoutStore,
  LockoutStoreError,
  MemoryStore,
  presets,
} from '../../lib/index.js';
import { SECRET } from '../support/fixtures/secret.js';
import { FakeAttemptLog } from '../support/stores/fake-attempt-log.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const TURN = () => new Promise((resolve) => setImmediate(resolve));
const IP = '203.0.113.9';

/** A store that processes share, with an attempt log. */
const sharedWithLog = () => Object.assign(new SlowStore(), { attemptLog: new FakeAttemptLog() });

function tenant(): string {
  return 'acme';
}

describe('check()', () => {
  let environment: NodeJS.ProcessEnv;
  beforeEach(() => {
    // The process warnings of the start are not the subject here.
    sinon.stub(process, 'emitWarning');
    environment = { ...process.env };
    delete process.env['NODE_APP_INSTANCE'];
  });
  afterEach(() => {
    process.env = environment;
    sinon.restore();
  });

  const check = (options: LockoutOptions = {}): Promise<readonly Finding[]> =>
    new Lockout({ secret: SECRET, ...options }).check();
  const codes = async (options: LockoutOptions = {}) => (await check(options)).map(({ code }) => code);
  const inProduction = () => {
    process.env['NODE_ENV'] = 'production';
  };

  it('finds nothing wrong with the defaults and a secret', async () => {
    expect(await check()).to.deep.equal([]);
  });

  for (const { options, found } of [
    { options: {}, found: ['WARN_LOCKOUT_NO_SECRET'] },
    { options: { knownDevices: false, secret: SECRET }, found: [] },
    { options: { dimensions: ['ip'] }, found: [] },
    { options: { ipOnly: true }, found: [] },
  ] as readonly { readonly options: LockoutOptions; readonly found: readonly string[] }[]) {
    it(`reports ${found.join() || 'nothing'} in production for ${JSON.stringify(options)}, and emits no warning of it`, async () => {
      inProduction();
      const lockout = new Lockout({ store: new MemoryStore(), ...options });
      const log = new EventLog(lockout);
      await TURN();

      expect((await lockout.check()).map(({ code }) => code)).to.deep.equal(found);
      expect(log.all).to.deep.equal([]);
    });
  }

  it('finds nothing wrong with a store of its own in production', async () => {
    inProduction();
    expect(await check({ store: new MemoryStore() })).to.deep.equal([]);
  });

  it('reports no missing secret outside production', async () => {
    expect(await codes({ secret: undefined })).to.deep.equal([]);
  });

  const IN_PRODUCTION = [
    { title: 'the default store', options: {}, found: ['WARN_LOCKOUT_MEMORY_STORE'] },
    {
      title: 'a disabled lockout',
      options: { enabled: false, store: new MemoryStore() },
      found: ['WARN_LOCKOUT_DISABLED'],
    },
    {
      title: 'monitor mode',
      options: { mode: 'monitor', store: new MemoryStore() },
      found: ['WARN_LOCKOUT_MONITOR_MODE'],
    },
    {
      title: 'monitor mode with the lockout disabled',
      options: { mode: 'monitor', enabled: false, store: new MemoryStore() },
      found: ['WARN_LOCKOUT_DISABLED'],
    },
  ] as const;
  for (const { title, options, found } of IN_PRODUCTION) {
    it(`reports ${title} in production, and only there`, async () => {
      expect(await codes(options)).to.deep.equal([]);
      inProduction();
      expect(await codes(options)).to.deep.equal(found);
    });
  }

  const CLUSTER = 'WARN_LOCKOUT_MEMORY_STORE_CLUSTER';
  const FROZEN = 'WARN_LOCKOUT_LOG_SERVERLESS';

  for (const variable of [
    'AWS_LAMBDA_FUNCTION_NAME',
    'VERCEL',
    'FUNCTION_TARGET',
    'K_SERVICE',
    'FUNCTIONS_WORKER_RUNTIME',
    'FC_FUNCTION_NAME',
  ]) {
    for (const { what, store, NODE_ENV, options, found } of [
      { what: 'the default store', found: [CLUSTER] },
      { what: 'a store in memory', store: () => new MemoryStore(), found: [CLUSTER] },
      { what: 'the default store', NODE_ENV: 'production', found: [CLUSTER] },
      { what: 'the default store', NODE_ENV: 'development', found: [] },
      { what: 'a log written in the background', store: sharedWithLog, found: [FROZEN] },
      { what: 'a log that is awaited', store: sharedWithLog, options: { attemptLog: 'await' }, found: [] },
      { what: 'a log written in the background', store: sharedWithLog, NODE_ENV: 'test', found: [] },
      { what: 'a store without a log', store: () => new SlowStore(), found: [] },
    ] as readonly {
      readonly what: string;
      readonly store?: () => LockoutStore;
      readonly NODE_ENV?: string;
      readonly options?: LockoutOptions;
      readonly found: readonly string[];
    }[]) {
      it(`X44 reports ${found.join() || 'nothing'} with ${variable} set, NODE_ENV ${NODE_ENV ?? 'unset'} and ${what}`, async () => {
        delete process.env['NODE_ENV'];
        Object.assign(process.env, { [variable]: 'x', ...(NODE_ENV && { NODE_ENV }) });

        expect(await codes({ ...(store && { store: store() }), ...options })).to.deep.equal(found);
      });
    }
  }

  const INSTANCES = [
    { instance: '0', store: () => new MemoryStore(), found: [] },
    { instance: '1', store: () => new MemoryStore(), found: [CLUSTER] },
    { instance: '3', store: () => undefined, found: [CLUSTER] },
    { instance: '3', store: () => new SlowStore(), found: [] },
    { instance: 'x', store: () => new MemoryStore(), found: [] },
  ];
  for (const { instance, store, found } of INSTANCES) {
    it(`reports ${found.join() || 'nothing'} in pm2 instance ${instance} with ${store()?.constructor.name ?? 'the default store'}`, async () => {
      process.env['NODE_APP_INSTANCE'] = instance;
      const given = store();
      expect(await codes(given ? { store: given } : {})).to.deep.equal(found);
    });
  }

  const DIMENSIONS: readonly { options: LockoutOptions; found: readonly string[] }[] = [
    { options: { dimensions: ['username', 'ip'] }, found: [] },
    { options: { dimensions: [['username', 'ip']] }, found: [] },
    { options: { dimensions: ['username'] }, found: ['WARN_LOCKOUT_IP_NOT_COUNTED'] },
    { options: { dimensions: ['username', tenant, 'userAgent'] }, found: ['WARN_LOCKOUT_IP_NOT_COUNTED'] },
    { options: { dimensions: ['ip', 'username'], ipOnly: true }, found: [] },
    { options: { dimensions: ['username'], ipOnly: true }, found: ['WARN_LOCKOUT_NOTHING_COUNTED'] },
    { options: { dimensions: [['ip', 'username']], ipOnly: true }, found: ['WARN_LOCKOUT_NOTHING_COUNTED'] },
  ];
  for (const { options, found } of DIMENSIONS) {
    const title = JSON.stringify(options, (_, value) => (typeof value === 'function' ? value.name : value));
    it(`reports ${found.join() || 'nothing'} for ${title}`, async () => {
      expect(await codes(options)).to.deep.equal(found);
    });
  }

  it('examines the ladder of every dimension and reports a finding for each', async () => {
    const shrinking = [
      { failures: 3, cooloff: { hours: 2 } },
      { failures: 6, cooloff: { hours: 1 } },
    ];
    const findings = await check({ tiers: { username: shrinking, ip: shrinking }, dimensions: ['username', 'ip'] });

    expect(findings.map(({ code, message }) => [code, /of (\w+) locks/.exec(message)?.[1]])).to.deep.equal([
      ['WARN_LOCKOUT_TIERS_SHRINK', 'username'],
      ['WARN_LOCKOUT_TIERS_SHRINK', 'ip'],
    ]);
  });

  it('does not guess what a function of the attempt returns', async () => {
    const tiers = sinon.stub().throws(new Error('asked without an attempt'));
    expect(await codes({ tiers })).to.deep.equal([]);
    sinon.assert.notCalled(tiers);
  });

  const page = () => '';
  const UNUSED: readonly { options: LockoutOptions; option: string | undefined }[] = [
    { options: { ipOnly: true, username: () => 'x' }, option: 'username' },
    { options: { ipOnly: false, username: () => 'x' }, option: undefined },
    { options: { dimensions: ['ip'], resetOnSuccess: 'all' }, option: 'resetOnSuccess' },
    { options: { dimensions: ['ip'], resetOnSuccess: true }, option: undefined },
    { options: { dimensions: ['ip', ['ip', 'username']], resetOnSuccess: 'all' }, option: undefined },
    { options: { attemptsLeft: true, mode: 'monitor' }, option: 'attemptsLeft' },
    { options: { attemptsLeft: true }, option: undefined },
    { options: { respondWith: { page, redirectTo: '/locked' } }, option: 'respondWith.page' },
    { options: { respondWith: { page } }, option: undefined },
    { options: { lockedMessage: 'No.', messages: { de: { locked: 'Nein.' } } }, option: 'messages' },
    { options: { lockedMessage: 'No.', messages: { de: { lockedForever: 'Nie.' } } }, option: 'messages' },
    { options: { respondWith: { backTo: '/', redirectTo: '/x' } }, option: 'respondWith.backTo' },
    { options: { respondWith: { backTo: '/', page: () => '' } }, option: 'respondWith.backTo' },
    { options: { respondWith: { backTo: '/' } }, option: undefined },
    { options: { lockedMessage: 'No.', messages: { de: { title: 'Nein.' } } }, option: undefined },
    { options: { lockedMessage: 'No, {when}.', messages: { de: { locked: 'Nein.' } } }, option: 'messages' },
    { options: { lockedMessage: 'No, {when}.', messages: { de: { lockedForever: 'Nie.' } } }, option: undefined },
    { options: { attemptLog: 'off', attemptLogRetention: 'P1D' }, option: 'attemptLogRetention' },
    { options: { store: new SlowStore(), attemptLogRetention: 'P1D' }, option: 'attemptLogRetention' },
    { options: { attemptLogRetention: 'P1D' }, option: undefined },
  ];
  for (const { options, option } of UNUSED) {
    it(`reports ${option ?? 'nothing'} as ineffective in { ${Object.keys(options).join(', ')} }, ${JSON.stringify(options)}`, async () => {
      const unused = (await check(options)).filter(({ code }) => code === 'WARN_LOCKOUT_OPTION_UNUSED');
      expect(unused.map((finding) => finding.option)).to.deep.equal(option === undefined ? [] : [option]);
    });
  }

  for (const [attempt, advice, option] of [
    [{ username: 'alice' }, 'pass it req or ip', undefined],
    [{ username: 'alice', req: {} }, 'set the clientIp option', 'clientIp'],
  ] as const) {
    it(`X45 recommends a remedy if ${JSON.stringify(attempt)} has no address: ${advice}`, async () => {
      const lockout = new Lockout();
      new EventLog(lockout);
      await lockout.protect(attempt, () => false);

      const [found] = await lockout.check();
      expect(found).to.have.property('code', 'WARN_LOCKOUT_IP_MISSING');
      expect(found?.message).to.match(new RegExp(`${advice}$`));
      expect(found?.option).to.equal(option);
    });
  }

  it('names the option clientIp if that returns nothing', async () => {
    const lockout = new Lockout({ clientIp: () => undefined });
    new EventLog(lockout);
    await lockout.protect({ username: 'alice', req: { ip: '203.0.113.9' } }, () => false);

    const [found] = await lockout.check();
    expect(found).to.include({ code: 'WARN_LOCKOUT_IP_MISSING', option: 'clientIp' });
    expect(found?.message).to.match(/^the clientIp option returned no valid address/);
  });

  it('reports what logins have shown since the start, each finding once', async () => {
    const lockout = new Lockout({ secret: SECRET });
    new EventLog(lockout);
    for (let user = 0; user < 40; user += 1) {
      await lockout.protect({ username: `user${user}`, ip: '10.0.0.1' }, () => false);
      await lockout.protect({ username: `user${user}` }, () => false);
    }

    expect((await lockout.check()).map(({ code }) => code)).to.have.members([
      'WARN_LOCKOUT_ONE_PRIVATE_ADDRESS',
      'WARN_LOCKOUT_IP_MISSING',
    ]);
  });

  const INSPECTIONS = [
    { change: {}, found: [] },
    { change: { clockSkewMs: 1_000 }, found: [] },
    { change: { clockSkewMs: 1_001 }, found: ['the clock of the store (X 1) is 1.0 s ahead of that of this process'] },
    { change: { clockSkewMs: -90_500 }, found: ['the clock of the store (X 1) is 90.5 s behind that of this process'] },
    {
      change: { missingIndexes: ['lockouts.a_1', 'attempts.b_1'] },
      found: [
        'the store (X 1) lacks indexes: lockouts.a_1, attempts.b_1; without them it reads whole collections, or keeps expired documents',
      ],
    },
  ];
  for (const { change, found } of INSPECTIONS) {
    it(`reports "${found.join() || 'nothing'}" for a store whose state is ${JSON.stringify(change)}`, async () => {
      const store = new MemoryStore();
      const inspection = { server: 'X 1', clockSkewMs: 0, missingIndexes: [], subjects: 0, attempts: null, ...change };
      sinon.stub(store, 'inspect').returns(inspection as never);
      expect((await check({ store })).map(({ message }) => message)).to.deep.equal(found);
    });
  }

  it('accepts a store that cannot be inspected', async () => {
    expect(await check({ store: new SlowStore() })).to.deep.equal([]);
  });

  for (const [how, inspect, code] of [
    ['fails', () => Promise.reject(new Error('down')), 'ERR_LOCKOUT_STORE_FAILED'],
    ['does not answer', () => new Promise(() => {}), 'ERR_LOCKOUT_STORE_TIMEOUT'],
  ] as const) {
    it(`throws ${code} when the store ${how}`, async () => {
      const store = Object.assign(new SlowStore(), { inspect });
      const error: unknown = await check({ store: store as never, storeTimeout: 'PT0.05S' }).catch((thrown) => thrown);
      expect(error).to.be.instanceOf(LockoutStoreError).with.property('code', code);
    });
  }

  it('reports wrong options even if the lockout is disabled', async () => {
    expect(await codes({ enabled: false, dimensions: ['username'] })).to.deep.equal(['WARN_LOCKOUT_IP_NOT_COUNTED']);
  });

  it('reveals no username, address or secret', async () => {
    const lockout = new Lockout({
      secret: SECRET,
      pseudonymize: 'hidden pseudonyms, 32 characters long',
      dimensions: ['username'],
      deny: { usernames: ['mallory'], ips: [IP] },
    });
    await lockout.protect({ username: 'alice', req: { headers: { 'x-forwarded-for': IP } } }, () => false);
    const text = JSON.stringify(await lockout.check());
    expect(text)
      .to.include('WARN_')
      .and.not.match(/alice|mallory|203\.0\.113|known devices|hidden/);
  });
});

describe('A new Lockout', () => {
  const BROKEN: LockoutOptions = {
    secret: SECRET,
    dimensions: ['username'],
    ipOnly: true,
    username: () => 'x',
    mode: 'monitor',
    attemptsLeft: true,
  };

  it('emits each finding and its option once to a listener that is attached in the same turn', async () => {
    const lockout = new Lockout(BROKEN);
    const log = new EventLog(lockout);
    await TURN();
    await lockout.check();
    await TURN();

    expect(log.of('warning')).to.deep.equal(await lockout.check());
    expect(log.of('warning').map(({ option }) => option)).to.deep.equal(['dimensions', 'username', 'attemptsLeft']);
  });

  it('emits a process warning if there is no listener', async () => {
    const emitted = sinon.stub(process, 'emitWarning');
    const lockout = new Lockout(BROKEN);
    await TURN();

    const findings = await lockout.check();
    expect(emitted.args.map(([message]) => message)).to.deep.equal(findings.map(({ message }) => message));
    expect(emitted.args[0]?.[1]).to.deep.equal({
      type: 'LockoutWarning',
      code: 'WARN_LOCKOUT_NOTHING_COUNTED',
      detail: 'See passport-lockout/docs/checks.md#warn_lockout_nothing_counted',
    });
    emitted.restore();
  });

  it('emits once a finding that both the options and a login show', async () => {
    const lockout = new Lockout({ secret: SECRET, dimensions: [['ip', 'username']], ipOnly: true });
    const log = new EventLog(lockout);
    await TURN();
    await lockout.protect({ ip: '203.0.113.9' }, () => false);

    expect(log.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_NOTHING_COUNTED']);
    expect((await lockout.check()).map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_NOTHING_COUNTED']);
  });

  it('emits nothing if there is no finding', async () => {
    const log = new EventLog(new Lockout());
    await TURN();
    expect(log.all).to.deep.equal([]);
  });
});

describe('The preset', () => {
  /** That of django-axes locks addresses until somebody resets them, as django-axes does. */
  const FOUND: Readonly<Record<string, readonly string[]>> = { axes: ['WARN_LOCKOUT_SHARED_FOREVER'] };
  for (const [name, preset] of Object.entries(presets)) {
    it(`${name} yields ${FOUND[name]?.join() ?? 'no finding'}`, async () => {
      const found = await new Lockout({ secret: SECRET, ...preset }).check();
      expect(found.map(({ code }) => code)).to.deep.equal(FOUND[name] ?? []);
    });
  }
});
