/** Two processes with different options on one store, as during a deployment; and ladders that depend on the attempt. */
import { expect } from 'chai';
import { type LockedPage, Lockout, type LockoutOptions, type LockoutStore, withLockout } from '../../lib/index.js';
import { type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { EventLog } from '../support/tools/events.js';

interface Server {
  readonly lockout: Lockout;
  readonly events: EventLog;
  readonly app: LoginApp;
  readonly pages: LockedPage[];
}

const tier = (failures: number, minutes: number) => ({ failures, cooloff: { minutes } });

describeOnEachStore('With ladders that differ, a refusal', (stores) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let servers: Server[];

  beforeEach(async () => {
    clock = new ManualClock();
    store = await stores.fresh(clock.read);
    servers = [];
  });
  afterEach(() => Promise.all(servers.map(({ app }) => app.close())));

  /** One more process with the same store. */
  async function serve(options: LockoutOptions): Promise<Server> {
    const pages: LockedPage[] = [];
    const page = (locked: LockedPage) => {
      pages.push(locked);
      return locked.message;
    };
    const common: LockoutOptions = {
      ...PATIENT,
      store,
      dimensions: ['username'],
      attemptLog: 'await',
      onLocked: 'respond',
    };
    const lockout = new Lockout({ ...common, respondWith: { page, prefer: 'html' }, ...options });
    const events = new EventLog(lockout);
    const app = await startLoginApp({ strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) } });
    const server = { lockout, events, app, pages };
    servers.push(server);
    return server;
  }

  const fail = async ({ app }: Server, times = 1, username = 'alice') => {
    for (let index = 0; index < times; index += 1) await app.login(username, 'wrong');
  };

  /** What this process reports about alice's lock, which another one has set: page, log, status, list. */
  async function toldBy({ app, pages, lockout }: Server) {
    const { retryAfter } = await app.login('alice', RIGHT_PASSWORD);
    const { failures, limit, duration } = pages.at(-1) as LockedPage;
    const [entry] = (await lockout.attempts({ limit: 1 })).items;
    const { cause, tier, limit: statusLimit } = await lockout.status({ username: 'alice' });
    const [listed] = (await lockout.list()).items;
    return {
      page: { failures, limit, duration, retryAfter },
      log: entry && { outcome: entry.outcome, cause: entry.cause, tier: entry.tier },
      status: { cause, tier, limit: statusLimit },
      list: listed && { cause: listed.cause, tier: listed.tier, limit: listed.limit },
    };
  }

  const LADDERS: readonly {
    readonly what: string;
    readonly sets: LockoutOptions;
    readonly tells: LockoutOptions;
    readonly times: number;
    readonly told: {
      readonly failures: number;
      readonly limit: number;
      readonly tier: number;
      readonly minutes: number;
    };
  }[] = [
    {
      what: 'a process whose first tier comes later',
      sets: { tiers: [tier(2, 15)] },
      tells: { tiers: [tier(5, 60), tier(9, 120)] },
      times: 2,
      told: { failures: 2, limit: 2, tier: 0, minutes: 15 },
    },
    {
      what: 'a process whose ladder is shorter, so that the tier is one past its end',
      sets: { tiers: [tier(1, 1), tier(2, 15)] },
      tells: { tiers: [tier(4, 60)] },
      times: 2,
      told: { failures: 2, limit: 2, tier: 1, minutes: 15 },
    },
    {
      what: "a process that has a hard stop at the other's tier",
      sets: { tiers: [tier(1, 1), tier(2, 15)] },
      tells: { tiers: [tier(4, 60)], hardStop: { failures: 50 } },
      times: 2,
      told: { failures: 2, limit: 2, tier: 1, minutes: 15 },
    },
    {
      what: 'a process whose ladder is far shorter',
      sets: { tiers: [tier(1, 1), tier(2, 1), tier(3, 20)] },
      tells: { tiers: [tier(9, 60)] },
      times: 3,
      told: { failures: 3, limit: 3, tier: 2, minutes: 20 },
    },
    {
      what: 'a process in which the last tier has been passed',
      sets: { tiers: [tier(1, 15)] },
      tells: { tiers: [tier(6, 60), tier(7, 60)] },
      times: 2,
      told: { failures: 2, limit: 1, tier: 0, minutes: 15 },
    },
  ];
  for (const { what, sets, tells, times, told } of LADDERS) {
    it(`X47 names the tier that locked, in ${what}`, async () => {
      const old = await serve(sets);
      const young = await serve(tells);
      for (let failure = 0; failure < times; failure += 1) {
        // Each lock before the last one is over.
        if (failure > 0) clock.advance({ minutes: 20 });
        await fail(old);
      }

      const { failures, limit, minutes } = told;
      const retryAfter = String(minutes * 60);
      const lock = { cause: 'tier', tier: told.tier, limit };
      const expected = {
        page: { failures, limit, duration: `PT${minutes}M`, retryAfter },
        log: { outcome: 'refused', cause: 'tier', tier: told.tier },
        status: lock,
        list: lock,
      };
      expect(await toldBy(young)).to.deep.equal(expected);
      expect(await toldBy(old)).to.deep.equal(expected);
      expect(old.events.of('blocked').at(-1)).to.include(lock);
      expect(young.events.count('blocked')).to.equal(0);
    });
  }

  it('X47 names a hard stop as such, in a process with a longer ladder', async () => {
    const old = await serve({ tiers: [tier(9, 15)], hardStop: { failures: 2 } });
    const young = await serve({ tiers: [tier(5, 15), tier(6, 30), tier(7, 60)] });
    await fail(old, 2);

    expect(await toldBy(young)).to.deep.equal({
      page: { failures: 2, limit: 2, duration: null, retryAfter: null },
      log: { outcome: 'refused', cause: 'hardStop', tier: null },
      status: { cause: 'hardStop', tier: null, limit: 2 },
      list: { cause: 'hardStop', tier: null, limit: 2 },
    });
    expect((await young.lockout.status({ username: 'alice' })).reason).to.equal(null);
  });

  it("X47 names an operator's lock as such, whatever the reason given", async () => {
    const server = await serve({ tiers: [tier(5, 15)], hardStop: { failures: 50 } });
    await server.lockout.block({ username: 'alice' }, { for: { hours: 1 }, reason: 'hard stop' });

    expect((await toldBy(server)).page).to.deep.equal({
      failures: 0,
      limit: null,
      duration: 'PT1H',
      retryAfter: '3600',
    });
    expect(await server.lockout.status({ username: 'alice' })).to.include({
      cause: 'operator',
      tier: null,
      limit: null,
    });
  });

  it('X47 names the tier that locked if the ladder depends on the attempt', async () => {
    const bySource: LockoutOptions = {
      tiers: ({ userAgent }) => (userAgent === 'phone' ? [tier(2, 15)] : [tier(5, 60), tier(6, 90)]),
    };
    const { lockout, app, pages, events } = await serve(bySource);
    const phone = { username: 'alice', req: { headers: { 'user-agent': 'phone' } } };
    for (let index = 0; index < 2; index += 1) await lockout.protect(phone, () => false);

    await app.login('alice', RIGHT_PASSWORD);
    expect(pages.at(-1)).to.include({ failures: 2, limit: 2, duration: 'PT15M' });
    expect(events.of('username_blocked')).to.have.length(1);
    expect(events.of('username_blocked')[0]).to.include({ tier: 0, limit: 2, failures: 2 });
    expect(await lockout.status({ username: 'alice' })).to.include({ tier: 0, limit: 2 });
  });
});
