import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import Strategy from 'passport-fido2-webauthn';
import { type Done, describeDifferential, INFO, request, USER } from '../support/differential.js';
import { describeTokenLock } from '../support/locking.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = publicKey.export({ type: 'spki', format: 'pem' });
const CHALLENGE = Buffer.from('a challenge').toString('base64url');
const register = (...args: unknown[]) => (args.at(-1) as Done)(null, USER);

interface Assertion {
  readonly id?: string;
  readonly isForged?: boolean;
  readonly origin?: string;
  readonly type?: string;
  readonly signCount?: number;
}

/** What a browser sends after `navigator.credentials.get()`. */
function assertion({ id = 'a-key-id', isForged, origin, type = 'webauthn.get', signCount = 0 }: Assertion = {}) {
  const client = JSON.stringify({ type, challenge: CHALLENGE, origin: origin ?? 'https://example.org' });
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(signCount);
  const rpIdHash = createHash('sha256').update('example.org').digest();
  const authenticatorData = Buffer.concat([rpIdHash, Buffer.from([1]), counter]);
  const clientHash = createHash('sha256').update(client).digest();
  const signed = Buffer.concat([authenticatorData, isForged ? Buffer.alloc(32) : clientHash]);
  return request({
    headers: { host: 'example.org' },
    connection: { encrypted: true },
    session: { webauthn: { challenge: CHALLENGE } },
    body: {
      id,
      response: {
        clientDataJSON: Buffer.from(client).toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
        userHandle: Buffer.from('alice').toString('base64url'),
      },
    },
  });
}

const countCheck = (...answer: unknown[]) => ({
  arity: 3,
  create: (verify: unknown) =>
    new Strategy(verify, (_id: string, _now: number, _before: number, done: Done) => done(...answer), register),
});

describeDifferential('passport-fido2-webauthn', {
  variants: {
    plain: { arity: 3, create: (verify) => new Strategy(verify, register) },
    'with flags': { arity: 4, create: (verify) => new Strategy(verify, register) },
  },
  request: () => assertion(),
  answers: { right: [null, USER, PEM, { signCount: 1 }], wrong: [null, false, INFO] },
  others: {
    'a forged signature': () => assertion({ isForged: true }),
    'another origin': () => assertion({ origin: 'https://evil.example.org' }),
    'another type': () => assertion({ type: 'payment.get' }),
    'no challenge': () => ({ ...assertion(), session: {} }),
    'no session': () => ({ ...assertion(), session: undefined }),
    'no body': () => request({ body: undefined }),
  },
});

describeDifferential('passport-fido2-webauthn with a counter', {
  variants: {
    'a good one': countCheck(null, true),
    'a cloned key': countCheck(null, false),
    'an error': countCheck(INFO),
  },
  request: () => assertion({ signCount: 2 }),
  answers: { right: [null, USER, PEM, { signCount: 1 }], wrong: [null, false, INFO] },
  others: {},
});

describeTokenLock('passport-fido2-webauthn', {
  create: (checked) =>
    new Strategy((_id: string, _handle: Buffer, done: Done) => {
      checked();
      done(null, USER, PEM);
    }, register),
  request: (isRight) => assertion({ isForged: !isRight }),
  secrets: ['a-key-id'],
});
