/** Which guesses of one request are the same one, tried by several strategies. */
import { expect } from 'chai';
import { RequestMemory } from '../../lib/attempt/guess-memory.js';

describe('attempt/guess-memory', () => {
  let memories: RequestMemory;
  const req = {};

  beforeEach(() => {
    memories = new RequestMemory();
  });

  for (const [what, guess] of [
    ['one token', ['token']],
    ['a name and a password', ['alice', 'secret']],
  ] as const) {
    it(`remembers ${what} that a second strategy of the request tries`, () => {
      expect(memories.of(req, [...guess])).to.equal(memories.of(req, [...guess]));
    });
  }

  for (const [what, first, second] of [
    ['another token', ['token'], ['another']],
    ['another password', ['alice', 'secret'], ['alice', 'guess']],
    ['a password more', ['alice'], ['alice', 'secret']],
    ['a password less', ['alice', 'secret'], ['alice']],
    ['nothing known, which may be anything', [], []],
  ] as const) {
    it(`takes it for a new guess when a second strategy tries ${what}`, () => {
      expect(memories.of(req, [...first])).not.to.equal(memories.of(req, [...second]));
    });
  }

  it('takes the same guess of another request for a new one', () => {
    expect(memories.of(req, ['token'])).not.to.equal(memories.of({}, ['token']));
  });

  it('takes every guess without a request for a new one', () => {
    expect(memories.of(undefined, ['token'])).not.to.equal(memories.of(undefined, ['token']));
  });

  it('remembers only the last guess of a request', () => {
    const first = memories.of(req, ['token']);
    memories.of(req, ['another']);
    expect(memories.of(req, ['token'])).not.to.equal(first);
  });
});
