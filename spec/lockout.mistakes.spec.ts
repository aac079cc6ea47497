/** Calls of a lockout that would silently do nothing. */
import { once } from 'node:events';
import { expect } from 'chai';
import { Lockout, LockoutConfigError } from '../lib/index.js';

const listener = () => {};
const call = (name: string, ...args: unknown[]) => {
  const lockout = new Lockout();
  return Reflect.apply(lockout[name as keyof Lockout] as () => unknown, lockout, args);
};

describe('a lockout that is asked for what there is not', () => {
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
      it(`X41 says which events there are: ${method}, ${String(shown)}`, () => {
        expect(() => call(method, event, listener))
          .to.throw(LockoutConfigError, /^event: expected one of ip_blocked, username_blocked, blocked, /)
          .with.property('message')
          .that.satisfies((message: string) => message.endsWith(`got ${shown}`));
      });
    }

    it(`X41 says that a listener is a function: ${method}`, () => {
      expect(() => call(method, 'blocked', 5)).to.throw(
        LockoutConfigError,
        /^listener: expected a function, got 5 \(a number\)$/,
      );
    });
  }

  it("X41 takes what Node's own helpers listen to", async () => {
    const lockout = new Lockout();
    const heard: unknown[] = [];
    lockout.on('newListener' as never, ((event: unknown) => heard.push(event)) as never);
    const blocked = once(lockout, 'blocked');
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    expect((await blocked)[0]).to.include({ dimension: 'username' });
    expect(heard).to.deep.equal(['blocked', 'error']);
  });

  for (const args of [[5], [{}, {}, listener], [undefined]]) {
    it(`X41 says that middleware takes nothing, given ${args.length}`, () => {
      expect(() => call('middleware', ...args)).to.throw(
        LockoutConfigError,
        /^middleware\(\): expected no argument, got \d\. It makes a middleware: app\.use\(lockout\.middleware\(\)\)$/,
      );
    });
  }

  it('X41 says so, too, where it is itself given to a framework', () => {
    const { middleware } = new Lockout();
    expect(() => Reflect.apply(middleware, undefined, [{}, {}, listener])).to.throw(LockoutConfigError, /^middleware/);
  });
});
