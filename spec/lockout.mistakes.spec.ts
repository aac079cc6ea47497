/** Calls of a lockout that would silently do nothing. */
import { once } from 'node:events';
import { expect } from 'chai';
import { Lockout, LockoutConfigError } from '../lib/index.js';

const listener = () => {};
const call = (name: string, ...args: unknown[]) => {
  const lockout = new Lockout();
  return Reflect.apply(lockout[name as keyof Lockout] as () => unknown, lockout, args);
};

describe('Lockout', () => {
  for (const method of ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']) {
    for (const [event, shown] of [
      [5, '5 (a number)'],
      ['nonsense', '"nonsense" (a string)'],
      ['user_blocked', '"user_blocked" (a string)'],
      [undefined, 'undefined'],
      [null, 'null'],
      [{}, 'an empty object'],
      [Symbol('x'), 'a symbol'],
      ['toString', '"toString" (a string)'],
    ] as const) {
      it(`X41 lists the events when ${method} is called with ${String(shown)}`, () => {
        expect(() => call(method, event, listener))
          .to.throw(LockoutConfigError, /^event: expected one of ip_blocked, username_blocked, blocked, /)
          .with.property('message')
          .that.satisfies((message: string) => message.endsWith(`got ${shown}`));
      });
    }

    it(`X41 requires a listener to be a function in ${method}`, () => {
      expect(() => call(method, 'blocked', 5)).to.throw(
        LockoutConfigError,
        /^listener: expected a function, got 5 \(a number\)$/,
      );
    });
  }

  it("X41 supports the listeners that Node's own helpers add", async () => {
    const lockout = new Lockout();
    const heard: unknown[] = [];
    lockout.on('newListener' as never, ((event: unknown) => heard.push(event)) as never);
    const blocked = once(lockout, 'blocked');
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    expect((await blocked)[0]).to.include({ dimension: 'username' });
    expect(heard).to.deep.equal(['blocked', 'error']);
  });

  for (const args of [[5], [{}, {}, listener], [undefined]]) {
    it(`X41 throws if middleware is called with ${args.length} arguments`, () => {
      expect(() => call('middleware', ...args)).to.throw(
        LockoutConfigError,
        /^middleware\(\): expected no argument, got \d\. It makes a middleware: app\.use\(lockout\.middleware\(\)\)$/,
      );
    });
  }

  it('X41 throws if middleware itself is passed to a framework', () => {
    const { middleware } = new Lockout();
    expect(() => Reflect.apply(middleware, undefined, [{}, {}, listener])).to.throw(LockoutConfigError, /^middleware/);
  });
});

describe("An operator's note", () => {
  const LONG = 'x'.repeat(1_001);
  const FITS = 'x'.repeat(1_000);
  const CHANGES: Readonly<Record<string, (said: string) => readonly [method: string, ...args: unknown[]]>> = {
    'the reason of block': (reason) => ['block', { username: 'alice' }, { for: 'forever', reason }],
    'who blocks': (by) => ['block', { username: 'alice' }, { for: 'forever', by }],
    'who unblocks': (by) => ['unblock', { username: 'alice' }, { by }],
    'who resets': (by) => ['reset', { username: 'alice', by }],
    'who erases': (by) => ['erase', { username: 'alice', by }],
  };
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`X41 is limited to 1,000 characters: ${what}`, async () => {
      const error = await (call(...change(LONG)) as Promise<unknown>).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(LockoutConfigError);
      expect((error as Error).message).to.match(
        /^(?:options|query)\.(?:by|reason): expected a string of 1 to 1,000 characters, got "x+\.\.\. \(a string\)$/,
      );
      await call(...change(FITS));
    });
  }

  it('X41 is limited to 1,000 characters: who redeems an unlock token', async () => {
    const lockout = new Lockout({ secret: 'a secret of more than thirty-two characters' });
    const error = await lockout.redeemUnlockToken('x', { by: LONG }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LockoutConfigError);
    expect(await lockout.redeemUnlockToken('x', { by: FITS })).to.be.an('object');
  });
});
