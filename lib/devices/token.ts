/**
 * What a browser shows that has logged in before: an id, the time of issue, and a signature over both and the exact spelling
 * of the name that logged in. The name is not in it. So it fits only the name that is being tried, and whoever steals it
 * learns no name. All three are one text of base64url: 9, 6 and 16 bytes.
 *
 * Over the spelling, not the folded name: else whoever owns the account `ALICE` could make tokens for `alice`.
 */
import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KnownDevice } from '../subject/attempt.js';
import type { Keys, SecretKeys } from '../util/secret-keys.js';

const ID_BYTES = 9;
const ID_CHARS = 12;
/** Of milliseconds: enough until the year 10889. */
const TIME_BYTES = 6;
const LAST_TIME = 2 ** (8 * TIME_BYTES) - 1;
const SIGNED_CHARS = 20;
const MAC_BYTES = 16;
const TOKEN_CHARS = 42;
/** The last character holds two bits and four zeros: with others there it would be a second text for the same signature. */
const TOKEN = /^[\w-]{41}[AQgw]$/;
/** As many as a cookie holds. */
export const MAX_TOKENS = 5;
/** Clocks of several processes differ. */
const MAX_AHEAD_MS = 5 * 60_000;
const RENEWAL_MS = 24 * 3_600_000;
const PURPOSE = 'passport-lockout device 1 ';
const NAME_PURPOSE = 'passport-lockout device name 1 ';

export class DeviceTokens {
  readonly #keys: Keys;
  readonly #nameKeys: Keys;

  /** @param cookieName - without a prefix; lockouts whose cookies have other names do not know each other's devices */
  constructor(secrets: SecretKeys, cookieName: string) {
    this.#keys = secrets.for(PURPOSE + cookieName);
    this.#nameKeys = secrets.for(NAME_PURPOSE + cookieName);
  }

  /**
   * @param spelling - the name exactly as it was written
   * @param now - epoch milliseconds of the store's clock
   * @param id - of the device whose token is renewed
   */
  issue(spelling: string, now: number, id: string = newId()): string {
    return this.issueForDigest(this.digestOf(spelling), now, 0, id);
  }

  /**
   * Returns what a token signs of a name: an unlock link carries it, and whoever reads the link learns no name.
   *
   * @param secretIndex - the secret that makes it
   */
  digestOf(spelling: string, secretIndex = 0): string {
    // UTF-16: in UTF-8 all halves of surrogate pairs become one character, and two names would have one digest.
    const mac = createHmac('sha256', keyAt(this.#nameKeys, secretIndex)).update(spelling, 'utf16le').digest();
    return mac.subarray(0, MAC_BYTES).toString('base64url');
  }

  /** @param secretIndex - the secret that made the digest, which signs the token, too */
  issueForDigest(digest: string, now: number, secretIndex: number, id: string = newId()): string {
    const signed = id + toTimeText(now);
    return signed + sign(keyAt(this.#keys, secretIndex), signed, digest);
  }

  /**
   * The first token that was issued for this spelling and is neither older than `maxAgeMs` nor from the future.
   *
   * @param tokens - what the client sent; of more than five only the first are looked at
   * @returns undefined where there is none, whatever the texts are: never an error
   */
  recognise(tokens: readonly string[], spelling: string, now: number, maxAgeMs: number): KnownDevice | undefined {
    // Each name is digested once, however many tokens there are: it may be a megabyte.
    const digests: string[] = [];
    const digestAt = (index: number) => (digests[index] ??= this.digestOf(spelling, index));
    for (const token of tokens.slice(0, MAX_TOKENS)) {
      if (!isToken(token)) continue;
      const issuedAt = timeOf(token);
      const ageMs = now - issuedAt;
      // Asked for what must hold, for nothing holds of a clock that gives no number.
      if (!(ageMs <= maxAgeMs && ageMs >= -MAX_AHEAD_MS)) continue;
      const secretIndex = this.#keys.findIndex((key, index) => isSignedBy(key, token, digestAt(index)));
      if (secretIndex >= 0) return { id: idOf(token), issuedAt, secretIndex };
    }
    return undefined;
  }
}

/** Whether a login on this device is to be given a new token: once a day, and at once where an older secret has signed. */
export function isRenewalDue({ issuedAt, secretIndex }: KnownDevice, now: number): boolean {
  return secretIndex > 0 || now - issuedAt >= RENEWAL_MS;
}

/** Whether a text has the form of a token, whoever made it. */
export function isToken(text: string): boolean {
  return text.length === TOKEN_CHARS && TOKEN.test(text);
}

export function idOf(token: string): string {
  return token.slice(0, ID_CHARS);
}

function timeOf(token: string): number {
  return Buffer.from(token.slice(ID_CHARS, SIGNED_CHARS), 'base64url').readUIntBE(0, TIME_BYTES);
}

/** Rounded up: a clock of one's own may give fractions, and what is issued once devices are revoked must not seem to be from before. */
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
