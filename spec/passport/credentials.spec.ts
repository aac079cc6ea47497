/** Which argument of a verify function is the username. */
import { expect } from 'chai';
import { credentialArgs, guessOf, usernameIn } from '../../lib/passport/credentials.js';

const done = () => undefined;
const sent = { body: { user: { email: 'alice', pass: 'secret' } }, query: { id: '7', key: 'k' } } as object;
const deep = { body: { a: { b: { c: { d: { e: { f: { g: 'alice' } } } } } }, password: 'secret' } } as object;

describe('passport/credentials', () => {
  for (const [what, args, expected] of [
    ['the callback at the end', ['alice', 'secret', done], ['alice', 'secret']],
    ['the request first', [sent, 'alice', 'secret', done], ['alice', 'secret']],
    ['the request last and the callback in the middle', ['key', done, sent], ['key']],
    ['no callback', ['alice', 'secret'], ['alice', 'secret']],
    ['nothing but a callback', [done], []],
    ['an argument that is no request', [{ id: 1 }, done], [{ id: 1 }]],
  ] as const) {
    it(`credentialArgs leaves out request and callback, given ${what}`, () => {
      expect(credentialArgs(args, sent)).to.deep.equal(expected);
    });
  }

  for (const [what, args, req, expected] of [
    ['two values of a nested body', ['alice', 'secret'], sent, 'alice'],
    ['two values of the query', ['7', 'k'], sent, '7'],
    ['one value', ['alice'], sent, undefined],
    ['three values', ['alice', 'secret', '7'], sent, undefined],
    ['two values of which the client sent one', ['alice', 'https://issuer.example'], sent, undefined],
    ['two values of a provider', ['https://issuer.example', 'subject'], sent, undefined],
    ['an undefined value', [undefined, 'secret'], sent, undefined],
    ['null beside a null that was sent', [null, 'secret'], { body: { a: null, b: 'secret' } } as object, undefined],
    ['a value deeper than any strategy reads', ['alice', 'secret'], deep, undefined],
    ['values of a request without body', ['alice', 'secret'], {}, undefined],
    ['two values behind ten thousand others', ['alice', 'secret'], flood(), 'alice'],
    ['a body of bytes', ['alice', 'secret'], { body: Buffer.from('alice') } as object, undefined],
  ] as const) {
    it(`usernameIn takes the first of two values that were sent, given ${what}`, () => {
      expect(usernameIn(args, 'sent', req)).to.equal(expected);
    });
  }

  it('usernameIn takes the first value where the strategy says what it is', () => {
    expect(usernameIn(['alice', 'secret', 'more'], 'first', {})).to.equal('alice');
  });

  it('guessOf takes the plain values only', () => {
    expect(guessOf(['alice', 7, null, { a: 1 }, done])).to.deep.equal(['alice', 7]);
  });
});

function flood(): object {
  const body = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, index]));
  return { body: { ...body, username: 'alice', password: 'secret' } };
}
