import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { OPTION_GROUPS, OPTION_TEXTS } from '../../../../lib/admin/pages/settings/option-texts.js';
import { type LockoutOptions, MemoryStore, presets } from '../../../../lib/index.js';
import { AdminDesk, textOf } from '../../../support/sites/admin-desk.js';

const SECRET = 'this is a secret of 32 characters or more';

const ROW = /<dt><code>(\w+)<\/code><\/dt><dd>(.*?)<span class="(?:badge|soft tight)">(\w+)<\/span><\/dd>/g;

function rowsOf(page: string): readonly (readonly string[])[] {
  return [...page.matchAll(ROW)].map((row) => row.slice(1).map(textOf));
}

describe('The page Settings', () => {
  let desk: AdminDesk;
  const open = (lockout: LockoutOptions = {}) => {
    desk = new AdminDesk({ lockout });
    return desk.get('/settings');
  };
  afterEach(() => desk.close());

  /** By the name of the option: its value, and where it comes from. */
  const valuesOf = (page: string) => Object.fromEntries(rowsOf(page).map(([name, ...shown]) => [name, shown]));

  it('shows each option once', async () => {
    const page = await open();
    const names = OPTION_GROUPS.flatMap(([, group]) => group);
    expect([...names].sort()).to.deep.equal(Object.keys(OPTION_TEXTS).sort());
    expect(rowsOf(page).map(([name]) => name)).to.deep.equal(names);
  });

  it('shows the defaults as such, with their values', async () => {
    const values = valuesOf(await open());
    expect(values).to.deep.include({
      dimensions: ['username, ip', 'default'],
      mode: ['enforce', 'default'],
      usernames: ['accents: ignore, unique: no', 'default'],
      storeTimeout: ['2 s', 'default'],
      attemptLogRetention: ['30 d', 'default'],
      attemptLogPerUsername: ['1,000', 'default'],
      secret: ['none', 'default'],
      knownDevices: ['off', 'default'],
      signals: ['usernames: 10, newFailures: 20, factor: 5', 'default'],
    });
  });

  for (const [option, options, text] of [
    ['mode', { mode: 'monitor' }, 'monitor'],
    ['storeTimeout', { storeTimeout: { milliseconds: 1_250 } }, '1,250 ms'],
    ['lockCacheTtl', { lockCacheTtl: { seconds: 0 } }, '0'],
    ['clientIp', { clientIp: () => '192.0.2.1' }, 'a function'],
    ['canonicalUsername', { canonicalUsername: String }, 'a function'],
    ['usernames', { usernames: { accents: 'keep', unique: true } }, 'accents: keep, unique: yes'],
    ['onStoreError', { onStoreError: { fallback: new MemoryStore() } }, 'fallback: MemoryStore'],
    ['onLocked', { onLocked: () => undefined }, 'a function'],
    ['attemptLogPerUsername', { attemptLogPerUsername: 'all' }, 'all'],
    ['hardStop', { hardStop: { failures: 100 } }, '100 failures in a row, forgotten after 365 d'],
    ['signals', { signals: false }, 'none'],
    ['respondWith', { respondWith: { backTo: '/login' } }, 'backTo'],
    ['dimensions', { dimensions: () => ['ip'] }, 'a function'],
    ['attemptLog', { attemptLog: 'off' }, 'off'],
  ] as const) {
    it(`shows what was set: ${option} is ${text}`, async () => {
      expect(valuesOf(await open(options as LockoutOptions))).to.deep.include({ [option]: [text, 'set'] });
    });
  }

  it('shows no secret, and nobody who is on a list', async () => {
    const page = await open({
      secret: [SECRET, `${SECRET} of before`],
      pseudonymize: `${SECRET} for names`,
      allow: { ips: ['192.0.2.77'], usernames: ['boss'] },
      deny: { usernames: ['mallory'] },
      messages: { en: { locked: 'Go away, {when}' } },
    });
    expect(valuesOf(page)).to.deep.include({
      secret: ['set, with 1 before it', 'set'],
      pseudonymize: ['set', 'set'],
      allow: ['a list', 'set'],
      deny: ['a list', 'set'],
      restrictTo: ['nobody', 'default'],
    });
    expect(page).not.to.match(/this is a secret|192\.0\.2\.77|boss|mallory|Go away/);
  });

  it('draws the ladder of each dimension, with what forgives and the guesses of a year', async () => {
    const text = textOf(await open());
    expect(text)
      .to.include('3 failures: 15 m; 6 failures: 2 h; 10 failures: 1 d.')
      .and.include('30 failures: 15 m; 60 failures: 2 h; 100 failures: 1 d.')
      .and.include('7 d after the last')
      .and.include('1 d after the first')
      .and.include('attacker, a year472')
      .and.include('place of the owner2,297');
  });

  it('draws the ladders of known devices and second factors, where they count', async () => {
    const text = textOf(await open({ secret: SECRET, hardStop: { failures: 100 } }));
    expect(text)
      .to.include('Each known device of a username')
      .and.include('Second factor of a username')
      .and.include('100 failures in a row: until reset');
  });

  it('says that guesses have no bound if nothing is refused', async () => {
    expect(textOf(await open({ mode: 'monitor' }))).to.include('a yearwithout a bound');
  });

  it('says so if the ladder cannot be known without an attempt', async () => {
    const tiers = ({ req }: { req?: { path?: string } }) => {
      if (req?.path === undefined) throw new Error('no request');
      return [];
    };
    expect(textOf(await open({ tiers: tiers as never }))).to.include('fails for an attempt of which nothing is known');
  });

  it('does not ask a function for dimensions, and shows those that it has returned so far', async () => {
    let asked = 0;
    const page = await open({
      dimensions: () => {
        asked += 1;
        return ['ip'];
      },
    });
    expect(asked).to.equal(0);
    expect(textOf(page)).to.include('the first login shows them here');
  });

  for (const name of Object.keys(presets) as (keyof typeof presets)[]) {
    it(`shows the preset ${name}`, async () => {
      expect(textOf(await open(presets[name]))).to.match(/\d failures?: (?:\d|until reset)/);
      expect(desk.errors).to.deep.equal([]);
    });
  }

  it('lists the findings of check(), and where they are explained', async () => {
    const text = textOf(await open({ dimensions: ['username'] }));
    expect(text).to.include('WARN_LOCKOUT_IP_NOT_COUNTED').and.include('docs/checks.md#warn_lockout_ip_not_counted');
  });

  it('shows what the store says of itself', async () => {
    const store = new MemoryStore();
    const trouble = { code: 'WARN_LOCKOUT_STORE_UNWRITABLE', message: '<b>read only</b>' } as const;
    const inspection = { server: '<i>Maria</i>', clockSkewMs: -61_000, missingIndexes: ['a, b'], troubles: [trouble] };
    Object.assign(store, { inspect: () => ({ ...inspection, subjects: 1_204, attempts: null }) });
    desk = new AdminDesk({ store });
    const page = await desk.get('/settings');
    expect(page).not.to.match(/<b>|<i>/);
    expect(textOf(page))
      .to.include('<i>Maria</i>')
      .and.include('61,000 ms behind this process')
      .and.include('a, b')
      .and.include('1,204')
      .and.include('not known')
      .and.include('<b>read only</b>');
  });

  it('shows the version, and how many watch', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(textOf(await open()))
      .to.include(`passport-lockout${version}`)
      .and.include('0 of 50');
  });

  it('shows the options while the store is down, and says what failed, but not where the store is', async () => {
    const store = new MemoryStore();
    const fail = () => {
      throw new Error('connection refused by 10.0.0.7');
    };
    Object.assign(store, { inspect: fail, list: fail });
    desk = new AdminDesk({ store });
    const { status, body } = await desk.send('/settings');
    const text = textOf(String(body));
    expect(status).to.equal(200);
    expect(text).to.include('Nothing was checked:').and.include("'inspect'").and.not.include('10.0.0.7');
    expect(valuesOf(String(body))).to.deep.include({ mode: ['enforce', 'default'] });
  });

  it('needs no permission but to look', async () => {
    desk = new AdminDesk({ authorize: () => ({ actor: 'carol', can: [] }) });
    expect((await desk.send('/settings')).status).to.equal(200);
  });
});
