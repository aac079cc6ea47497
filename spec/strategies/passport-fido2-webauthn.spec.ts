import Strategy from 'passport-fido2-webauthn';
import { assertion, attestation, PUBLIC_KEY } from '../support/fixtures/webauthn.js';
import { type Done, describeDifferential, INFO, request, USER, type Variant } from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const refuse = (...args: unknown[]) => (args.at(-1) as Done)(null, false);
const ANSWERS = { right: [null, USER, PUBLIC_KEY, { signCount: 1 }], wrong: [null, false, INFO] };

const countCheck = (...answer: unknown[]): Variant => ({
  arity: 3,
  create: (verify) =>
    new Strategy(verify, (_id: string, _now: number, _before: number, done: Done) => done(...answer), refuse),
});

describeDifferential('passport-fido2-webauthn', {
  variants: {
    plain: { arity: 3, create: (verify) => new Strategy(verify, refuse) },
    'with flags': { arity: 4, create: (verify) => new Strategy(verify, refuse) },
  },
  request: () => assertion(),
  answers: ANSWERS,
  others: {
    'a forged signature': () => assertion({ isForged: true }),
    'another origin': () => assertion({ origin: 'https://evil.example.org' }),
    'another type': () => assertion({ type: 'payment.get' }),
    'nobody at the key': () => assertion({ isPresent: false }),
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
  answers: ANSWERS,
  others: {},
});

describeDifferential('passport-fido2-webauthn (registration)', {
  variants: Object.fromEntries(
    [3, 5, 8].map((arity) => [
      `with ${arity} arguments`,
      { arity, create: (register): ReturnType<Variant['create']> => new Strategy(refuse, register) } satisfies Variant,
    ]),
  ),
  request: () => attestation(),
  others: {
    'another origin': () => attestation({ origin: 'https://evil.example.org' }),
    'nobody at the key': () => attestation({ isPresent: false }),
    'an unknown format': () => attestation({ format: 'tpm' }),
    'a format whose statement is missing': () => attestation({ format: 'fido-u2f' }),
    'no challenge': () => ({ ...attestation(), session: {} }),
  },
});

describeTokenLock('passport-fido2-webauthn', {
  create: (checked) =>
    new Strategy((_id: string, _handle: Buffer, done: Done) => {
      checked();
      done(null, USER, PUBLIC_KEY);
    }, refuse),
  request: (isRight) => assertion({ isForged: !isRight }),
  secrets: ['a-key-id'],
});
