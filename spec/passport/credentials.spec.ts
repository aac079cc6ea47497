/** Which arguments of a verify function are credentials; who-is-tried/ tests which of them is the name. */
import { expect } from 'chai';
import { credentialArgs, guessOf } from '../../lib/passport/credentials.js';

const done = () => undefined;
const sent = { body: { username: 'alice' } } as object;

describe('Reading credentials:', () => {
  for (const [what, args, expected] of [
    ['the callback at the end', ['alice', 'secret', done], ['alice', 'secret']],
    ['the request first', [sent, 'alice', 'secret', done], ['alice', 'secret']],
    ['the request last and the callback in the middle', ['key', done, sent], ['key']],
    ['no callback', ['alice', 'secret'], ['alice', 'secret']],
    ['nothing but a callback', [done], []],
    ['an argument that is not a request', [{ id: 1 }, done], [{ id: 1 }]],
  ] as const) {
    it(`credentialArgs omits request and callback, given ${what}`, () => {
      expect(credentialArgs(args, sent)).to.deep.equal(expected);
    });
  }

  it('guessOf keeps a function, which may hold a password', () => {
    const matches = (hash: string) => hash === 'secret';
    expect(guessOf(['alice', matches])).to.deep.equal(['alice', matches]);
  });

  it('guessOf omits undefined arguments', () => {
    const list = ['secret'];
    const guess = guessOf(['alice', 7, null, undefined, list]);
    expect(guess).to.deep.equal(['alice', 7, list]);
    expect(guess[2]).to.equal(list);
  });
});
