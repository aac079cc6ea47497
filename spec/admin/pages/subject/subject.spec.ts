/** The page of one subject, over a real lockout. */
import { expect } from 'chai';
import sinon from 'sinon';
import type { ListQuery, Lockout } from '../../../../lib/index.js';
import { ENGINE } from '../../../../lib/lockout.js';
import { unblockMatching } from '../../../../lib/operator/unblock-matching.js';
import type { AttemptLog } from '../../../../lib/stores/attempt-log.js';
import { AdminDesk, type DeskOptions, textOf as plain, valuesOf } from '../../../support/sites/admin-desk.js';

const IP = '203.0.113.9';
const ALICE = '/subject?key=username%3Dalice';
const SECRET = 'a secret of at least 32 characters!';

async function fail(lockout: Lockout, username: string, ip: string, times = 1, right = false): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await lockout.protect({ username, ip }, () => right, { guess: `wrong ${n} ${Math.random()}` });
  }
}

/** Of the one subject that is known. */
async function onlyKey(lockout: Lockout, query: ListQuery = {}): Promise<string> {
  const { items } = await lockout.list(query);
  expect(items).to.have.length(1);
  return String(items[0]?.key);
}

const textOf = (html: string): string =>
  plain(html.replace(/<\/(?:dt|dd|td|th|p|h2|title|li)>/g, ' ')).replace(/\s+/g, ' ');

describe('The page Subject', () => {
  let desk: AdminDesk;

  function open(options: DeskOptions = {}): AdminDesk {
    desk = new AdminDesk(options);
    return desk;
  }
  afterEach(() => desk.close());

  describe('of a username', () => {
    it('says that nothing is known, where its ladder begins, and offers no act', async () => {
      const page = await open({ lockout: { secret: SECRET } }).get(ALICE);
      expect(textOf(page))
        .to.include('Not locked. No failures; at 3 it is locked for')
        .and.include('Nothing has happened yet')
        .and.include('None were revoked');
      expect(page).to.not.include('/unblock').and.not.include('/subject/forget');
    });

    it('says how long the lock holds, since when, why, and what comes next', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 3);
      desk.clock.advance({ minutes: 5 });
      const text = textOf(await desk.get(ALICE));
      expect(text).to.include('Locked for 10 m more. 3 failures; at ').and.include('Why 3 failures');
      expect(text).to.include('Locked 5 m ago (2100-01-01 00:00:00 UTC)').and.include('tier 1 of');
      expect(text).to.include('Tier 1 holds.');
    });

    it('draws attempts, the lock from the attempt that set it, and what operators did', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 3);
      await fail(desk.lockout, 'alice', IP, 2);
      desk.clock.advance({ minutes: 5 });
      await desk.lockout.unblock({ username: 'alice' }, { by: 'carol', reason: 'called <in>' });
      await fail(desk.lockout, 'alice', IP, 1, true);
      const text = textOf(await desk.get(ALICE));
      expect(text).to.include('1 succeeded, 3 failed, 2 refused; locked 1 time; 1 act of operators.');
      expect(text).to.include('Locked until 2100-01-01 00:05:00 UTC').and.include('carol unblocked: called <in>');
    });

    it('shows all else while the attempt log does not answer, and says what is missing', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 3);
      const { attemptLog } = desk.lockout[ENGINE].options.store;
      sinon.stub(attemptLog as AttemptLog, 'query').throws(new Error('too slow'));

      const text = textOf(await desk.get(ALICE));

      expect(text).to.include('Locked for 15 m more. 3 failures').and.include('The attempt log did not answer in time');
      expect(text).to.not.include('None in the attempt log').and.not.include('No login in the attempt log');
    });

    it('shows who blocked by hand, with the reason, and a lock until reset', async () => {
      open();
      await desk.lockout.block({ username: 'alice' }, { for: 'forever', by: 'dave', reason: 'stolen' });
      const text = textOf(await desk.get(ALICE));
      expect(text).to.include('Blocked by an operator until reset.').and.include('blocked by dave: stolen');
      expect(text).to.include('Locked until reset').and.include('dave blocked: stolen');
    });

    it('shows resets that met it, and none of others', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 3);
      await desk.lockout.reset({ username: 'alice', by: 'carol', reason: 'of alice' });
      await desk.lockout.reset({ username: 'bob', by: 'carol', reason: 'of bob' });
      await desk.lockout.reset({ all: true, by: 'carol', reason: 'of all' });
      expect(textOf(await desk.get(ALICE)))
        .to.include('carol reset: of alice')
        .and.include('carol reset: of all')
        .and.not.include('of bob');
    });

    it('shows that many were unblocked at once, if it may have been among them', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 3);
      desk.clock.advance({ minutes: 5 });
      for (const dimension of ['username', 'ip']) {
        await unblockMatching(desk.lockout[ENGINE], { dimension, withOperators: true, by: 'carol', reason: dimension });
      }
      expect(textOf(await desk.get(ALICE)))
        .to.include('carol unblocked many: username')
        .and.include('Locked until 2100-01-01 00:05:00 UTC')
        .and.not.include('carol unblocked many: ip');
    });

    it('lists the addresses that tried it, whether they are locked, its networks and its browsers', async () => {
      open({ lockout: { dimensions: ['username', 'ip'] } });
      await fail(desk.lockout, 'alice', IP, 2);
      await fail(desk.lockout, 'alice', '203.0.113.77', 1, true);
      await fail(desk.lockout, 'alice', '2001:db8::7', 1);
      await desk.lockout.block({ ip: IP }, { for: 'forever' });
      const page = await desk.get(ALICE);
      const ips = valuesOf(page, 'href').filter((href) => href.startsWith('/subject?key=ip'));
      expect(ips[0]).to.equal('/subject?key=ip%3D203.0.113.9');
      expect(ips).to.include('/subject?key=ip%3D2001%3Adb8%3A%3A%2F64').and.to.have.length(3);
      expect(textOf(page)).to.match(/address 203\.0\.113\.9 2 0 just now Locked/);
      expect(textOf(page)).to.match(/203\.0\.113\.0\/24 2 1 just now/);
    });

    it('says that only the newest 500 attempts were read', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 1);
      for (let n = 0; n < 510; n += 1) await fail(desk.lockout, 'alice', `198.51.${n % 2}.${n % 250}`, 1, true);
      expect(textOf(await desk.get(ALICE))).to.include(
        'Only the newest 500 entries of the attempt log are drawn, since',
      );
    });

    it('says so if attempts are not logged', async () => {
      open({ lockout: { attemptLog: 'off' } });
      expect(textOf(await desk.get(ALICE))).to.include('the option attemptLog is off');
    });

    it('leads from another spelling of the key to the right one', async () => {
      const { status, headers } = await open({ mount: '/m' }).send('/subject?key=username%3DALICE');
      expect(status).to.equal(303);
      expect(headers).to.include({ Location: '/m/subject?key=username%3Dalice' });
    });

    it('does not send a browser around if names never settle', async () => {
      const canonicalUsername = (name: unknown) => (typeof name === 'string' ? `${name}x` : undefined);
      expect(await open({ lockout: { canonicalUsername } }).send(ALICE)).to.include({ status: 200 });
    });
  });

  describe('of an address', () => {
    it('lists the usernames that were tried from it, and others of its network', async () => {
      open({ lockout: { dimensions: ['username', 'ip'] } });
      await fail(desk.lockout, 'alice', IP, 2);
      await fail(desk.lockout, 'bob', IP, 1);
      await fail(desk.lockout, 'mallory', '203.0.113.77', 1);
      await fail(desk.lockout, 'trent', '203.0.114.1', 1);
      const page = await desk.get(`/subject?key=ip%3D${IP}`);
      expect(textOf(page)).to.include('Usernames tried from this address').and.not.include('Known devices');
      // The first is the link that reloads.
      const others = valuesOf(page, 'href').filter((href) => href.startsWith('/subject?key='));
      expect(others.slice(1)).to.deep.equal([
        '/subject?key=username%3Dalice',
        '/subject?key=username%3Dbob',
        '/subject?key=ip%3D203.0.113.77',
      ]);
    });

    it('is found by its IPv6 network, and by any address of it', async () => {
      open({ lockout: { dimensions: ['ip'] } });
      const { key } = await desk.lockout.block({ ip: '2001:db8::1' }, { for: 'forever' });
      expect(await desk.send(`/subject?key=${encodeURIComponent(key)}`)).to.include({ status: 200 });
      const { headers } = await desk.send('/subject?key=ip%3D2001%3Adb8%3A%3A42');
      expect(headers).to.include({ Location: `/subject?key=${encodeURIComponent(key)}` });
    });

    it('shows its attempts where it is not counted, and says so', async () => {
      open({ lockout: { dimensions: ['username'] } });
      await fail(desk.lockout, 'alice', IP, 2);
      const page = await desk.get(`/subject?key=ip%3D${IP}`);
      expect(textOf(page)).to.include('Not locked. Attempts are not counted by it.').and.include('2 failed');
      expect(page).to.not.include('href="/block?');
    });
  });

  describe('of several parts', () => {
    it('shows attempts with both, and relations of each', async () => {
      open({ lockout: { dimensions: [['ip', 'username']] } });
      await fail(desk.lockout, 'alice', IP, 3);
      await fail(desk.lockout, 'alice', '198.51.100.7', 1);
      await fail(desk.lockout, 'bob', IP, 1);
      const page = await desk.get(`/subject?key=${encodeURIComponent(`ip=${IP}&username=alice`)}`);
      expect(textOf(page)).to.include('0 succeeded, 3 failed, 0 refused; locked 1 time');
      expect(textOf(page)).to.include('Addresses that tried this username').and.include('Usernames tried from this');
      expect(valuesOf(page, 'href')).to.include(`/attempts?ip=${IP}&username=alice`);
    });

    it('says which part the log does not record', async () => {
      function tenant() {
        return 'acme';
      }
      open({ lockout: { dimensions: [[tenant, 'username']] } });
      await fail(desk.lockout, 'alice', IP, 1);
      const key = await onlyKey(desk.lockout, { locked: false });
      expect(textOf(await desk.get(`/subject?key=${encodeURIComponent(key)}`))).to.include(
        'The attempts are those with any tenant, which the attempt log does not record.',
      );
    });

    it('accepts its parts in any order', async () => {
      open({ lockout: { dimensions: [['ip', 'username']] } });
      const { headers } = await desk.send(`/subject?key=${encodeURIComponent(`username=alice&ip=${IP}`)}`);
      expect(headers).to.include({ Location: `/subject?key=ip%3D${IP}%26username%3Dalice` });
    });
  });

  describe('of a pseudonym', () => {
    it('works by the key that the store keeps, and by the name that is typed', async () => {
      open({ lockout: { dimensions: ['username', 'ip'], secret: SECRET, pseudonymize: SECRET } as never });
      await fail(desk.lockout, 'alice', IP, 3);
      const key = await onlyKey(desk.lockout);
      const { headers } = await desk.send('/subject?username=Alice');
      expect(headers).to.include({ Location: `/subject?key=${encodeURIComponent(key)}` });
      const page = await desk.get(`/subject?key=${encodeURIComponent(key)}`);
      expect(textOf(page)).to.include('3 failures').and.include('3 failed, 0 refused; locked 1 time');
      expect(page).to.not.include('alice').and.not.include('href="/block?');
      expect(page).to.not.include('/subject/revoke').and.not.include('/subject/erase');
      await desk.post('/unblock', { key });
      expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: false });
    });
  });

  describe('for a key of nothing', () => {
    for (const key of ['', 'nonsense', '=', 'ip=nonsense', 'nothing=alice', '%00', `username=${'x'.repeat(5000)}`]) {
      it(`says so, and how to look up: ${JSON.stringify(key.slice(0, 20))}`, async () => {
        const { status, body } = await open().send(`/subject?key=${encodeURIComponent(key)}`);
        expect(status).to.equal(400);
        expect(textOf(String(body)))
          .to.include('Look up a user or an address')
          .and.include('All locked subjects');
        expect(desk.errors).to.deep.equal([]);
      });
    }

    it('asks whom to look up if nothing is given', async () => {
      const { status, body } = await open().send('/subject');
      expect(status).to.equal(200);
      expect(textOf(String(body)))
        .to.include('Look up a user or an address')
        .and.not.include('This is not the key');
    });

    it('finds by username and address', async () => {
      open();
      const both = await desk.send('/subject?username=Alice&ip=::ffff:203.0.113.9');
      expect(both.headers).to.include({ Location: '/subject?key=ip%3D203.0.113.9%26username%3Dalice' });
      expect(await desk.send('/subject?ip=nonsense')).to.include({ status: 400 });
    });
  });

  describe('with a hostile name', () => {
    const NAMES = [
      '<img src=x onerror=alert(1)>',
      "'],x:['",
      'a+b c&d=e%26',
      'a/../b',
      'a%00b%2Fc',
      '\u{1f600}',
      'admin\u202etxt',
      'x'.repeat(255),
      'x'.repeat(1000),
      'a\nb\0c',
    ];
    for (const name of NAMES) {
      it(`shows ${JSON.stringify(name.slice(0, 40))} as text, and acts on it and no other`, async () => {
        open({ lockout: { canonicalUsername: (given) => (typeof given === 'string' ? given : undefined) } });
        await fail(desk.lockout, name, IP, 2);
        const key = await onlyKey(desk.lockout, { locked: false, dimension: 'username' });
        const page = await desk.get(`/subject?key=${encodeURIComponent(key)}`);
        expect(page).to.not.match(/<img|<script(?! type="module" src)|[\u202e\0]/);
        expect(textOf(page)).to.include('2 failures').and.include('2 failed');
        const [ask = ''] = valuesOf(page, 'href').filter((href) => href.startsWith('/subject/forget?'));
        expect(valuesOf(await desk.get(ask), 'value')).to.include(key);
        await desk.post('/subject/forget', { key });
        expect((await desk.lockout.list({ locked: false })).items.map(({ parts }) => parts)).to.deep.equal([
          { ip: IP },
        ]);
      });
    }
  });

  describe('acts', () => {
    it('by asking, and returns with the result and with Undo', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 3);
      const [ask = ''] = valuesOf(await desk.get(ALICE), 'href').filter((href) => href.startsWith('/unblock?'));
      const [to = ''] = valuesOf(await desk.get(ask), 'value').filter((value) => value.startsWith('/subject'));
      expect(to).to.equal(ALICE);
      const page = await desk.follow(await desk.post('/unblock', { key: 'username=alice', to, reason: 'called' }));
      expect(textOf(page)).to.include('Unblocked username=alice.').and.include('carol unblocked: called');
      expect(page).to.include('action="/undo"');
    });

    it('forgets failures without a lock, and leaves a lock that was set meanwhile', async () => {
      open();
      await fail(desk.lockout, 'alice', IP, 2);
      const form = { key: 'username=alice', to: ALICE, reason: 'typo' };
      const page = await desk.follow(await desk.post('/subject/forget', form));
      expect(textOf(page)).to.include('The failures of username=alice are forgotten.').and.include('No failures');
      expect(textOf(page)).to.include('carol forgot the failures: typo');
      await fail(desk.lockout, 'alice', IP, 3);
      const left = await desk.follow(await desk.post('/subject/forget', form));
      expect(textOf(left)).to.include('username=alice has been locked meanwhile');
      expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: true });
    });

    it('revokes known devices with a reason, and shows when', async () => {
      open({ lockout: { secret: SECRET } });
      const [ask = ''] = valuesOf(await desk.get(ALICE), 'href').filter((href) => href.startsWith('/subject/revoke?'));
      expect(textOf(await desk.get(ask)))
        .to.include('Revoke all known devices?')
        .and.include('username alice');
      const form = { key: 'username=alice', to: ALICE };
      expect(await desk.post('/subject/revoke', { ...form, reason: ' ' })).to.include({ status: 400 });
      expect((await desk.lockout.devices('alice')).revokedAt).to.equal(null);
      const page = await desk.follow(await desk.post('/subject/revoke', { ...form, reason: 'laptop stolen' }));
      expect(textOf(page))
        .to.include('The known devices of username=alice are revoked')
        .and.include('Revoked just now');
      expect(textOf(page)).to.include('carol revoked the known devices: laptop stolen');
    });

    it('erases all data of a user with a reason, in combinations, the log and Activity, too', async () => {
      open({ lockout: { dimensions: ['username', ['ip', 'username']] } });
      await fail(desk.lockout, 'alice', IP, 3);
      await fail(desk.lockout, 'bob', IP, 1);
      await desk.lockout.block({ username: 'alice' }, { for: '1h', by: 'dave', reason: 'of alice' });
      const [ask = ''] = valuesOf(await desk.get(ALICE), 'href').filter((href) => href.startsWith('/subject/erase?'));
      expect(textOf(await desk.get(ask)))
        .to.include('Erase all data of this user?')
        .and.include('username alice');
      const form = { key: 'username=alice', to: ALICE };

      const withoutReason = await desk.post('/subject/erase', { ...form, reason: ' ' });
      const kept = (await desk.lockout.attempts({ username: 'alice' })).items;
      const page = await desk.follow(await desk.post('/subject/erase', { ...form, reason: 'left us' }));

      expect(withoutReason).to.include({ status: 400 });
      expect(kept).to.have.length(3);
      expect(textOf(page)).to.include('All data stored about username=alice are erased.').and.include('No failures');
      expect((await desk.lockout.attempts({})).items.map(({ username }) => username)).to.deep.equal(['bob']);
      expect((await desk.lockout.list({ locked: false, username: 'alice' })).items).to.deep.equal([]);
      const acts = (await desk.lockout.activity({})).items.filter(({ action }) => action !== 'look');
      expect(acts.map(({ action, by, reason, key }) => [action, by, reason, key])).to.deep.equal([
        ['erase', 'carol', 'left us', null],
        ['block', 'dave', null, null],
      ]);
    });

    it('erases by the page of a name only, not by that of an address or a combination', async () => {
      open({ lockout: { dimensions: ['username', 'ip', ['ip', 'username']] } });
      await fail(desk.lockout, 'alice', IP, 2);
      for (const key of [`ip=${IP}`, `ip=${IP}&username=alice`]) {
        const page = await desk.get(`/subject?key=${encodeURIComponent(key)}`);
        const answer = await desk.post('/subject/erase', { key, reason: 'x' });

        expect(page).to.include('/subject/forget').and.not.include('/subject/erase');
        expect(answer).to.include({ status: 400 });
      }
      expect((await desk.lockout.attempts({})).items).to.have.length(2);
    });

    it('are offered and accepted by permission only', async () => {
      open({ authorize: () => ({ actor: 'eve', can: [] }), lockout: { secret: SECRET } });
      await fail(desk.lockout, 'alice', IP, 3);
      const page = await desk.get(ALICE);
      expect(page).to.include('Known devices').and.not.include('class="card-foot"');
      for (const path of ['/unblock', '/subject/forget', '/subject/revoke', '/subject/erase', '/block?']) {
        expect(page).to.not.include(`href="${path}`);
      }
      for (const path of ['/subject/forget', '/subject/revoke', '/subject/erase']) {
        expect(await desk.post(path, { key: 'username=alice', reason: 'x' })).to.include({ status: 403 });
      }
    });

    it('show as text how never to lock it', async () => {
      const page = await open({ lockout: { canonicalUsername: (name) => name as string } }).get(
        `/subject?key=${encodeURIComponent("username=o'hara")}`,
      );
      expect(textOf(page)).to.include("allow: { usernames: ['o\\'hara'] },");
    });
  });
});
