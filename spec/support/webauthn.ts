/** What a browser sends after `navigator.credentials.get()` and `.create()` (WebAuthn level 2). */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { encodeCbor } from './cbor.js';
import { type Request, request } from './differential.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** As a strategy stores it with the account. */
export const PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'pem' }) as string;

const CHALLENGE = Buffer.from('a challenge').toString('base64url');
const USER_PRESENT = 0x01;
const HAS_KEY = 0x40;

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

interface Ceremony {
  readonly origin?: string;
  readonly isPresent?: boolean;
}

interface Assertion extends Ceremony {
  readonly id?: string;
  readonly isForged?: boolean;
  readonly type?: string;
  readonly signCount?: number;
}

/** A login with a key. */
export function assertion({ id = 'a-key-id', isForged, type = 'webauthn.get', signCount, ...rest }: Assertion = {}) {
  const client = clientData(type, rest);
  const data = authenticatorData(rest.isPresent === false ? 0 : USER_PRESENT, signCount);
  const signed = Buffer.concat([data, isForged ? Buffer.alloc(32) : sha256(client)]);
  return sent(id, {
    clientDataJSON: client.toString('base64url'),
    authenticatorData: data.toString('base64url'),
    signature: sign('sha256', signed, privateKey).toString('base64url'),
    userHandle: Buffer.from('alice').toString('base64url'),
  });
}

interface Attestation extends Ceremony {
  readonly format?: string;
}

/** The registration of a new key. */
export function attestation({ format = 'none', ...rest }: Attestation = {}) {
  const id = Buffer.from('a-key-id');
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // RFC 9053: kty EC2, alg ES256, crv P-256, x and y.
  const key: readonly [number, number | Buffer][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ];
  const flags = HAS_KEY | (rest.isPresent === false ? 0 : USER_PRESENT);
  const authData = Buffer.concat([
    authenticatorData(flags),
    Buffer.alloc(16),
    Buffer.from([0, id.length]),
    id,
    encodeCbor(new Map(key)),
  ]);
  const object = new Map<string, unknown>([
    ['fmt', format],
    ['attStmt', new Map()],
    ['authData', authData],
  ]);
  return sent(id.toString('base64url'), {
    clientDataJSON: clientData('webauthn.create', rest).toString('base64url'),
    attestationObject: encodeCbor(object).toString('base64url'),
    transports: ['usb'],
  });
}

function clientData(type: string, { origin = 'https://example.org' }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge: CHALLENGE, origin }));
}

function authenticatorData(flags: number, signCount = 0): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(signCount);
  return Buffer.concat([sha256('example.org'), Buffer.from([flags]), counter]);
}

function sent(id: string, response: object): Request {
  return request({
    headers: { host: 'example.org' },
    connection: { encrypted: true },
    session: { webauthn: { challenge: CHALLENGE } },
    body: { id, response },
  });
}
