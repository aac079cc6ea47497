import { expect } from 'chai';
import { type LockoutStore, MemoryStore } from '../../../../lib/index.js';
import { NOT_ENDED } from '../../../../lib/stores/activity-log.js';
import { textOf, valuesOf } from '../../../support/sites/admin-desk.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { LogDesk, linkOf, rowsOf } from '../attempts/log-desk.js';

const AT_SECOND_2 = '2100-01-01 00:00:02 UTCjust now';
const ORIGIN = 'http://admin.example.com';

describe('The page Activity', () => {
  let desk: LogDesk;
  beforeEach(() => {
    desk = new LogDesk();
  });
  afterEach(() => desk.close());

  /** Each act a second after the one before, so that their order is known. */
  async function act(action: () => Promise<unknown>): Promise<void> {
    desk.clock.advance({ seconds: 1 });
    await action();
  }
  async function rows(target = '/activity'): Promise<readonly (readonly string[])[]> {
    return rowsOf(await desk.page(target));
  }
  /** Without the record of the look at the page itself. */
  async function whats(target = '/activity'): Promise<readonly string[]> {
    return (await rows(target)).map(([, , what = '']) => what).filter((what) => what !== 'Looked at the pages');
  }
  function post(target: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(fields).toString();
    return desk.admin.fetch(new Request(ORIGIN + target, { method: 'POST', headers, body }));
  }
  const block = (username: string, by = 'dave') =>
    act(() => desk.lockout.block({ username }, { for: '1h', by, reason: `of ${username}` }));
  const unblock = (username: string, by = 'dave') => act(() => desk.lockout.unblock({ username }, { by }));

  it('shows when, who, what, whom it was about and why, the newest first', async () => {
    await block('alice');
    await unblock('alice', 'erin');
    const [, newest, oldest] = await rows();
    expect(newest?.slice(0, 5)).to.deep.equal([AT_SECOND_2, 'erin', 'Unblocked', 'alice', 'none given']);
    expect(oldest?.slice(1, 5)).to.deep.equal(['dave', 'Blocked for 1 h', 'alice', 'of alice']);
  });

  describe('says in words what was done:', () => {
    beforeEach(async () => {
      for (const name of ['alice', 'alice', 'alice', 'bob']) await desk.guess(name);
    });

    for (const [words, doIt] of [
      ['Blocked for 1 h 30 m', () => desk.lockout.block({ username: 'alice' }, { for: '90m' })],
      ['Blocked until reset', () => desk.lockout.block({ username: 'alice' }, { for: 'forever' })],
      ['Unblocked', () => desk.lockout.unblock({ username: 'alice' })],
      ['Unblocked, but it was not locked any more', () => desk.lockout.unblock({ username: 'bob' })],
      ['Forgot the failures of 1 subject, of which 1 was locked', () => desk.lockout.reset({ username: 'alice' })],
      ['Forgot the failures of 0 subjects', () => desk.lockout.reset({ username: 'nobody' })],
      ['Erased the data of a user: 1 subject and 3 attempts', () => desk.lockout.erase({ username: 'alice' })],
      ['Removed 4 attempts', () => desk.lockout.removeAttempts({ all: true })],
      ['Exported 4 attempts', () => desk.page('/attempts.csv')],
    ] as const) {
      it(`"${words}"`, async () => {
        await act(doIt);
        expect(await whats()).to.include(words);
      });
    }

    it('"Exported 2 acts"', async () => {
      await unblock('alice');
      await unblock('bob');
      await desk.page('/activity.csv?action=unblock');
      expect(await whats()).to.include('Exported 2 acts');
    });

    it('what is not known to have ended', async () => {
      const id = 'a'.repeat(24);
      const facts = { action: 'erase', by: 'dave', reason: null, dimension: null, key: null, parts: {} } as const;
      await desk.store.activityLog?.append({ id, ...facts, undoOf: null, ...NOT_ENDED }, 86_400_000);
      expect(await whats()).to.deep.equal(['Erased data of a userunder way, failed or cut off']);
    });

    it('what another version did, by its name', async () => {
      const facts = { by: 'dave', reason: null, dimension: null, key: null, parts: {}, undoOf: null };
      const later = { id: 'a'.repeat(24), action: 'toString' as never, ...facts, ...NOT_ENDED, counts: { x: 1 } };
      await desk.store.activityLog?.append(later, 86_400_000);
      expect(await whats()).to.deep.equal(['toString']);
    });
  });

  it('leads to the subject of an act, also of one on a name', async () => {
    await desk.guess('alice');
    await block('bob');
    await act(() => desk.lockout.reset({ username: 'alice' }));
    const links = valuesOf(await desk.page('/activity'), 'href');
    expect(links).to.include.members(['/subject?key=username%3Dalice', '/subject?key=username%3Dbob']);
  });

  describe('takes back', () => {
    const undoOf = (page: string) => ({
      id: /name="id" value="([^"]+)"/.exec(page)?.[1] ?? '',
      to: textOf(/name="to" value="([^"]+)"/.exec(page.slice(page.indexOf('/undo')))?.[1] ?? ''),
      key: textOf(/name="key" value="([^"]+)"/.exec(page)?.[1] ?? ''),
    });
    const isLocked = async (username: string) => (await desk.lockout.status({ username })).locked;

    it('an unblock, and shows who took back what', async () => {
      await block('alice');
      await unblock('alice');
      const { status, headers } = await post('/undo', undoOf(await desk.page('/activity?by=dave')));
      expect(status).to.equal(303);
      expect(headers.get('Location')).to.match(/^\/activity\?by=dave&notice=undone/);
      expect(await desk.text(headers.get('Location') as string)).to.include('alice is locked again');
      expect(await isLocked('alice')).to.equal(true);
      expect(await whats()).to.deep.equal([
        'Took back: locked againthe act of dave, just now',
        'Unblockedtaken back by carol, just now',
        'Blocked for 1 h',
      ]);
      expect(await desk.page('/activity')).not.to.include('action="/undo"');
    });

    it('a reset that freed one subject', async () => {
      await block('alice');
      await act(() => desk.lockout.reset({ username: 'alice' }));
      const { headers } = await post('/undo', undoOf(await desk.page('/activity')));
      expect(await desk.text(headers.get('Location') as string)).to.include('1 subject is locked again');
      expect(await isLocked('alice')).to.equal(true);
    });

    it('nothing for those who may not unblock', async () => {
      desk = new LogDesk(desk.clock, desk.store, { can: [] });
      await block('alice');
      await unblock('alice');
      expect(await desk.page('/activity')).not.to.include('action="/undo"');
    });

    it('nothing once the lock would have ended', async () => {
      await block('alice');
      await unblock('alice');
      desk.clock.advance({ hours: 2 });
      expect(await desk.page('/activity')).not.to.include('action="/undo"');
    });
  });

  describe('is filtered', () => {
    beforeEach(async () => {
      await block('alice', 'dave');
      await block('bob', 'erin');
      await unblock('alice', 'erin');
    });

    for (const [search, expected] of [
      ['by=dave', ['Blocked for 1 h']],
      ['by=erin&action=unblock', ['Unblocked']],
      ['key=username%3Dalice', ['Unblocked', 'Blocked for 1 h']],
      ['since=2100-01-01T00:00:02Z&until=2100-01-01T00:00:03Z', ['Blocked for 1 h']],
      ['by=nobody', []],
    ] as const) {
      it(`by ${search}`, async () => expect(await whats(`/activity?${search}`)).to.deep.equal(expected));
    }

    it('by what a row shows', async () => {
      const page = await desk.page('/activity');
      expect(linkOf(page, 'only dave')).to.equal('/activity?by=dave');
      expect(linkOf(page, 'only username=alice')).to.equal('/activity?key=username%3Dalice');
    });

    it('by an operator whose name has unsafe characters', async () => {
      await block('carl', 'a\u202eb');
      const page = await desk.page('/activity');
      expect(page).not.to.include('\u202e');
      expect(await whats(linkOf(page, 'only a\\u{202e}b'))).to.deep.equal(['Blocked for 1 h']);
    });

    it('by a range whose address means the same later', async () => {
      const response = await desk.open(linkOf(await desk.page('/activity?by=dave'), '1 hour'));
      expect(response.headers.get('Location')).to.equal('/activity?by=dave&since=2099-12-31T23%3A00%3A03Z');
    });

    it('and says beside the field what is wrong', async () => {
      const response = await desk.open('/activity?action=explode&since=yesterday');
      const page = await response.text();
      expect(response.status).to.equal(400);
      expect(page).to.include('id="action-error"').and.include('id="since-error"').and.not.include('<table>');
    });
  });

  it('has pages, forward and back to the first, that keep the filter', async () => {
    for (let index = 0; index < 60; index += 1) await block(`u${index}`);
    const first = await desk.page('/activity?by=dave');
    const second = linkOf(first, 'Next page');
    const reasons = [...rowsOf(first), ...(await rows(second))].map(([, , , , reason]) => reason);
    expect(reasons).to.deep.equal(Array.from({ length: 60 }, (_, index) => `of u${59 - index}`));
    expect(linkOf(await desk.page(second), 'First page')).to.equal('/activity?by=dave');
  });

  it('shows what an operator wrote as text', async () => {
    await act(() => desk.lockout.block({ username: '<img src=x>' }, { for: '1h', by: '<b>', reason: '"><script>' }));
    expect(await desk.page('/activity')).not.to.match(/<img|<b>|<script>/);
  });

  it('says what is listed where nothing was done', async () => {
    expect(await desk.text('/activity?by=nobody')).to.include('No act matches');
  });

  it('says so if the store keeps no activity', async () => {
    const clock = new ManualClock();
    const store: LockoutStore = Object.assign(new MemoryStore({ clock: clock.read }), { activityLog: undefined });
    desk = new LogDesk(clock, store);
    expect(await desk.text('/activity')).to.include('This store keeps no activity log');
    for (const target of ['/activity.csv', '/activity.jsonl']) {
      expect((await desk.open(target)).status).to.equal(400);
    }
  });
});
