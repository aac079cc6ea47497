/** Two arguments that a client can give are a name and a secret, wherever and however it sends them. */
import { expect } from 'chai';
import * as shapes from '../../support/fixtures/credential-shapes.js';
import { FLOOD, guess, open, warnings } from '../../support/sites/shape-site.js';

describe('The name tried with two arguments', () => {
  const SPELLINGS = ['alice', 'Alice', 'ALICE', ' alice', 'alice ', '\talice', 'aLiCe'];
  const spelled = (index: number) => SPELLINGS[index % SPELLINGS.length] as string;
  for (const [what, shape, req, options] of [
    [
      'spelled so that the strategy has to tidy it',
      shapes.TIDY,
      (index: number) => ({ body: { username: spelled(index), password: `guess ${index}` } }),
      undefined,
    ],
    [
      'in headers (passport-token)',
      shapes.TOKEN,
      (index: number) => ({ headers: { 'x-username': 'alice', 'x-token': `guess ${index}` } }),
      undefined,
    ],
    [
      'inline in a query (graphql-passport)',
      shapes.GRAPHQL,
      () => ({ body: { query: '{ login(username: "\\u0061lice") }' } }),
      (index: number) => ({ username: 'alice', password: `guess ${index}` }),
    ],
    [
      'with a password of another type',
      shapes.TRUSTING,
      (index: number) => ({ body: { username: 'alice', password: [{ $ne: index }, [index], index][index % 3] } }),
      undefined,
    ],
    [
      'without a password',
      shapes.TRUSTING,
      (index: number) => ({ body: index % 2 ? { username: 'alice' } : { username: 'alice', password: null } }),
      undefined,
    ],
    [
      'behind ten thousand other fields',
      shapes.TRUSTING,
      (index: number) => ({ body: { ...FLOOD, username: 'alice', password: { guess: index } } }),
      undefined,
    ],
  ] as const) {
    it(`X10 is counted wherever and however a client sends it: ${what}`, () => {
      const site = open(shape as shapes.Shape);

      expect(guess(site, req as (index: number) => shapes.ShapeRequest, options)).to.equal(3);
      expect(new Set(site.counted())).to.deep.equal(new Set(['alice']));
      expect(warnings(site)).to.deep.equal([]);
    });
  }

  it('X10 is the same for all requests without a string as a name, whatever they send', () => {
    const site = open(shapes.TRUSTING);

    const nested = JSON.parse(`${'['.repeat(5_000)}"alice"${']'.repeat(5_000)}`);
    const names = [['alice'], { $eq: 'alice' }, nested, { a: { b: 'alice' } }];
    guess(site, (index) => ({ body: { username: names[index % names.length], password: 'guess' } }));

    expect(site.judged).to.have.length(3);
    expect(new Set(site.counted())).to.deep.equal(new Set(['<MALFORMED>']));
  });

  it('X10 is not a list, even if the strategy has parsed that itself', () => {
    const site = open({
      name: 'own-header',
      args: ({ headers }) => [JSON.parse(String(headers['x-name'])), 'guess'],
    });

    expect(guess(site, () => ({ headers: { 'x-name': '["alice"]' } }))).to.equal(3);
  });

  it('X10 does not affect other users', () => {
    const site = open(shapes.TIDY);
    guess(site, () => ({ body: { username: 'Alice', password: 'guess' } }));

    expect(site.login({ body: { username: 'Bob', password: 'right' } })).to.equal('success');
  });

  it('X10 is not the issuer whose account an unknown strategy receives, which causes a warning', async () => {
    const site = open({ name: 'own-oidc', args: () => ['https://issuer.example.org', 'subject'] });
    guess(site, () => ({}));

    expect(site.counted()).to.deep.equal([]);
    expect(warnings(site)).to.have.length(1);
  });

  it('X10 may look like an issuer if the client has sent both name and password', () => {
    const site = open(shapes.TRUSTING);

    expect(guess(site, (index) => ({ body: { username: 'https://alice.example', password: `${index}` } }))).to.equal(3);
  });

  it('X10 is not a token that comes with its payload, which causes a warning unless it is a provider’s', () => {
    const own = open({ name: 'own-token', args: () => ['token', { sub: 'alice' }] });
    const provider = open({ name: 'own-login', args: () => ['token', { provider: 'own', id: '1' }] });
    for (const site of [own, provider]) guess(site, () => ({}));

    expect([own, provider].map((site) => site.counted())).to.deep.equal([[], []]);
    expect([own, provider].map((site) => warnings(site).length)).to.deep.equal([1, 0]);
  });
});
