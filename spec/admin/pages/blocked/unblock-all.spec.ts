/** "Unblock all that match": asks, runs on the server, shows how far it is, and can be stopped. */
import { expect } from 'chai';
import { bulkJobsOf } from '../../../../lib/admin/pages/blocked/bulk-jobs.js';
import { AdminDesk, type DeskOptions, textOf as plain, valuesOf } from '../../../support/sites/admin-desk.js';
import { GatedResets } from '../../../support/stores/gated-resets.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { until } from '../../../support/tools/until.js';

const textOf = (html: unknown): string =>
  plain(String(html).replace(/<\/(?:dt|dd|p|h2|title)>/g, ' ')).replace(/\s+/g, ' ');

describe('Unblock all that match', () => {
  let desk: AdminDesk;

  function open(options: DeskOptions = {}): AdminDesk {
    desk = new AdminDesk({ lockout: { dimensions: ['username', 'ip'] }, ...options });
    return desk;
  }
  afterEach(() => desk.close());

  async function lock(usernames: readonly string[]): Promise<void> {
    for (const [n, username] of usernames.entries()) {
      for (const guess of ['a', 'b', 'c']) {
        await desk.lockout.protect({ username, ip: `203.0.113.${n}` }, () => false, { guess });
      }
    }
  }
  const names = (count: number) => Array.from({ length: count }, (_, n) => `user ${n}`);
  const settled = () => bulkJobsOf(desk.lockout).settled();
  const locked = async () => (await desk.lockout.list()).items.map(({ key }) => key);
  /** Begins, and returns the address of its page. */
  const begin = async (form: Readonly<Record<string, string>> = {}): Promise<string> => {
    const { status, headers } = await desk.post('/blocked/unblock-all', { reason: 'attack is over', ...form });
    expect(status).to.equal(303);
    return String(headers['Location']);
  };

  it('is offered on the list with its filter', async () => {
    open();
    await lock(['alice']);
    const page = await desk.get('/blocked?dimension=username&username=alice&order=key');
    expect(valuesOf(page, 'href')).to.include('/blocked/unblock-all?dimension=username&username=alice');
  });

  it('repeats the filter and the count, and asks for a reason', async () => {
    open();
    await lock(['alice', 'bob']);
    const page = await desk.get('/blocked/unblock-all?dimension=username');
    expect(textOf(page)).to.include('Unblock 2 subjects?').and.include('Locked by username');
    expect(page)
      .to.match(/name="reason"[^>]* required/)
      .and.not.include('name="operators"');
    expect(textOf(await desk.get('/blocked/unblock-all'))).to.include('Everything that is locked, without a filter.');
    expect(textOf(await desk.get('/blocked/unblock-all?username=nobody'))).to.include('Nothing that matches is locked');
    expect(await desk.send('/blocked/unblock-all?ip=nonsense')).to.include({ status: 400 });
  });

  it('counts no more than 10,000, and says so', async () => {
    open();
    for (const username of names(10_001)) await desk.lockout.block({ username }, { for: 'forever' });
    expect(textOf(await desk.get('/blocked/unblock-all'))).to.include('Unblock more than 10,000 subjects?');
  });

  for (const [what, reason] of [
    ['without a reason', ' '],
    ['with one of more than 1,000 characters', 'x'.repeat(1001)],
  ] as const) {
    it(`begins nothing ${what}`, async () => {
      open();
      await lock(['alice']);
      const { status, body } = await desk.post('/blocked/unblock-all', { username: 'alice', reason });
      expect(status).to.equal(400);
      expect(textOf(body))
        .to.include('Unblock 1 subject?')
        .and.match(/Say why|At most/);
      expect(await locked()).to.deep.equal(['username=alice']);
    });
  }

  it('unblocks what matches and nothing else, and tells the result', async () => {
    open({ mount: '/m' });
    await lock(['alice', 'bob']);
    await desk.lockout.block({ ip: '198.51.100.7' }, { for: 'forever' });
    const page = await begin({ dimension: 'username' });
    await settled();
    const html = await desk.get(page.slice(2));
    expect(textOf(html))
      .to.include('Done')
      .and.include('Unblocked 2 subjects.')
      .and.include('carol, just now: attack is');
    expect(html).to.not.include('data-poll').and.not.include('/stop');
    expect(valuesOf(html, 'href')).to.include('/m/blocked?dimension=username');
    expect(await locked()).to.deep.equal(['ip=198.51.100.7']);
  });

  it('leaves what operators blocked, unless asked for', async () => {
    open();
    await lock(['alice']);
    await desk.lockout.block({ username: 'mallory' }, { for: 'forever' });
    expect(textOf(await desk.get('/blocked/unblock-all'))).to.include('Also those that operators blocked (1)');
    await begin();
    await settled();
    expect(await locked()).to.deep.equal(['username=mallory']);
    await begin({ operators: 'yes' });
    await settled();
    expect(await locked()).to.deep.equal([]);
  });

  it('is one act in the activity log, and emits an event for each', async () => {
    open();
    await lock(['alice', 'bob']);
    const freed: unknown[] = [];
    desk.lockout.on('unblocked', ({ parts, by, reason }) => freed.push([parts['username'], by, reason]));
    await begin({ dimension: 'username' });
    await settled();
    const { items } = await desk.lockout.activity();
    expect(items).to.have.length(1);
    expect(items[0]).to.deep.include({
      action: 'unblock',
      by: 'carol',
      reason: 'attack is over',
      dimension: 'username',
    });
    expect(items[0]?.counts).to.deep.equal({ unblocked: 2 });
    expect(freed).to.have.deep.members([
      ['alice', 'carol', 'attack is over'],
      ['bob', 'carol', 'attack is over'],
    ]);
  });

  it('finds a username under its pseudonym', async () => {
    open({ lockout: { dimensions: ['username'], pseudonymize: 'a secret of at least 32 characters!' } as never });
    await lock(['alice', 'bob']);
    await begin({ username: 'ALICE' });
    await settled();
    expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: false });
    expect(await desk.lockout.status({ username: 'bob' })).to.include({ locked: true });
  });

  it('is for those who may unblock', async () => {
    open({ authorize: () => ({ actor: 'eve', can: ['block'] }) });
    await lock(['alice']);
    for (const path of ['/blocked/unblock-all', '/blocked/bulk/stop']) {
      expect(await desk.post(path, { reason: 'x', id: 'x' })).to.include({ status: 403 });
    }
    expect(await desk.send('/blocked/bulk?id=x')).to.include({ status: 403 });
    expect(await desk.get('/blocked')).to.not.include('unblock-all');
  });

  it('says so for an act that this process does not know', async () => {
    const { status, body } = await open().send('/blocked/bulk?id=nonsense');
    expect(status).to.equal(404);
    expect(textOf(body)).to.include('it runs in another process');
    expect(await desk.post('/blocked/bulk/stop', { id: 'nonsense' })).to.include({ status: 404 });
  });

  describe('while it runs', () => {
    let gate: GatedResets;
    const LOCKED = 40;

    async function running(): Promise<string> {
      gate = new GatedResets(new ManualClock().read);
      open({ store: gate.store });
      await lock(names(LOCKED));
      return begin({ dimension: 'username' });
    }
    const shows = (page: string, text: string) => until(async () => textOf(await desk.get(page)).includes(text), text);
    afterEach(async () => {
      gate.failsWith = undefined;
      gate.give(1_000);
      await settled();
    });

    it('shows how far it is on a page that a link reloads, whoever has left', async () => {
      const page = await running();
      gate.give(10);
      await shows(page, 'Unblocked 10 subjects of 40.');
      const html = await desk.get(page);
      expect(valuesOf(html, 'data-poll')).to.deep.equal([page]);
      expect(html).to.include(`href="${page}">Reload</a>`).and.include('25%');
      gate.give(30);
      await shows(page, 'Unblocked 40 subjects.');
    });

    it('can be stopped, and says what was done', async () => {
      const page = await running();
      gate.give(16);
      await shows(page, 'Unblocked 16 subjects of 40.');
      const stopping = desk.post('/blocked/bulk/stop', { id: page.slice(page.indexOf('=') + 1) });
      gate.give(16);
      const done = await desk.follow(await stopping);
      expect(textOf(done))
        .to.include('Stopped')
        .and.match(/Unblocked (?:16|32) subjects of 40\./);
      const [act] = (await desk.lockout.activity({ action: 'unblock' })).items;
      expect(act?.counts?.['unblocked']).to.be.oneOf([16, 32]);
      expect(await locked()).to.have.length(LOCKED - Number(act?.counts?.['unblocked']));
    });

    it('is the only one of its operator', async () => {
      const page = await running();
      const second = await desk.post('/blocked/unblock-all', { reason: 'again' });
      expect(second.status).to.equal(409);
      expect(textOf(second.body)).to.include('this one of yours still runs').and.include('attack is over');
      expect(String(second.body)).to.include(page);
      gate.give(1_000);
      await settled();
      expect(await desk.post('/blocked/unblock-all', { reason: 'again' })).to.include({ status: 303 });
    });

    it('ends when the pages are closed', async () => {
      const page = await running();
      desk.closing.abort();
      gate.give(16);
      await settled();
      expect(textOf(await desk.get(page)))
        .to.include('the pages were closed')
        .and.include('Unblocked 16 subjects of 40.');
    });

    it('ends with a store that fails, and says what was done', async () => {
      const page = await running();
      gate.give(16);
      await shows(page, 'Unblocked 16 subjects of 40.');
      gate.failsWith = new Error('disk full');
      gate.give(1_000);
      await settled();
      const text = textOf(await desk.get(page));
      expect(text).to.include('Ended by an error').and.include('Unblocked 16 subjects of 40.');
      expect(desk.errors).to.deep.equal([]);
    });
  });
});
