/** A store that fails without a listener for `store_error`: one warning for each outage, with the cause. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_STORE_FAILED';
const ALICE = { username: 'alice', ip: '203.0.113.9' };
const refused = Object.assign(new Error('connect ECONNREFUSED mongodb://app:s3cret@db.test:27017'), {
  code: 'ECONNREFUSED',
});

describe('A store outage without a store_error listener', () => {
  let store: SlowStore;
  let emitWarning: sinon.SinonStub;

  beforeEach(() => {
    store = new SlowStore();
    emitWarning = sinon.stub(process, 'emitWarning');
  });
  afterEach(() => {
    sinon.restore();
  });

  const open = (options: LockoutOptions = {}) => new Lockout({ store, attemptLog: 'off', ...options });
  const said = () =>
    emitWarning
      .getCalls()
      .map(({ args }) => args as [message: string, options: { readonly code: string; readonly detail?: string }])
      .filter(([, { code }]) => code === CODE);
  const logIn = async (lockout: Lockout, times = 1) => {
    for (let login = 0; login < times; login += 1) await lockout.protect(ALICE, () => true);
  };

  it('causes one process warning, with the operation and the root cause, without credentials', async () => {
    sinon.stub(store, 'reserve').rejects(new Error('no server', { cause: refused }));
    await logIn(open(), 20);

    expect(said()).to.have.length(1);
    const [message, { detail }] = said()[0] ?? ['', { code: '' }];
    expect(message).to.match(
      /^the store failed at 'reserve': connect ECONNREFUSED mongodb:\/\/\*\*\*@db\.test:27017; /,
    );
    expect(detail).to.match(/^See passport-lockout\/docs\/checks\.md#warn_lockout_store_failed\nLockoutStoreError: /);
    expect(`${message} ${detail}`).not.to.include('s3cret');
  });

  for (const [operation, options] of [
    ['reserve', { onStoreError: 'allow' }],
    ['reserve', { onStoreError: { fallback: new MemoryStore() } }],
    ['settle', {}],
  ] as const) {
    it(`causes a warning when ${operation} fails with ${JSON.stringify(Object.keys(options))}`, async () => {
      store.failing = { [operation]: 'reject' };
      await logIn(open(options), 3);
      expect(said().map(([message]) => message.split(':')[0])).to.deep.equal([`the store failed at '${operation}'`]);
    });
  }

  it('causes a warning when the store does not answer in time, with its last known state', async () => {
    sinon.stub(store, 'reserve').returns(new Promise(() => {}));
    Object.assign(store, { whyUnanswered: () => 'the connection is lost' });
    await logIn(open({ storeTimeout: { milliseconds: 5 } }));
    expect(said()[0]?.[0]).to.match(/^the store did not answer 'reserve' within 5 ms: the connection is lost; /);
  });

  it('is emitted to listeners of warning, if there are any', async () => {
    const lockout = open();
    const warned = sinon.spy();
    lockout.on('warning', warned);
    store.failing = { reserve: 'reject' };
    await logIn(lockout, 3);
    sinon.assert.calledOnceWithMatch(warned, { code: CODE });
    expect(said()).to.deep.equal([]);
  });

  it('causes no warning if store_error has a listener or if the operator receives the error', async () => {
    const lockout = open();
    store.failing = { read: 'reject', reserve: 'reject' };
    await lockout.status(ALICE).catch(() => {});
    expect(said()).to.deep.equal([]);

    const events = new EventLog(lockout);
    await logIn(lockout);
    expect(events.count('store_error')).to.be.above(0);
    expect(events.of('warning')).to.deep.equal([]);
  });
});
