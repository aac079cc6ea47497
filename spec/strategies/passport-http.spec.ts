import { createHash } from 'node:crypto';
import { BasicStrategy, DigestStrategy } from 'passport-http';
import { type Done, describeDifferential, INFO, request, USER, type Variant } from '../support/sites/differential.js';
import { describeCredentialLock } from '../support/sites/locking.js';

const authorized = (authorization: string) => request({ headers: { authorization } });
const basic = (username: string, password: string) =>
  authorized(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);

describeDifferential('passport-http Basic', {
  variants: {
    plain: { arity: 3, create: (verify) => new BasicStrategy(verify) },
    'with the request': { arity: 4, create: (verify) => new BasicStrategy({ passReqToCallback: true }, verify) },
  },
  request: () => basic('alice', 'x'),
  others: {
    'no header': () => request(),
    'no credentials': () => authorized('Basic'),
    'no colon': () => authorized('Basic YWxpY2U='),
    'no password': () => basic('alice', ''),
    'another scheme': () => authorized('Bearer x:y'),
  },
});

describeCredentialLock('passport-http Basic', {
  create: (checked) =>
    new BasicStrategy((username: string, password: string, done: Done) => {
      checked(username);
      done(null, password === 'right' && USER);
    }),
  request: (username, isRight) => basic(username, isRight ? 'right' : 'wrong'),
});

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** RFC 2617 without qop. */
function digest(username: string, password: string, parts: Readonly<Record<string, string>> = {}) {
  const response = md5(`${md5(`${username}:Users:${password}`)}:abc:${md5('GET:/')}`);
  const fields = { username, realm: 'Users', nonce: 'abc', uri: '/', response, ...parts };
  const list = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return authorized(`Digest ${list.join(', ')}`);
}

const validating = (...answer: unknown[]): Variant => ({
  arity: 2,
  create: (verify) => new DigestStrategy(verify, (_params: unknown, done: Done) => done(...answer)),
});

describeDifferential('passport-http Digest', {
  variants: {
    plain: { arity: 2, create: (verify) => new DigestStrategy(verify) },
    'with options': { arity: 2, create: (verify) => new DigestStrategy({ qop: ['auth'], domain: '/' }, verify) },
    'with valid parameters': validating(null, true),
    'with invalid parameters': validating(null, false),
    'with an error about parameters': validating(INFO),
  },
  request: () => digest('alice', 'secret'),
  answers: { right: [null, USER, 'secret'], wrong: [null, false] },
  others: {
    'a wrong response': () => digest('alice', 'guess'),
    'a stored hash beside a wrong response': () => digest('alice', 'secret', { algorithm: 'MD5-sess' }),
    'no header': () => request(),
    'no parameters': () => authorized('Digest'),
    'nonsense for parameters': () => authorized('Digest ,'),
    'no username': () => authorized('Digest uri="/"'),
    'another address': () => digest('alice', 'secret', { uri: '/else' }),
    'an unknown algorithm': () => digest('alice', 'secret', { algorithm: 'SHA-0' }),
    'an unknown quality of protection': () => digest('alice', 'secret', { qop: 'none' }),
    'integrity protection': () => digest('alice', 'secret', { qop: 'auth-int' }),
  },
  mask: / nonce="\w{32}"/g,
});

describeCredentialLock('passport-http Digest', {
  create: (checked) =>
    new DigestStrategy((username: string, done: Done) => {
      checked(username);
      done(null, USER, 'right');
    }),
  request: (username, isRight) => digest(username, isRight ? 'right' : 'wrong'),
});
