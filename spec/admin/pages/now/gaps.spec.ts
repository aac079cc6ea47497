/** What the page Now says when part of what it shows is not kept, or cannot be read. */
import { expect } from 'chai';
import sinon from 'sinon';
import { type LockoutStore, MemoryStore } from '../../../../lib/index.js';
import { AdminDesk, textOf } from '../../../support/sites/admin-desk.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';

describe('The page Now', () => {
  let desk: AdminDesk;
  let store: MemoryStore;
  let clock: ManualClock;

  function open(lockout: ConstructorParameters<typeof AdminDesk>[0] = {}): void {
    clock = new ManualClock();
    store = new MemoryStore({ clock: clock.read });
    desk = new AdminDesk({ store, ...lockout });
  }
  beforeEach(() => {
    sinon.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(async () => {
    sinon.restore();
    await desk.close();
  });

  /** A second passes, after which a new snapshot is taken. */
  function tick(seconds = 1): void {
    clock.advance({ seconds });
    sinon.clock.tick(seconds * 1000);
  }

  const log = () => store.attemptLog as NonNullable<LockoutStore['attemptLog']>;

  it('is the first page, and says what to do while nothing has happened', async () => {
    open();
    const text = textOf(await desk.get('/'));
    expect(text).to.include('No login has failed in the last minutes').and.include('Nobody is locked');
  });

  it('says that nothing is counted without a log, and shows who is locked', async () => {
    open({ lockout: { attemptLog: 'off' } });
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    const { status, body } = await desk.send('/');
    expect(status).to.equal(200);
    expect(textOf(String(body)))
      .to.include('no attempt log is kept')
      .and.include('Attempts are not counted')
      .and.include('alice')
      .and.not.include('Top addresses');
  });

  it('says that a store does not count, and shows who fails', async () => {
    open();
    Object.defineProperty(log(), 'counts', { value: undefined });
    await desk.lockout.protect({ username: 'alice', ip: '203.0.113.9' }, () => false);
    expect(textOf(await desk.get('/')))
      .to.include('This store does not count attempts per minute')
      .and.include('203.0.113.9');
  });

  for (const [part, break_, message] of [
    ['the counts', () => sinon.stub(log(), 'counts').throws(new Error('x')), 'The counts of attempts cannot be read'],
    ['the log', () => sinon.stub(log(), 'query').throws(new Error('x')), 'The attempt log cannot be read'],
    ['the locks', () => sinon.stub(store, 'list').throws(new Error('x')), 'Who is locked cannot be read'],
  ] as const) {
    it(`shows the rest while the store fails at ${part}, and says so`, async () => {
      open();
      await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
      break_();
      const { status, body } = await desk.send('/');
      expect(status).to.equal(200);
      expect(textOf(String(body)))
        .to.include(message)
        .and.include('the store failed at');
    });
  }

  it('keeps what it knew last, and says of when that is', async () => {
    open();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    await desk.get('/');
    tick();
    const list = sinon.stub(store, 'list').throws(new Error('x'));
    tick();
    expect(textOf(await desk.get('/')))
      .to.include('What is shown of it is of 2100-01-01 00:00:00 UTC')
      .and.include('alice');
    list.restore();
    tick(5);
    expect(textOf(await desk.get('/'))).to.not.include('cannot be read');
  });

  it('answers 503 only if it knows nothing at all', async () => {
    open();
    sinon.stub(store, 'list').throws(new Error('x'));
    sinon.stub(log(), 'query').throws(new Error('x'));
    sinon.stub(log(), 'counts').throws(new Error('x'));
    expect((await desk.send('/')).status).to.equal(503);
  });

  it('asks a store that fails again after five seconds', async () => {
    open();
    const list = sinon.stub(store, 'list').throws(new Error('x'));
    await desk.get('/');
    tick(4);
    await desk.get('/');
    expect(list.callCount).to.equal(1);
    tick();
    await desk.get('/');
    expect(list.callCount).to.equal(2);
  });

  it('says how many store calls failed', async () => {
    open();
    sinon.stub(store, 'list').throws(new Error('x'));
    expect(textOf(await desk.get('/'))).to.match(/Store errors, last hour1/);
  });

  it('shows what check() found', async () => {
    open();
    sinon
      .stub(desk.lockout, 'check')
      .resolves([{ code: 'WARN_LOCKOUT_LOG_LOST', message: 'a <b> finding', help: 'docs/checks.md' }]);
    expect(textOf(await desk.get('/')))
      .to.include('Needs a look')
      .and.include('a <b> finding');
  });

  it('offers to unblock only those who may', async () => {
    open({ authorize: () => ({ actor: 'dave', can: [] }) });
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    expect(await desk.get('/')).to.not.include('/unblock');
  });

  it('shows at once that somebody was unblocked', async () => {
    open();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    expect(textOf(await desk.get('/'))).to.include('Blocked1 locked');
    const answer = await desk.post('/unblock', { key: 'username=alice', to: '/' });
    const page = await desk.follow(answer);
    expect(textOf(page)).to.include('Unblocked username=alice').and.include('Nobody is locked');
  });

  for (const [query, title] of [
    ['', 'last hour'],
    ['?span=day', 'last 24 hours'],
    ['?span=week', 'last 7 days'],
    ['?span=century', 'last hour'],
  ] as const) {
    it(`draws the ${title} for ${query || 'no query'}`, async () => {
      open();
      expect(await desk.get(`/${query}`)).to.match(new RegExp(`Attempts per [^<]*, ${title}`));
    });
  }
});
