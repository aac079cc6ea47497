import { expect } from 'chai';
import { clientName, foldGiven, userName } from '../../lib/subject/given-name.js';
import { canonicalUsername } from '../../lib/subject/username.js';

describe('foldGiven', () => {
  const GIVEN = [
    { given: ' Alice ', name: 'alice' },
    { given: 'CLIENT: App ', name: 'CLIENT:app' },
    { given: 'CLIENT:<BLANK>', name: 'CLIENT:<BLANK>' },
    { given: 'client:app', name: 'client:app' },
    { given: '<MALFORMED>', name: '<MALFORMED>' },
    { given: '<BLANK>', name: '<BLANK>' },
    { given: 'CLIENT:', name: undefined },
    { given: '', name: undefined },
    { given: ' \t', name: undefined },
    { given: '\u3164', name: '<BLANK>' },
    { given: 42, name: '42' },
    { given: { username: 'alice' }, name: undefined },
  ];
  for (const { given, name } of GIVEN) {
    it(`returns ${name} for ${JSON.stringify(given)}`, () => {
      expect(foldGiven(canonicalUsername, given)).to.equal(name);
    });
  }

  it('X9 never returns the same name for a client and a user, whatever the user is called', () => {
    const names = ['alice', 'CLIENT:alice', 'CLIENT:CLIENT:alice', 'client:alice'];
    const users = names.map(userName);
    expect(users.filter((name) => names.map(clientName).includes(name))).to.deep.equal([]);
  });
});
