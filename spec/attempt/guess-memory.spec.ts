/** Which guesses of one request are the same one, tried by several strategies. */
import { expect } from 'chai';
import { RequestMemory } from '../../lib/attempt/guess-memory.js';

describe('GuessMemory', () => {
  let memories: RequestMemory;
  const req = {};

  beforeEach(() => {
    memories = new RequestMemory();
  });

  for (const [what, guess] of [
    ['a token', ['token']],
    ['a name and a password', ['alice', 'secret']],
  ] as const) {
    it(`recognizes ${what} when a second strategy of the request tries it again`, () => {
      expect(memories.of(req, [...guess])).to.equal(memories.of(req, [...guess]));
    });
  }

  for (const [what, first, second] of [
    ['another token', ['token'], ['another']],
    ['another password', ['alice', 'secret'], ['alice', 'guess']],
    ['an additional password', ['alice'], ['alice', 'secret']],
    ['one password fewer', ['alice', 'secret'], ['alice']],
    ['unknown credentials, which may be anything', [], []],
  ] as const) {
    it(`treats it as a new guess when a second strategy tries ${what}`, () => {
      expect(memories.of(req, [...first])).not.to.equal(memories.of(req, [...second]));
    });
  }

  it('treats the same guess in another request as a new one', () => {
    expect(memories.of(req, ['token'])).not.to.equal(memories.of({}, ['token']));
  });

  it('treats every guess without a request as a new one', () => {
    expect(memories.of(undefined, ['token'])).not.to.equal(memories.of(undefined, ['token']));
  });

  it('counts a guess once for ten strategies, and each time when it comes more often, as in a batch', () => {
    const memory = memories.of(req, ['alice', 'secret']);
    const counts = Array.from({ length: 12 }, () => memory.countOn('username=alice'));
    expect(counts).to.deep.equal([true, ...Array<boolean>(9).fill(false), true, true]);
    expect(memory.countOn('ip=203.0.113.9')).to.equal(true);
  });

  it('remembers only the last guess of a request', () => {
    const first = memories.of(req, ['token']);
    memories.of(req, ['another']);
    expect(memories.of(req, ['token'])).not.to.equal(first);
  });
});
