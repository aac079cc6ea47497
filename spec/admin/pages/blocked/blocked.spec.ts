import { expect } from 'chai';
import { AdminDesk, type DeskOptions, textOf, valuesOf } from '../../../support/sites/admin-desk.js';

/** Tries wrong passwords until the third locks. */
async function lock(desk: AdminDesk, username: string, ip: string): Promise<void> {
  for (const password of ['a', 'b', 'c']) {
    await desk.lockout.protect({ username, ip }, () => false, { guess: password });
  }
}

describe('The page Blocked', () => {
  let desk: AdminDesk;

  function open(options: DeskOptions = {}): AdminDesk {
    desk = new AdminDesk(options);
    return desk;
  }
  afterEach(() => desk.close());

  it('says what to do while nobody is locked', async () => {
    expect(textOf(await open().get('/blocked')))
      .to.include('Nobody is locked')
      .and.include('wrong password');
  });

  it('shows who is locked, until when and why', async () => {
    open();
    await lock(desk, 'alice', '203.0.113.9');
    desk.clock.advance({ minutes: 5 });
    const page = await desk.get('/blocked');
    expect(textOf(page))
      .to.include('alice')
      .and.include('tier 1 of')
      .and.include('ends in 10 m')
      .and.include('3 failures');
    expect(textOf(page)).to.include('2100-01-01 00:15:00 UTC').and.include('5 m ago');
    expect(valuesOf(page, 'href')).to.include('/subject?key=username%3Dalice');
  });

  it('shows who blocked by hand, and the reason', async () => {
    open();
    await desk.lockout.block({ username: 'mallory' }, { for: 'forever', by: 'carol', reason: 'stolen <laptop>' });
    const text = textOf(await desk.get('/blocked'));
    expect(text).to.include('blocked by carol: stolen <laptop>').and.include('until reset');
  });

  it('shows the number of locks beside its name on every page', async () => {
    open();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    expect(textOf(await desk.get('/nothing'))).to.not.include('1 locked');
    expect(textOf(await desk.get('/blocked'))).to.include('Blocked1 locked');
  });

  it('counts more locks than it shows', async () => {
    open();
    for (let n = 0; n < 101; n += 1) await desk.lockout.block({ username: `user ${n}` }, { for: 'forever' });
    expect(textOf(await desk.get('/blocked'))).to.include('Blocked101 locked');
  });

  it('has a tab for each dimension, with its number, which keeps the filter', async () => {
    open({ lockout: { dimensions: ['username', 'ip'] } });
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    await desk.lockout.block({ ip: '203.0.113.9' }, { for: 'forever' });
    const page = await desk.get('/blocked?dimension=ip&order=key');
    expect(textOf(page)).to.include('All2').and.include('Username1').and.include('Address1');
    expect(page).to.include('203.0.113.9').and.not.include('username=alice');
    expect(valuesOf(page, 'href')).to.include('/blocked?dimension=username&order=key');
  });

  it('is filtered by a username in any spelling, and by an address', async () => {
    open({ lockout: { dimensions: ['username', 'ip'] } });
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    await desk.lockout.block({ username: 'bob' }, { for: 'forever' });
    await desk.lockout.block({ ip: '203.0.113.9' }, { for: 'forever' });
    expect(valuesOf(await desk.get('/blocked?username=ALICE'), 'data-key')).to.deep.equal(['username=alice']);
    expect(valuesOf(await desk.get('/blocked?ip=203.0.113.9'), 'data-key')).to.deep.equal(['ip=203.0.113.9']);
    expect(textOf(await desk.get('/blocked?username=nobody'))).to.include('Nothing that matches is locked');
  });

  it('says what is wrong with a filter, and keeps what was typed', async () => {
    open();
    const { status, body } = await desk.send('/blocked?ip=nonsense%3Cb%3E');
    expect(status).to.equal(400);
    expect(textOf(String(body))).to.include('expected an IP address');
    expect(valuesOf(String(body), 'value')).to.include('nonsense<b>');
  });

  it('says so for a cursor of another list', async () => {
    open();
    expect(await desk.send('/blocked?cursor=nonsense')).to.include({ status: 400 });
  });

  it('is sorted by the end, or by the name, and says which', async () => {
    open();
    await desk.lockout.block({ username: 'a' }, { for: { hours: 2 } });
    await desk.lockout.block({ username: 'b' }, { for: { hours: 1 } });
    const byEnd = await desk.get('/blocked');
    const byKey = await desk.get('/blocked?order=key');
    expect(valuesOf(byEnd, 'data-key')).to.deep.equal(['username=b', 'username=a']);
    expect(valuesOf(byKey, 'data-key')).to.deep.equal(['username=a', 'username=b']);
    expect(byEnd).to.match(/aria-sort="ascending"><a href="\/blocked">Ends/);
    expect(byKey).to.match(/aria-sort="ascending"><a href="\/blocked\?order=key">Subject/);
  });

  it('has pages, forward and back to the first', async () => {
    open();
    for (let n = 0; n < 60; n += 1) await desk.lockout.block({ username: `user ${n}` }, { for: 'forever' });
    const first = await desk.get('/blocked?order=key');
    const [next = ''] = valuesOf(first, 'href').filter((href) => href.includes('cursor='));
    const second = await desk.get(next);
    expect(valuesOf(first, 'data-key')).to.have.length(50);
    expect(valuesOf(second, 'data-key')).to.have.length(10);
    expect(second).to.include('href="/blocked?order=key">First page').and.not.include('Next page');
  });

  it('asks before it unblocks, unblocks, and says so on the page that it came from', async () => {
    open({ mount: '/m' });
    await lock(desk, 'alice', '203.0.113.9');
    const page = await desk.get('/blocked?order=key');
    const [ask = ''] = valuesOf(page, 'href').filter((href) => href.startsWith('/m/unblock?'));

    const confirm = await desk.get(ask.slice(2));
    expect(confirm).to.include('Unblock this subject?').and.include('action="/m/unblock"');
    expect(valuesOf(confirm, 'href')).to.include('/m/blocked?order=key');
    expect(valuesOf(confirm, 'value')).to.include('username=alice').and.include('/blocked?order=key');
    expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: true });

    const done = await desk.post('/unblock', { key: 'username=alice', to: '/blocked?order=key' });
    expect(done.status).to.equal(303);
    expect(done.headers).to.include({ Location: '/m/blocked?order=key&notice=unblocked&on=username%3Dalice' });
    expect(textOf(await desk.follow(done)))
      .to.include('Unblocked username=alice.')
      .and.include('Nobody is locked');
    expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: false, failures: 0 });
  });

  it('leads from a link with another spelling of the name to the right one', async () => {
    open({ mount: '/m' });
    await lock(desk, 'alice', '203.0.113.9');

    const other = await desk.send('/unblock?key=username%3DAlice&to=/blocked?order=key');
    const confirm = await desk.follow(other);

    expect(other).to.include({ status: 303 });
    expect(valuesOf(confirm, 'value')).to.include('username=alice').and.include('/blocked?order=key');
  });

  it('records who unblocked, and why', async () => {
    open();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    await desk.post('/unblock', { key: 'username=alice', reason: ' called in ' });
    const [act] = (await desk.lockout.activity({ action: 'unblock' })).items;
    expect(act).to.include({ action: 'unblock', key: 'username=alice', by: 'carol', reason: 'called in' });
  });

  it('offers to undo an unblock, locks again with the failures, and says so', async () => {
    open({ mount: '/m' });
    await lock(desk, 'alice', '203.0.113.9');
    const before = await desk.lockout.status({ username: 'alice' });
    const done = await desk.post('/unblock', { key: 'username=alice', to: '/blocked?order=key' });
    const page = await desk.follow(done);
    expect(page).to.include('action="/m/undo"');
    const [, id = ''] = / name="id" value="([^"]+)"/.exec(page) ?? [];

    const undone = await desk.post('/undo', { id, key: 'username=alice', to: '/blocked?order=key' });

    expect(undone.headers).to.include({ Location: '/m/blocked?order=key&notice=undone&on=username%3Dalice' });
    const after = await desk.follow(undone);
    expect(textOf(after)).to.include('username=alice is locked again, with its failures.');
    expect(after).to.not.include('/m/undo');
    const { failures, lockedUntil } = await desk.lockout.status({ username: 'alice' });
    expect({ failures, lockedUntil }).to.deep.equal({ failures: before.failures, lockedUntil: before.lockedUntil });
    const [act] = (await desk.lockout.activity({ action: 'undo' })).items;
    expect(act).to.include({ by: 'carol', undoOf: id });
  });

  it('says so if there is nothing left to undo', async () => {
    open();
    await lock(desk, 'alice', '203.0.113.9');
    const page = await desk.follow(await desk.post('/unblock', { key: 'username=alice', to: '/blocked' }));
    const [, id = ''] = / name="id" value="([^"]+)"/.exec(page) ?? [];
    desk.clock.advance({ hours: 1 });
    const undone = await desk.post('/undo', { id, key: 'username=alice', to: '/blocked' });
    expect(textOf(await desk.follow(undone))).to.include('username=alice was left as it is');
    expect(await desk.post('/undo', { to: '/blocked' })).to.include({ status: 400 });
  });

  it('offers to undo nothing that the viewer did not do', async () => {
    open();
    await lock(desk, 'alice', '203.0.113.9');
    await desk.lockout.unblock({ username: 'alice' }, { by: 'dave' });
    expect(await desk.get('/blocked?notice=unblocked&on=username%3Dalice')).to.not.include('/undo');
  });

  it('refuses a reason of more than 1,000 characters, and unblocks nobody', async () => {
    open();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    expect(await desk.post('/unblock', { key: 'username=alice', reason: 'x'.repeat(1001) })).to.include({
      status: 400,
    });
    expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: true });
  });

  it('says so if the lock has ended meanwhile', async () => {
    open();
    const done = await desk.post('/unblock', { key: 'username=alice', to: '/blocked' });
    expect(textOf(await desk.follow(done))).to.include('username=alice was not locked any more');
  });

  it('unblocks a selection after it has shown it', async () => {
    open();
    for (const username of ['alice', 'bob', 'carol']) await desk.lockout.block({ username }, { for: 'forever' });
    const selected = [
      ['key', 'username=alice'],
      ['key', 'username=bob'],
      ['to', '/blocked'],
    ] as const;
    const confirm = String((await desk.post('/unblock/confirm', selected)).body);
    expect(confirm).to.include('Unblock 2 subjects?');
    expect(valuesOf(confirm, 'value')).to.include.members(['username=alice', 'username=bob']);

    const done = await desk.post('/unblock', selected);
    expect(textOf(await desk.follow(done))).to.include('Unblocked 2 subjects.');
    expect((await desk.lockout.list()).items.map(({ key }) => key)).to.deep.equal(['username=carol']);
  });

  it('returns to the list if nothing was selected', async () => {
    const { status, headers } = await open().post('/unblock/confirm', { to: '/blocked' });
    expect(status).to.equal(303);
    expect(headers).to.include({ Location: '/blocked' });
  });

  it('refuses a form that names nobody, or more than 1,000', async () => {
    open();
    const many = Array.from({ length: 1001 }, (_, n) => ['key', `username=${n}`] as const);
    for (const form of [{}, many]) {
      const { status, body } = await desk.post('/unblock', form);
      expect(status).to.equal(400);
      expect(body).to.include('Nothing was changed.');
    }
  });

  for (const query of [
    'notice=unblocked',
    'notice=%3Cb%3E&on=x',
    'notice=unblocked&count=0',
    'notice=unblocked&count=1e9',
  ]) {
    it(`shows no notice for a link with ${query}`, async () => {
      expect(await open().get(`/blocked?${query}`)).to.not.include('class="notice');
    });
  }

  for (const [site, isShown] of [
    ['same-origin', true],
    ['cross-site', false],
    ['same-site', false],
    ['none', false],
  ] as const) {
    it(`shows ${isShown ? 'the' : 'no'} notice if Sec-Fetch-Site is ${site}`, async () => {
      const page = await open().get('/blocked?notice=blocked&on=ip%3D203.0.113.9', { 'sec-fetch-site': site });
      expect(page.includes('class="notice')).to.equal(isShown);
    });
  }

  it('shows in a notice only a sentence of its own, with a key as text', async () => {
    const page = await open().get('/blocked?notice=unblocked&on=%3Cb%3Ecall%20555%E2%80%AE');
    expect(page)
      .to.include('Unblocked <bdi class="hostile">&lt;b>call 555')
      .and.include('\\u{202e}')
      .and.not.include('\u202e');
  });
});

describe('The page Blocked with a hostile name', () => {
  const NAMES = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    'a+b c&d=e',
    'a/../b',
    'a%00b%2Fc',
    '\u{1f600}',
    'admin\u202etxt',
    'x'.repeat(255),
    'x'.repeat(1000),
    "';--",
    'a\nb\0c',
  ];
  for (const name of NAMES) {
    it(`shows, links and unblocks ${JSON.stringify(name.slice(0, 40))}`, async () => {
      const desk = new AdminDesk({
        lockout: { canonicalUsername: (given) => (typeof given === 'string' ? given : undefined) },
      });
      const { key } = await desk.lockout.block({ username: name }, { for: 'forever' });

      const page = await desk.get('/blocked');
      expect(page).to.not.match(/<img|<script(?! type="module" src)|[\u202e\0]/);
      const links = valuesOf(page, 'href').filter((href) => href.startsWith('/subject?'));
      expect(new URL(links[0] ?? '', 'http://x').searchParams.get('key')).to.equal(key);
      const [ask = ''] = valuesOf(page, 'href').filter((href) => href.startsWith('/unblock?'));
      const [sent = ''] = valuesOf(await desk.get(ask), 'value').filter((value) => value.startsWith('username='));
      await desk.post('/unblock', { key: sent });

      expect((await desk.lockout.list()).items).to.deep.equal([]);
      await desk.close();
    });
  }

  it('shows, links and unblocks an IPv6 network', async () => {
    const desk = new AdminDesk({ lockout: { dimensions: ['ip'] } });
    const { key } = await desk.lockout.block({ ip: '2001:db8::1' }, { for: 'forever' });
    const page = await desk.get('/blocked');
    expect(textOf(page)).to.include('2001:db8::');
    expect(valuesOf(page, 'href')).to.include(`/subject?key=${encodeURIComponent(key)}`);
    await desk.post('/unblock', { key });
    expect((await desk.lockout.list()).items).to.deep.equal([]);
    await desk.close();
  });
});
