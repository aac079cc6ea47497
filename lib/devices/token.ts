/**
 * The token of a browser that has logged in before: an id, the time of issue, and a signature over both and the exact spelling
 * of the name that logged in. The name itself is not in it, so a token is valid only for the name being tried, and a thief
 * learns no name. All three are one base64url string: 9, 6 and 16 bytes.
 *
 * The signature covers the spelling, not the folded name: otherwise the owner of the account `ALICE` could make tokens for
 * `alice`.
 */
import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KnownDevice } from '../subject/attempt.js';
import type { Keys, SecretKeys } from '../util/secret-keys.js';

const ID_BYTES = 9;
const ID_CHARS = 12;
/** Bytes of the time in milliseconds: enough until the year 10889. */
const TIME_BYTES = 6;
const LAST_TIME = 2 ** (8 * TIME_BYTES) - 1;
const SIGNED_CHARS = 20;
const MAC_BYTES = 16;
const TOKEN_CHARS = 42;
/** The last character holds two bits and four zeros; any other bits there would give a second string with the same signature. */
const TOKEN = /^[\w-]{41}[AQgw]$/;
/** The number of tokens that fit in a cookie. */
export const MAX_TOKENS = 5;
/** Allows for clocks that differ between processes. */
const MAX_AHEAD_MS = 5 * 60_000;
const RENEWAL_MS = 24 * 3_600_000;
const PURPOSE = 'passport-lockout device 1 ';
const NAME_PURPOSE = 'passport-lockout device name 1 ';

export class DeviceTokens {
  readonly #keys: Keys;
  readonly #nameKeys: Keys;

  /** @param cookieName - without a prefix; lockouts with different cookie names do not recognise each other's devices */
  constructor(secrets: SecretKeys, cookieName: string) {
    this.#keys = secrets.for(PURPOSE + cookieName);
    this.#nameKeys = secrets.for(NAME_PURPOSE + cookieName);
  }

  /**
   * Issues a token.
   *
   * @param spelling - the name exactly as it was written
   * @param now - epoch milliseconds of the store's clock
   * @param id - of the device whose token is renewed
   */
  issue(spelling: string, now: number, id: string = newId()): string {
    return this.issueForDigest(this.digestOf(spelling), now, 0, id);
  }

  /**
   * Returns the digest of a name that a token signs. An unlock link carries it, so that nobody who reads the link learns the
   * name.
   *
   * @param secretIndex - the secret used for the digest
   */
  digestOf(spelling: string, secretIndex = 0): string {
    // UTF-16, because in UTF-8 all lone surrogates become one character and two names would have the same digest.
    const mac = createHmac('sha256', keyAt(this.#nameKeys, secretIndex)).update(spelling, 'utf16le').digest();
    return mac.subarray(0, MAC_BYTES).toString('base64url');
  }

  /**
   * Issues a token for a digest.
   *
   * @param secretIndex - the secret that made the digest; it also signs the token
   */
  issueForDigest(digest: string, now: number, secretIndex: number, id: string = newId()): string {
    const signed = id + toTimeText(now);
    return signed + sign(keyAt(this.#keys, secretIndex), signed, digest);
  }

  /**
   * Returns the first token that was issued for this spelling and is neither older than `maxAgeMs` nor from the future.
   *
   * @param tokens - what the client sent; only the first five are examined
   * @returns undefined if there is none; never throws, whatever the strings are
   */
  recognise(tokens: readonly string[], spelling: string, now: number, maxAgeMs: number): KnownDevice | undefined {
    // Digest each name once, however many tokens there are: it may be a megabyte.
    const digests: string[] = [];
    const digestAt = (index: number) => (digests[index] ??= this.digestOf(spelling, index));
    for (const token of tokens.slice(0, MAX_TOKENS)) {
      if (!isToken(token)) continue;
      const issuedAt = timeOf(token);
      const ageMs = now - issuedAt;
      // Negated because every comparison with NaN is false: a clock that returns no number must not make a token valid.
      if (!(ageMs <= maxAgeMs && ageMs >= -MAX_AHEAD_MS)) continue;
      const secretIndex = this.#keys.findIndex((key, index) => isSignedBy(key, token, digestAt(index)));
      if (secretIndex >= 0) return { id: idOf(token), issuedAt, secretIndex };
    }
    return undefined;
  }
}

/** Whether a login on this device gets a new token: once a day, and at once if an older secret signed the current one. */
export function isRenewalDue({ issuedAt, secretIndex }: KnownDevice, now: number): boolean {
  return secretIndex > 0 || now - issuedAt >= RENEWAL_MS;
}

/** Whether a string has the form of a token, whoever made it. */
export function isToken(text: string): boolean {
  return text.length === TOKEN_CHARS && TOKEN.test(text);
}

export function idOf(token: string): string {
  return token.slice(0, ID_CHARS);
}

function timeOf(token: string): number {
  return Buffer.from(token.slice(ID_CHARS, SIGNED_CHARS), 'base64url').readUIntBE(0, TIME_BYTES);
}

/**
 * Rounds up: a custom clock may return fractions, and a token issued right after a revocation must not seem to be older than
 * it.
 */
function toTimeText(now: number): string {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeUIntBE(Math.min(Math.max(Math.ceil(now), 0), LAST_TIME), 0, TIME_BYTES);
  return bytes.toString('base64url');
}

function newId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

function keyAt(keys: Keys, index: number): KeyObject {
  return keys[index] ?? keys[0];
}

function isSignedBy(key: KeyObject, token: string, digest: string): boolean {
  const expected = sign(key, token.slice(0, SIGNED_CHARS), digest);
  return timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(token.slice(SIGNED_CHARS), 'latin1'));
}

function sign(key: KeyObject, signed: string, digest: string): string {
  const mac = createHmac('sha256', key).update(`${signed}\n${digest}`).digest();
  return mac.subarray(0, MAC_BYTES).toString('base64url');
}
