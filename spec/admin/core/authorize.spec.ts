import { expect } from 'chai';
import { AuthorizeError } from '../../../lib/admin/core/handle.js';
import { bulkJobsOf } from '../../../lib/admin/pages/blocked/bulk-jobs.js';
import { AdminDesk, OPERATOR, OWN_FORM } from '../../support/sites/admin-desk.js';

describe('authorize of the admin pages', () => {
  it('receives the request of the framework', async () => {
    const seen: object[] = [];
    const desk = new AdminDesk({
      authorize: (req) => {
        seen.push(req);
        return false;
      },
    });
    const raw = {};
    await desk.send('/blocked', { raw });
    expect(seen).to.have.length(1);
    expect(seen[0]).to.equal(raw);
  });

  for (const [how, authorize] of [
    ['at once', () => false],
    ['by a promise', async () => false],
  ] as const) {
    it(`refuses with 403 if it returns false ${how}, and does not say what is there`, async () => {
      const desk = new AdminDesk({ authorize: authorize as () => false });
      for (const [target, method] of [
        ['/', 'GET'],
        ['/blocked', 'GET'],
        ['/nothing', 'GET'],
        ['/unblock', 'POST'],
        ['/unblock', 'DELETE'],
      ] as const) {
        const { status, headers, body } = await desk.send(target, { method, headers: OWN_FORM });
        expect({ status, body }).to.deep.equal({ status: 403, body: 'Forbidden\n' });
        expect(JSON.stringify(headers)).not.to.match(/lockout|passport|allow"/i);
      }
    });
  }

  it('shows the name of the person on every page, as text', async () => {
    const desk = new AdminDesk({ authorize: () => ({ actor: '<b>carol</b>\u202e', can: [] }) });
    expect(await desk.get('/blocked'))
      .to.include('&lt;b>carol&lt;/b>')
      .and.include('\\u{202e}');
  });

  for (const actor of ['carol\u202e', '\u202e'.repeat(1000), 'carol\\u{a}\r\nX: y']) {
    it(`records every act under the one name ${JSON.stringify(actor.slice(0, 20))} that it returns`, async () => {
      const desk = new AdminDesk({ authorize: () => ({ ...OPERATOR, actor }) });
      const reason = 'a test';
      await desk.get('/');
      const sent = [
        await desk.post('/block', { username: 'alice', reason }),
        await desk.post('/unblock', { key: 'username=alice', reason }),
        await desk.post('/subject/forget', { key: 'username=bob', reason }),
        await desk.post('/blocked/unblock-all', { reason }),
      ];
      expect(sent.map(({ status }) => status)).to.deep.equal([303, 303, 303, 303]);
      await bulkJobsOf(desk.lockout).settled();
      const { items } = await desk.lockout.activity({ by: actor });
      expect(items.map(({ action }) => action)).to.have.members(['look', 'block', 'unblock', 'unblock', 'unblock']);
      expect(items).to.have.length((await desk.lockout.activity()).items.length);
    });
  }

  it('lets everybody look who is let in', async () => {
    const desk = new AdminDesk({ authorize: () => ({ actor: 'carol', can: [] }) });
    expect(await desk.send('/blocked')).to.include({ status: 200 });
  });

  for (const [what, answer, message] of [
    [
      'undefined',
      undefined,
      "expected false, or an object such as { actor: 'carol', can: ['unblock'] }, got undefined",
    ],
    ['true', true, "expected false, or an object such as { actor: 'carol', can: ['unblock'] }, got true"],
    [
      'an unknown permission',
      { actor: 'carol', can: ['unblock', 'admin'] },
      "authorize().can[1]: expected 'look', 'unblock', 'block', 'export' or 'erase', got",
    ],
    ['no permissions', { actor: 'carol' }, 'authorize().can: expected a list of look, unblock, block, export, erase'],
    ['no name', { can: [] }, 'authorize().actor: expected a string of 1 to 1,000 characters, got undefined'],
    ['an empty name', { actor: '', can: [] }, 'authorize().actor: expected a string of 1 to 1,000 characters'],
    ['a name of 1,001 characters', { actor: 'x'.repeat(1001), can: [] }, 'authorize().actor: expected a string of 1'],
  ] as const) {
    it(`lets nobody in if it returns ${what}, and reports why`, async () => {
      const desk = new AdminDesk({ authorize: () => answer as unknown as false });
      expect(await desk.send('/blocked')).to.include({ status: 500, body: 'Internal Server Error\n' });
      expect(desk.errors).to.have.length(1);
      expect(String(desk.errors[0])).to.include(message);
    });
  }

  it('passes on what it throws', async () => {
    const cause = new Error('no session store');
    for (const authorize of [
      () => {
        throw cause;
      },
      () => Promise.reject(cause),
    ]) {
      const error: unknown = await new AdminDesk({ authorize }).send('/blocked').catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(AuthorizeError).with.property('cause', cause);
    }
  });

  it('is not called for assets, which are the same for everybody', async () => {
    const desk = new AdminDesk();
    const [asset = ''] = /\/assets\/[^"]+/.exec(await desk.get('/blocked')) ?? [];
    const guarded = new AdminDesk({ authorize: () => expect.fail('called') });
    expect(await guarded.send(asset)).to.include({ status: 200 });
  });
});

describe('A permission of the admin pages', () => {
  it('is needed for a change, and what is not allowed is not offered', async () => {
    const desk = new AdminDesk({ authorize: () => ({ actor: 'eve', can: ['look', 'block', 'export', 'erase'] }) });
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });

    const page = await desk.get('/blocked');
    const confirm = await desk.send('/unblock?key=username%3Dalice');
    const act = await desk.post('/unblock', { key: 'username=alice' });

    expect(page).to.include('alice').and.not.include('Unblock');
    expect(confirm.status).to.equal(403);
    expect(act.status).to.equal(403);
    expect(act.body).to.include('eve is not allowed to do this: it needs the permission').and.include('unblock');
    expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: true });
  });
});
