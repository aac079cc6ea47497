/** What the application learns about a failing store, and nobody else does. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  type LockedInfo,
  Lockout,
  type LockoutOptions,
  LockoutRefusedError,
  LockoutStoreError,
  type ProtectResult,
  withLockout,
} from '../../lib/index.js';
import { LockoutException } from '../../lib/nest/index.js';
import { drive } from '../support/sites/drive.js';
import { local, request, right } from '../support/sites/guarded.js';
import { startLoginApp } from '../support/sites/login-app.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const SECRET = /rejected|threw|ERR_LOCKOUT_STORE_FAILED/;

function failingAt(operation: 'reserve' | 'settle' | 'read', options: LockoutOptions = {}): Lockout {
  const store = new SlowStore();
  store.failing = { [operation]: 'reject' };
  return new Lockout({ store, ...options });
}

function expectCause(cause: unknown, operation: string): void {
  expect(cause).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_FAILED');
  expect(String((cause as Error).cause)).to.equal(`Error: ${operation} rejected`);
}

const lockedOf = (result: ProtectResult<unknown>) => (result as { readonly locked: LockedInfo }).locked;

describe('The cause of a refusal by a failing store', () => {
  for (const operation of ['reserve', 'settle'] as const) {
    it(`X34 is on the result of protect, but in no copy or text of it: ${operation}`, async () => {
      const locked = lockedOf(await failingAt(operation).protect(ALICE, () => true));

      expectCause(locked.cause, operation);
      for (const text of [JSON.stringify(locked), JSON.stringify({ ...locked }), `${locked}`, inspect(locked)]) {
        expect(text).not.to.match(SECRET);
      }
    });
  }

  it('X34 is the error of the store even if the fallback fails as well', async () => {
    for (const operation of ['reserve', 'settle'] as const) {
      const fallback = new SlowStore();
      fallback.failing = { reserve: 'throw', settle: 'throw' };
      const lockout = failingAt(operation, { onStoreError: { fallback } });

      expectCause(lockedOf(await lockout.protect(ALICE, () => true)).cause, operation);
    }
  });

  it('X34 is absent from a refusal for another reason', async () => {
    const lockout = new Lockout({ deny: { when: () => true }, onLocked: 'error' });
    const locked = lockedOf(await lockout.protect(ALICE, () => true));
    const [[, error] = []] = drive(withLockout(local(right), lockout), request()).actions;

    expect('cause' in locked).to.equal(false);
    expect('cause' in (error as Error)).to.equal(false);
  });

  it("X34 is on the error passed on by onLocked: 'error', but not when that is printed", async () => {
    const { actions } = drive(withLockout(local(right), failingAt('reserve', { onLocked: 'error' })), request());
    await until(() => actions.length > 0);
    const error = actions[0]?.[1] as LockoutRefusedError;

    expect(error).to.be.instanceOf(LockoutRefusedError).with.property('status', 503);
    expectCause(error.cause, 'reserve');
    for (const text of [JSON.stringify(error), JSON.stringify({ ...error }), error.message, error.stack]) {
      expect(text).not.to.match(SECRET);
    }
  });

  it('X34 is passed to a function as onLocked', async () => {
    const causes: unknown[] = [];
    const onLocked: LockoutOptions['onLocked'] = (info, { fail, status }) => {
      causes.push(info.cause);
      fail(info, status);
    };
    drive(withLockout(local(right), failingAt('reserve', { onLocked })), request());
    await until(() => causes.length > 0);

    expectCause(causes[0], 'reserve');
  });

  it('X34 is on the Nest exception, but neither in its body nor when it is printed', async () => {
    const exception = new LockoutException(lockedOf(await failingAt('reserve').protect(ALICE, () => true)));

    expectCause(exception.cause, 'reserve');
    for (const text of [JSON.stringify(exception), JSON.stringify({ ...exception }), exception.getResponse()]) {
      expect(JSON.stringify(text)).not.to.match(SECRET);
    }
  });

  it('X34 is in no event of a refusal', async () => {
    const lockout = failingAt('reserve');
    const events = new EventLog(lockout);
    await lockout.protect(ALICE, () => true);

    expect(events.of('attempt_refused')).to.have.length(1);
    expect(inspect(events.of('attempt_refused'), { depth: null, showHidden: true })).not.to.match(SECRET);
  });

  for (const onLocked of ['fail', 'error', 'respond'] as const) {
    for (const accept of ['text/html', 'application/json', 'text/plain']) {
      it(`X34 is not shown to clients with onLocked: '${onLocked}' and Accept: ${accept}`, async () => {
        const strategy = withLockout(local(right), failingAt('reserve', { onLocked }));
        const app = await startLoginApp({ strategies: { local: strategy } });
        const answer = await app
          .request('/login', {
            method: 'POST',
            headers: { 'content-type': 'application/json', accept },
            body: JSON.stringify({ username: 'alice', password: 'x' }),
          })
          .finally(() => app.close());

        expect(answer.status).to.equal(503);
        expect(`${answer.body} ${JSON.stringify([...answer.headers])}`).not.to.match(SECRET);
      });
    }
  }
});
