/** Three arguments and more, of which the fields of the request tell the name. */
import { expect } from 'chai';
import * as shapes from '../../support/fixtures/credential-shapes.js';
import { FLOOD, guess, many, open, warnings } from '../../support/sites/shape-site.js';

describe('The name tried with three or four arguments', () => {
  const CLIENT = { client_id: 'app', client_secret: 'app secret' };
  for (const [shape, fields] of [
    [shapes.BY_SESSION, (password: string) => ({ username: 'alice', password, sessionId: 's1' })],
    [shapes.AFFINITY, (apiKey: string) => ({ userEmail: 'alice', apiKey, crmId: '7' })],
    [shapes.RESOURCE_OWNER, (password: string) => ({ ...CLIENT, username: 'alice', password })],
    [shapes.RESOURCE_OWNER, (password: string) => ({ client_id: 'app', username: 'alice', password })],
  ] as const) {
    it(`X12 is the one in front of the password (${shape.name}, ${Object.keys(fields('')).length} fields)`, () => {
      const site = open(shape);

      expect(guess(site, (index) => ({ body: fields(`guess ${index}`) }))).to.equal(3);
      expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
      expect(warnings(site)).to.deep.equal([]);
    });
  }

  for (const [what, more] of [
    ['the client as a user', () => ({ query: { username: 'app', password: 'app secret' } })],
    ['the guess as a user', (index: number) => ({ query: { user: 'app secret', pin: 'alice', n: index } })],
    ['itself as a client', () => ({ query: { login: 'app', passcode: 'app secret' } })],
  ] as const) {
    it(`X12 cannot be changed by fields that nobody reads: ${what}`, () => {
      const site = open(shapes.RESOURCE_OWNER);

      const body = (index: number) => ({ ...CLIENT, username: 'alice', password: `guess ${index}` });
      const judged = guess(site, (index) => ({ body: body(index), ...more(index) }) as shapes.ShapeRequest);

      expect(judged).to.equal(3);
      expect(site.counted()).not.to.include('app');
      expect(site.login({ body: { ...CLIENT, username: 'bob', password: 'right' } })).to.equal('success');
    });
  }

  for (const [what, hidden, name] of [
    ['behind more fields than are looked at', () => ({ ...FLOOD }), '<MALFORMED>'],
    ['behind more names than are compared', () => many('user'), '<MALFORMED>'],
    ['as a list', () => ({ username: ['alice'] }), '<MALFORMED>'],
    ['between blanks without end', () => ({ username: `${' '.repeat(100_000)}alice` }), '<MALFORMED>'],
    ['by capitals and blanks', () => ({ username: ' ALICE ' }), 'alice'],
  ] as const) {
    it(`X12 is counted even if a client hides it: ${what}`, () => {
      const tidy = (value: unknown) => (typeof value === 'string' ? value.trim().toLowerCase() : value);
      const args: shapes.Shape['args'] = ({ body }) => [
        body['client_id'],
        body['client_secret'],
        tidy(body['username']),
        body['password'],
      ];
      const site = open({ ...shapes.RESOURCE_OWNER, args });

      const body = (index: number) => ({ ...hidden(), ...CLIENT, password: `guess ${index}` });
      guess(site, (index) => ({ body: { username: 'alice', ...body(index) } }));

      expect(site.judged).to.have.length(3);
      expect(new Set(site.counted())).to.deep.equal(new Set([name]));
    });
  }

  it('X12 is not the guess if a client sends that as a name, with the real name after more fields than are read', () => {
    const site = open({
      name: 'nested',
      args: ({ body }) => {
        const input = body['input'] as shapes.Fields;
        return [input['username'], input['password'], body['sid']];
      },
    });

    const input = (index: number) => ({ ...FLOOD, username: 'alice', password: `guess ${index}` });
    const shown = (index: number) => ({ sid: 's', user: `guess ${index}`, pin: 's' });
    guess(site, (index) => ({ body: { ...shown(index), input: input(index) } }));

    expect(site.judged).to.have.length(3);
    expect(new Set(site.counted())).to.deep.equal(new Set(['<MALFORMED>']));
  });

  it('X12 is the one of two names in front of the password, even next to a large picture', () => {
    const site = open({
      name: 'contact',
      args: ({ body }) => [body['email'], body['username'], body['password']],
    });

    const body = { email: 'a@example.org', username: 'alice', userPhoto: 'A'.repeat(100_000) };
    guess(site, (index) => ({ body: { ...body, password: `guess ${index}` } }));

    expect(site.judged).to.have.length(3);
    expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
  });

  it('X12 is found in nested fields and in GraphQL variables of a JSON body', () => {
    const site = open({
      name: 'nested',
      args: ({ body }) => {
        const { input } = body['variables'] as { readonly input: shapes.Fields };
        return ['tenant', input['email'], input['password']];
      },
    });

    const judged = guess(site, (index) => ({ body: { variables: { input: { email: 'Alice', password: index } } } }));

    expect(judged).to.equal(3);
    expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
  });

  it('X12 is unknown, with a warning, if no field is known for a name', () => {
    const site = open(shapes.TENANT);
    guess(site, (index) => ({ body: { mandant: 'm', kennung: 'alice', kennwort: `guess ${index}` } }));

    expect(site.counted()).to.deep.equal([]);
    expect(warnings(site)).to.have.length(1);
  });
});
