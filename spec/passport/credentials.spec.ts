/** Which arguments of a verify function are credentials; who-is-tried/ tests which of them is the name. */
import { expect } from 'chai';
import { readArguments } from '../../lib/passport/credentials.js';

const done = () => undefined;
const sent = { body: { username: 'alice' } } as object;

describe('readArguments', () => {
  for (const [what, args, expected] of [
    ['the callback at the end', ['alice', 'secret', done], ['alice', 'secret']],
    ['the request first', [sent, 'alice', 'secret', done], ['alice', 'secret']],
    ['the request last and the callback in the middle', ['key', done, sent], ['key']],
    ['no callback', ['alice', 'secret'], ['alice', 'secret']],
    ['nothing but a callback', [done], []],
    ['an argument that is not a request', [{ id: 1 }, done], [{ id: 1 }]],
  ] as const) {
    it(`finds the credentials without request and callback, given ${what}`, () => {
      expect(readArguments(args, sent).credentials).to.deep.equal(expected);
    });
  }

  it('keeps a function that is not the callback in the guess, since it may hold a password', () => {
    const matches = (hash: string) => hash === 'secret';
    expect(readArguments(['alice', matches, done], sent).values).to.deep.equal(['alice', matches]);
  });

  it('omits undefined and null from the guess', () => {
    const list = ['secret'];
    const guess = readArguments(['alice', 7, null, undefined, list], sent).values;
    expect(guess).to.deep.equal(['alice', 7, list]);
    expect(guess[2]).to.equal(list);
  });
});
