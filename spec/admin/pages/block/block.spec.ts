/** The page Block: a form, a preview, and the act. */
import { expect } from 'chai';
import sinon from 'sinon';
import type { AdminResponse } from '../../../../lib/admin/core/types.js';
import { type AttemptLog, MemoryStore } from '../../../../lib/index.js';
import { AdminDesk, type DeskOptions, OWN_FORM, textOf as plain, valuesOf } from '../../../support/sites/admin-desk.js';

const IP = '203.0.113.9';
const OTHER_IP = '198.51.100.7';
const ALICE = { username: 'Alice', for: '1h', reason: 'stolen <laptop>', to: '/blocked' } as const;

const textOf = (response: AdminResponse | string): string =>
  plain(String(typeof response === 'string' ? response : response.body).replace(/<\/(?:li|p|h2|title)>/g, ' ')).replace(
    /\s+/g,
    ' ',
  );

/** The fields of the form that offers Undo. */
function undoOf(page: string): Readonly<Record<string, string>> {
  const [, form = ''] = /(<form method="post" action="\/unblock">.*?<\/form>)/.exec(page) ?? [];
  const [names, values] = [valuesOf(form, 'name'), valuesOf(form, 'value')];
  expect(names).to.include('key').and.include('act');
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

describe('The page Block', () => {
  let desk: AdminDesk;

  function open(options: DeskOptions = {}): AdminDesk {
    desk = new AdminDesk(options);
    return desk;
  }
  afterEach(() => desk.close());

  const logIn = async (username: string, ip: string): Promise<void> => {
    await desk.lockout.protect({ username, ip }, () => true);
  };
  /** Sends a form from an address. */
  const postFrom = (ip: string, path: string, form: Readonly<Record<string, string>>): Promise<AdminResponse> =>
    desk.send(path, {
      method: 'POST',
      form,
      headers: OWN_FORM,
      raw: { ip, headers: {}, socket: { remoteAddress: ip } },
    });

  it('has a form that a link fills in', async () => {
    const page = await open({ mount: '/m' }).get(`/block?ip=${IP}&to=/blocked`);
    expect(valuesOf(page, 'value')).to.include(IP).and.include('/blocked');
    expect(valuesOf(page, 'action')).to.include('/m/block/preview');
    expect(textOf(page)).to.include('Counted by');
  });

  it('is for those who may block', async () => {
    open({ authorize: () => ({ actor: 'eve', can: ['unblock'] }) });
    expect(await desk.send('/block')).to.include({ status: 403 });
    expect(await desk.post('/block/preview', ALICE)).to.include({ status: 403 });
    expect(await desk.post('/block', ALICE)).to.include({ status: 403 });
    expect((await desk.lockout.list()).items).to.deep.equal([]);
  });

  describe('previews, and changes nothing:', () => {
    it('a username in its canonical spelling, with its end', async () => {
      const preview = await open().post('/block/preview', ALICE);
      expect(textOf(preview)).to.include('username alice for 1 h, until 2100-01-01 01:00:00 UTC.');
      expect(textOf(preview)).to.include('Covers 1 username, from every address.').and.include('stolen <laptop>');
      expect(textOf(preview)).to.include('No login in the last 2 days, by the attempt log.').and.not.include('your');
      expect((await desk.lockout.list()).items).to.deep.equal([]);
    });

    it('how many logged in from an address', async () => {
      open();
      for (const username of ['alice', 'bob', 'bob']) await logIn(username, IP);
      const preview = await desk.post('/block/preview', { ...ALICE, username: '', ip: IP });
      expect(textOf(preview)).to.include('Covers 1 address, with every username.');
      expect(textOf(preview)).to.include('3 logins by 2 users in the last 2 days, the last just now.');
    });

    it('from how many addresses a user logged in', async () => {
      open();
      for (const ip of [IP, OTHER_IP]) await logIn('alice', ip);
      expect(textOf(await desk.post('/block/preview', ALICE))).to.include('2 logins from 2 addresses');
    });

    it('that the attempt log does not tell', async () => {
      open({ lockout: { attemptLog: 'off' } });
      expect(textOf(await desk.post('/block/preview', ALICE))).to.include('the attempt log does not tell');
    });

    it('that the attempt log does not answer', async () => {
      const store = new MemoryStore();
      sinon.stub(store.attemptLog as AttemptLog, 'query').rejects(new Error('down'));
      open({ store });
      const preview = textOf(await desk.post('/block/preview', ALICE));
      expect(preview).to.include('the attempt log does not answer just now').and.include('username alice for 1 h');
      expect(desk.errors).to.deep.equal([]);
    });

    it('no login from before two days', async () => {
      open();
      await logIn('alice', IP);
      desk.clock.advance({ days: 2, seconds: 1 });
      expect(textOf(await desk.post('/block/preview', ALICE))).to.include('No login in the last 2 days');
    });

    for (const ip of ['2001:db8::1', '2001:db8::/64', '2001:db8::5/96']) {
      it(`the whole network of ${ip}`, async () => {
        const preview = await open().post('/block/preview', { ...ALICE, username: '', ip });
        expect(textOf(preview)).to.include('2001:db8::/64').and.include('all addresses of a network of 64 bits');
      });
    }

    it('a lock that it replaces', async () => {
      open();
      await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
      expect(textOf(await desk.post('/block/preview', ALICE))).to.include(
        'locked already, until reset: this lock takes',
      );
    });

    it('that the option allow lets it in nevertheless', async () => {
      open({ lockout: { allow: { usernames: ['alice'] } } });
      expect(textOf(await desk.post('/block/preview', ALICE))).to.include('the block will refuse nobody');
    });
  });

  describe('refuses, says why, and keeps what was typed:', () => {
    const WRONG = [
      ['nothing to block', { username: '' }, 'A username, an address, or both.'],
      ['no reason', { reason: ' ' }, 'Say why'],
      ['a long reason', { reason: 'x'.repeat(1001) }, 'At most 1000 characters.'],
      ['an unknown time', { for: '2y' }, 'One of those that are offered.'],
      ['no time', { for: 'until' }, 'A time in UTC'],
      ['a day that is none', { for: 'until', until: '2100-02-31T00:00' }, 'A time in UTC'],
      ['a time in the past', { for: 'until', until: '2099-12-31T23:59' }, 'Must be in the future.'],
      ['no address', { ip: 'nonsense' }, 'expected an IP address'],
      ['what is not counted', { ip: IP }, 'Nothing is counted by ip+username, only by'],
    ] as const;
    for (const [what, fields, message] of WRONG) {
      for (const path of ['/block/preview', '/block']) {
        it(`${what}, at ${path}`, async () => {
          const answer = await open({ lockout: { dimensions: ['username', 'ip'] } }).post(path, {
            ...ALICE,
            ...fields,
          });
          expect(answer.status).to.equal(400);
          expect(textOf(answer)).to.include(message);
          const kept = Object.values({ ...ALICE, ...fields }).filter((value) => value.trim() !== '' && value !== '2y');
          expect(valuesOf(String(answer.body), 'value')).to.include.members(kept);
          expect((await desk.lockout.list()).items).to.deep.equal([]);
        });
      }
    }

    it('a network, with the option that refuses it', async () => {
      const form = { ...ALICE, username: '', ip: '203.0.113.7/24' };
      const answer = await open().post('/block/preview', form);
      expect(answer.status).to.equal(400);
      expect(textOf(answer))
        .to.include('counted by single addresses')
        .and.include("deny: { ips: ['203.0.113.7/24'] },");
      const wide = await desk.post('/block/preview', { ...form, ip: '2001:db8::/32' });
      expect(textOf(wide)).to.include('counted by networks of 64 bits').and.include("'2001:db8::/32'");
    });

    it('a pseudonym from a link', async () => {
      open({
        lockout: {
          secret: 'a secret of at least 32 characters!',
          pseudonymize: 'another secret of 32 characters!',
        } as never,
      });
      const { key } = await desk.lockout.block({ username: 'mallory' }, { for: 'forever' });
      const answer = await desk.post('/block/preview', { ...ALICE, username: '', key });
      expect(answer.status).to.equal(400);
      expect(textOf(answer)).to.include('only by a pseudonym');
    });
  });

  describe('blocks', () => {
    it('for a time, with name and reason, and returns with the result', async () => {
      open({ mount: '/m' });
      const done = await desk.post('/block', ALICE);
      expect(done.headers).to.include({ Location: '/m/blocked?notice=blocked&on=username%3Dalice' });
      const page = textOf(await desk.follow(done));
      expect(page).to.include('Blocked username=alice.').and.include('blocked by carol: stolen <laptop>');
      expect((await desk.lockout.status({ username: 'alice' })).remaining?.as('hours')).to.equal(1);
    });

    it('until a time, and until reset', async () => {
      open();
      await desk.post('/block', { ...ALICE, for: 'until', until: '2100-01-03T04:05' });
      const { lockedUntil } = await desk.lockout.status({ username: 'alice' });
      expect(lockedUntil?.toISOString()).to.equal('2100-01-03T04:05:00.000Z');
      await desk.post('/block', { ...ALICE, for: 'forever' });
      expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: true, lockedUntil: null });
    });

    it('a subject of several parts, from a link to its key', async () => {
      open({ lockout: { dimensions: [['ip', 'username']] } });
      const form = { ...ALICE, username: '', key: `ip=${IP}&username=alice` };
      expect(textOf(await desk.post('/block/preview', form))).to.include('Covers 1 username, from 1 address.');
      await desk.post('/block', form);
      expect(await desk.lockout.status({ ip: IP, username: 'alice' })).to.include({ locked: true, by: 'carol' });
    });

    for (const name of ['<img src=x>', 'a+b c&d=e', 'a%00b', '\u{1f600}', 'x\u202ey', 'x'.repeat(255), "'; --"]) {
      it(`${JSON.stringify(name.slice(0, 20))} and no other`, async () => {
        open({ lockout: { canonicalUsername: (given) => (typeof given === 'string' ? given : undefined) } });
        const preview = await desk.post('/block/preview', { ...ALICE, username: name });
        expect(preview.body).to.not.match(/<img|[\u202e\0]/);
        expect(preview.status).to.equal(200);
        await desk.post('/block', { ...ALICE, username: name });
        expect(await desk.lockout.status({ username: name })).to.include({ locked: true });
        expect((await desk.lockout.list()).items).to.have.length(1);
      });
    }

    it('and offers Undo, which leaves it as it was', async () => {
      open();
      const page = await desk.follow(await desk.post('/block', ALICE));
      const [, undo = ''] = /(<form method="post" action="\/unblock">.*?<\/form>)/.exec(page) ?? [];
      expect(textOf(undo)).to.equal('Undo');
      desk.clock.advance({ seconds: 1 });
      await desk.post('/unblock', undoOf(page));
      expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: false, failures: 0 });
      expect(await desk.get('/blocked?notice=blocked&on=username%3Dalice')).to.not.include('>Undo<');
    });

    it('and leaves alone what another operator, or guesses, have locked since Undo was shown', async () => {
      open();
      const ofDave = await desk.follow(await desk.post('/block', ALICE));
      desk.clock.advance({ seconds: 1 });
      await desk.lockout.block({ username: 'alice' }, { for: '2d', by: 'dave', reason: 'stolen' });
      const shown = await desk.get('/blocked?notice=blocked&on=username%3Dalice');
      const answer = await desk.follow(await desk.post('/unblock', undoOf(ofDave)));

      expect(shown).to.not.include('>Undo<');
      expect(textOf(answer)).to.include('username=alice was left as it is');
      expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: true, by: 'dave' });

      const ofGuesses = await desk.follow(await desk.post('/block', { ...ALICE, username: 'bob' }));
      desk.clock.advance({ days: 400 });
      for (const guess of ['a', 'b', 'c'])
        await desk.lockout.protect({ username: 'bob', ip: IP }, () => false, { guess });
      await desk.post('/unblock', undoOf(ofGuesses));

      expect(await desk.lockout.status({ username: 'bob' })).to.include({ locked: true, cause: 'tier' });
    });

    it('without Undo what had failed or was locked before', async () => {
      open();
      await desk.lockout.protect({ username: 'alice', ip: IP }, () => false);
      const page = await desk.follow(await desk.post('/block', ALICE));
      expect(textOf(page)).to.include('its earlier lock and failures are then gone').and.not.include('Undo');
    });
  });

  describe('asks again before the viewer locks out', () => {
    it('the own address, also another of its IPv6 network', async () => {
      open();
      for (const [from, ip] of [
        [IP, IP],
        ['2001:db8::1', '2001:db8::2'],
      ] as const) {
        const form = { ...ALICE, username: '', ip };
        const preview = await postFrom(from, '/block/preview', form);
        expect(textOf(preview)).to.include('It contains your address.');
        expect(preview.body).to.match(/<input type="checkbox" name="own" value="yes" required\/?>/);
        const refused = await postFrom(from, '/block', form);
        expect(refused.status).to.equal(400);
        expect(textOf(refused)).to.include('confirm that you mean yourself');
        expect(await desk.lockout.status({ ip })).to.include({ locked: false });
        expect(await postFrom(from, '/block', { ...form, own: 'yes' })).to.include({ status: 303 });
        expect(await desk.lockout.status({ ip })).to.include({ locked: true });
      }
    });

    it('the own username, in any spelling', async () => {
      open();
      const form = { ...ALICE, username: 'CAROL' };
      expect(textOf(await desk.post('/block/preview', form))).to.include('It is your username.');
      expect(await desk.post('/block', form)).to.include({ status: 400 });
      expect(await desk.lockout.status({ username: 'carol' })).to.include({ locked: false });
      expect(await desk.post('/block', { ...form, own: 'yes' })).to.include({ status: 303 });
    });

    it('and nobody else', async () => {
      open();
      const form = { ...ALICE, username: '', ip: OTHER_IP };
      expect(textOf(await postFrom(IP, '/block/preview', form))).to.not.include('your address');
      expect(await postFrom(IP, '/block', form)).to.include({ status: 303 });
    });
  });
});
