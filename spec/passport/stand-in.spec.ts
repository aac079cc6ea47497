/** The object that Passport makes of a wrapper for each request: faster than the wrapper, and otherwise no different. */
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { withLockout } from '../../lib/index.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

type ForRequest = Record<string, unknown> & { authenticate(...args: unknown[]): unknown };
const ACTIONS = ['success', 'fail', 'redirect', 'pass', 'error'];
const request = () => ({ body: { username: 'alice', password: 'x' }, ip: '203.0.113.9' });
const wrap = () => withLockout(new PasswordCheck().strategy());

/** As Passport does. */
function forRequest(wrapped: object, called: unknown[] = []): ForRequest {
  const made = Object.create(wrapped) as ForRequest;
  for (const name of ACTIONS) made[name] = () => called.push(name);
  return made;
}

describe('The object that Passport makes of a wrapped strategy', () => {
  it('has the class and the members of the strategy, those set later, and the handle', () => {
    const wrapped = wrap();
    const made = forRequest(wrapped);
    (wrapped as unknown as Record<string, unknown>)['later'] = 1;
    expect(made).to.be.instanceOf(LocalStrategy);
    expect(made).to.include({ name: 'local', later: 1, lockout: wrapped.lockout, on: wrapped.on });
    expect(Object.keys(made)).to.deep.equal(ACTIONS);
  });

  it('has its own actions, of which the strategy and other requests know nothing', () => {
    const wrapped = wrap();
    const [one, other] = [forRequest(wrapped), forRequest(wrapped)];
    for (const name of ACTIONS) {
      expect(one[name]).not.to.equal(other[name]);
      expect(wrapped).not.to.have.property(name);
    }
  });

  it('is guarded', async () => {
    const wrapped = wrap();
    const called: unknown[] = [];
    forRequest(wrapped, called).authenticate(request(), {});
    expect(called).to.deep.equal(['fail']);
    expect((await wrapped.lockout.status({ username: 'alice' })).failures).to.equal(1);
  });

  it('runs what the method was replaced with, by way of the wrapper or of what it inherits from', () => {
    for (const replaced of [
      (wrapped: object) => wrapped,
      (wrapped: object) => Object.getPrototypeOf(forRequest(wrapped)),
    ]) {
      const wrapped = wrap();
      const called: unknown[] = [];
      const made = forRequest(wrapped, called);
      replaced(wrapped).authenticate = function patched(this: ForRequest) {
        (this['pass'] as () => void)();
      };
      made.authenticate(request(), {});
      forRequest(wrapped, called).authenticate(request(), {});
      expect(called).to.deep.equal(['pass', 'pass']);
    }
  });

  it('may have a method of its own, which no other request runs', () => {
    const wrapped = wrap();
    const called: unknown[] = [];
    const made = forRequest(wrapped, called);
    made.authenticate = () => called.push('own');
    made.authenticate(request(), {});
    forRequest(wrapped, called).authenticate(request(), {});
    expect(called).to.deep.equal(['own', 'fail']);
  });

  it('leaves an action to the setter that the strategy has for it', () => {
    const inner = new PasswordCheck().strategy();
    const set: unknown[] = [];
    Object.defineProperty(inner, 'success', {
      set(this: unknown) {
        set.push(this);
      },
    });
    const made = forRequest(withLockout(inner));
    expect(set).to.deep.equal([made]);
    expect(Object.keys(made)).not.to.include('success');
  });

  it('stays as it is if it may not be extended', () => {
    const made = Object.preventExtensions(Object.create(wrap())) as ForRequest;
    expect(Reflect.set(made, 'success', () => {})).to.equal(false);
    expect(Object.keys(made)).to.deep.equal([]);
  });
});
