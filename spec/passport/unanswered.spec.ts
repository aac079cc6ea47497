/** Refusals that are not answered as configured: they cause a warning, never silence. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { local, right, wrong } from '../support/sites/guarded.js';
import { EventLog } from '../support/tools/events.js';

type OnLocked = Extract<LockoutOptions['onLocked'], (...args: never) => unknown>;

/** So long a refusal may take to be answered. */
const PATIENCE_MS = 10_000;
const response = (state: object = {}) => ({ setHeader: () => {}, headersSent: false, writableEnded: false, ...state });
/** @param res - null where the framework shows none */
const login = (res: object | null) => ({
  ip: '203.0.113.9',
  headers: {},
  body: { username: 'alice', password: 'x' },
  ...(res && { res }),
});

async function site(onLocked: LockoutOptions['onLocked']) {
  const lockout = new Lockout({ attemptLog: 'off', ...(onLocked && { onLocked }) });
  const events = new EventLog(lockout);
  await lockout.block({ username: 'alice' }, { for: 'forever' });
  const strategy = withLockout(local(right), lockout);
  return {
    lockout,
    logIn: (res: object | null = response()) => drive(strategy, login(res)).actions.map(([name]) => name),
    told: () => events.of('warning').map(({ code }) => code),
  };
}

describe('An onLocked function that does not answer a refusal', () => {
  const CODE = 'WARN_LOCKOUT_REFUSAL_UNANSWERED';
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    clock.restore();
  });

  const SILENT: readonly (readonly [what: string, onLocked: OnLocked])[] = [
    ['does nothing', () => {}],
    ['never settles its promise', () => new Promise(() => {})],
    ['settles its promise and does no more', async () => {}],
  ];
  for (const [what, onLocked] of SILENT) {
    it(`causes one warning after ten seconds if it ${what}, lets nobody in, and check() reports it`, async () => {
      const { lockout, logIn, told } = await site(onLocked);
      expect([logIn(), logIn()]).to.deep.equal([[], []]);
      await clock.tickAsync(PATIENCE_MS - 1);
      expect(told()).to.deep.equal([]);
      await clock.tickAsync(1);
      expect(told()).to.deep.equal([CODE]);

      logIn();
      await clock.tickAsync(PATIENCE_MS);
      expect(told()).to.deep.equal([CODE]);
      expect((await lockout.check()).map(({ code }) => code)).to.include(CODE);
    });
  }

  it('causes a warning if no response is visible', async () => {
    const { logIn, told } = await site(() => {});
    logIn(null);
    await clock.tickAsync(PATIENCE_MS);
    expect(told()).to.deep.equal([CODE]);
  });

  it('causes a warning even if an earlier refusal was answered', async () => {
    let isAnswering = true;
    const { logIn, told } = await site((_info, { fail }) => isAnswering && fail());
    logIn();
    isAnswering = false;
    logIn();
    await clock.tickAsync(PATIENCE_MS);
    expect(told()).to.deep.equal([CODE]);
  });

  it('causes no warning if it calls an action later, rejects, or answers on the response', async () => {
    const res = response();
    const later: OnLocked = (_info, { fail }) => void setTimeout(fail, PATIENCE_MS / 2);
    const rejecting: OnLocked = () => Promise.reject(new Error('bug'));
    const writing: OnLocked = () => void setTimeout(() => Object.assign(res, { headersSent: true }), PATIENCE_MS / 2);
    for (const onLocked of [later, rejecting, writing]) {
      const { logIn, told } = await site(onLocked);
      logIn(res);
      await clock.tickAsync(PATIENCE_MS * 2);
      expect(told()).to.deep.equal([]);
    }
  });

  it('costs a timer only if it may not answer: none for immediate answers, and one at a time', async () => {
    const answering = await site((_info, { fail }) => fail());
    answering.logIn();
    const ended = await site(() => {});
    ended.logIn(response({ writableEnded: true }));
    expect(clock.countTimers()).to.equal(0);

    const silent = await site(() => {});
    for (let login = 0; login < 100; login += 1) silent.logIn();
    expect(clock.countTimers()).to.equal(1);
  });
});

describe("onLocked: 'respond' with a request that shows no response", () => {
  const CODE = 'WARN_LOCKOUT_RESPONSE_MISSING';

  it("acts as 'fail', and warns once", async () => {
    const { lockout, logIn, told } = await site('respond');
    expect([logIn(null), logIn(null)]).to.deep.equal([['fail'], ['fail']]);
    expect(told()).to.deep.equal([CODE]);
    expect((await lockout.check()).map(({ code, option }) => ({ code, option }))).to.deep.include({
      code: CODE,
      option: 'onLocked',
    });
  });

  it('does not warn if the response is already sent, if another onLocked is set, or if nobody is refused', async () => {
    const sent = await site('respond');
    expect(sent.logIn(response({ headersSent: true }))).to.deep.equal(['fail']);
    const failing = await site(undefined);
    expect(failing.logIn(null)).to.deep.equal(['fail']);
    const lockout = new Lockout({ onLocked: 'respond' });
    const events = new EventLog(lockout);
    drive(withLockout(local(wrong), lockout), login(null));
    for (const told of [sent.told(), failing.told(), events.of('warning')]) expect(told).to.deep.equal([]);
  });
});
