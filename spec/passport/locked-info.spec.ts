/** `isLockedInfo`: what a custom callback asks of the info that it is given. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { isLockedInfo, Lockout, type LockoutOptions, LockoutRefusedError, withLockout } from '../../lib/index.js';
import { request } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';
import { until } from '../support/tools/until.js';

const inCommonJs = createRequire(import.meta.url)('passport-lockout') as typeof import('../../lib/index.js');

/** What `fail` or `error` is given for a login in the name of a locked user. */
async function infoOf(options: LockoutOptions = {}): Promise<unknown> {
  const lockout = new Lockout(options);
  await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
  const { actions } = drive(
    withLockout(new PasswordCheck().strategy(), lockout) as never,
    request({ body: { username: 'alice', password: 'x' } }),
  );
  await until(() => actions.length > 0);
  return actions[0]?.[1];
}

describe('isLockedInfo', () => {
  it('recognizes the info of a refusal, even from another copy of the package', async () => {
    const info = await infoOf();
    expect(info).not.to.equal(undefined);
    expect(isLockedInfo(info)).to.equal(true);
    expect(inCommonJs.isLockedInfo(info)).to.equal(true);
  });

  it('recognizes it when it is copied, or was parsed from JSON', async () => {
    const info = (await infoOf()) as object;
    expect(isLockedInfo({ ...info })).to.equal(true);
    expect(isLockedInfo(JSON.parse(JSON.stringify(info)))).to.equal(true);
  });

  it("recognizes the error of onLocked: 'error', which has the same members", async () => {
    const error = await infoOf({ onLocked: 'error' });
    expect(error).to.be.instanceOf(LockoutRefusedError);
    expect(isLockedInfo(error)).to.equal(true);
  });

  it('recognizes what the option info returns only if it keeps the members of a refusal', async () => {
    const kept = await infoOf({ info: (locked) => ({ ...locked, msg: locked.message }) });
    expect(isLockedInfo(kept)).to.equal(true);
    expect(isLockedInfo(await infoOf({ info: ({ message }) => ({ msg: message }) }))).to.equal(false);
    expect(isLockedInfo(await infoOf({ info: ({ message }) => message }))).to.equal(false);
  });

  const OTHERS: readonly (readonly [string, unknown])[] = [
    ['no info', undefined],
    ['null', null],
    ['a string', 'ERR_LOCKOUT_LOCKED'],
    ['the message of a strategy', { message: 'Missing credentials' }],
    ['a failed login with attemptsLeft', { message: 'no', attemptsLeft: 2 }],
    ['a code of something else', { code: 'ERR_JWT_EXPIRED', message: 'expired', retryAfter: null }],
    ['a code of ours that is no refusal', { code: 'ERR_LOCKOUT_STORE_FAILED', message: 'failed', retryAfter: null }],
    ['a refusal without its members', { code: 'ERR_LOCKOUT_LOCKED' }],
    ['a wrong time', { code: 'ERR_LOCKOUT_LOCKED', message: 'wait', retryAfter: '900' }],
    ['a list', [{ code: 'ERR_LOCKOUT_LOCKED', message: 'wait', retryAfter: 900 }]],
    ['something that cannot be read', Object.defineProperty({}, 'code', { get: () => expect.fail('not read') })],
  ];
  for (const [what, info] of OTHERS) {
    it(`returns false for ${what}`, () => {
      expect(isLockedInfo(info)).to.equal(false);
    });
  }
});
