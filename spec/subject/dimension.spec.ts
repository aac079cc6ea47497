import { expect } from 'chai';
import type { Attempt } from '../../lib/subject/attempt.js';
import { toFacts } from '../../lib/subject/attempt.js';
import { subjectOf, toDimension } from '../../lib/subject/dimension.js';
import { KeyMaker } from '../../lib/subject/key.js';
import { attemptOf } from './examples.js';

describe('toDimension', () => {
  const keys = new KeyMaker();
  const attempt = attemptOf({ ip: '203.0.113.9', username: 'alice', userAgent: 'curl/8' });
  function tenant({ req }: Attempt): string | undefined {
    return req?.headers?.['x-tenant'] as string | undefined;
  }

  const DIMENSIONS = [
    { input: 'ip', name: 'ip', hasIp: true, hasUsername: false, key: 'ip=203.0.113.9' },
    { input: 'username', name: 'username', hasIp: false, hasUsername: true, key: 'username=alice' },
    { input: 'userAgent', name: 'userAgent', hasIp: false, hasUsername: false, key: 'userAgent=curl/8' },
    {
      input: ['username', 'ip'],
      name: 'ip+username',
      hasIp: true,
      hasUsername: true,
      key: 'ip=203.0.113.9&username=alice',
    },
    {
      input: ['ip', 'username'],
      name: 'ip+username',
      hasIp: true,
      hasUsername: true,
      key: 'ip=203.0.113.9&username=alice',
    },
  ] as const;
  for (const { input, name, hasIp, hasUsername, key } of DIMENSIONS) {
    it(`makes the dimension ${name} from ${JSON.stringify(input)}`, () => {
      const dimension = toDimension(input);
      expect(dimension).to.include({ name, hasIp, hasUsername });
      expect(subjectOf(dimension, attempt, keys)?.key).to.equal(key);
    });
  }

  for (const name of ['toString', 'constructor', 'valueOf', 'hasOwnProperty']) {
    it(`accepts a function named like a property that every object has: ${name}`, () => {
      const dimension = toDimension(Object.defineProperty(() => 'acme', 'name', { value: name }));
      const { key, parts } = subjectOf(dimension, attempt, keys) ?? {};
      expect(key).to.equal(`${name}=acme`);
      expect(Object.entries(parts ?? {})).to.deep.equal([[name, 'acme']]);
    });
  }

  it("names a function of the attempt by the function's name", () => {
    const dimension = toDimension(['username', tenant]);
    expect(dimension).to.include({ name: 'tenant+username', hasIp: false, hasUsername: true });
    const from = attemptOf({ username: 'alice', req: { headers: { 'x-tenant': 'acme' } } });
    expect(subjectOf(dimension, from, keys)).to.deep.include({
      dimension: 'tenant+username',
      parts: { tenant: 'acme', username: 'alice' },
      key: 'tenant=acme&username=alice',
    });
  });

  const MISSING = [
    { title: 'no username', facts: { ip: '203.0.113.9' } },
    { title: 'no address', facts: { username: 'alice' } },
    { title: 'an empty username', facts: { ip: '203.0.113.9', username: '' } },
  ];
  for (const { title, facts } of MISSING) {
    it(`yields no subject for an attempt with ${title}, so that nobody shares a bucket for "unknown"`, () => {
      expect(subjectOf(toDimension(['ip', 'username']), attemptOf(facts), keys)).to.equal(undefined);
    });
  }

  it('passes on facts without the request, whose body contains the password', () => {
    const from = attemptOf({ username: 'alice', req: { url: '/login' } });
    expect(toFacts(from)).to.not.have.property('req');
    expect(toFacts(from)).to.include({ username: 'alice' });
  });
});
