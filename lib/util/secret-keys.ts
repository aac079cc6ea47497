/** Derives one key per purpose from a secret: a text signed for one purpose is invalid for any other. */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** One key for each secret: the first one signs, all are accepted. Printing the object does not reveal them. */
export type Keys = readonly [signing: KeyObject, ...accepted: KeyObject[]];

/** The secrets are private, so that printing an object that contains this one, however deeply, does not reveal them. */
export class SecretKeys {
  readonly #secrets: readonly [string, ...string[]];

  /** @param secret - one, or a list that is not empty; the options check has validated it */
  constructor(secret: string | readonly string[]) {
    // A duplicate would be tried twice.
    this.#secrets = [...new Set([secret].flat())] as [string, ...string[]];
  }

  /**
   * Derives the keys with HKDF-SHA-256 (RFC 5869), using the purpose as `info`. There is no salt: processes must derive the
   * same keys without communicating.
   *
   * @param purpose - at most 1,024 bytes; must differ for texts that must not be mistaken for each other
   */
  for(purpose: string): Keys {
    const toKey = (secret: string) => createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES)));
    const [signing, ...accepted] = this.#secrets;
    return [toKey(signing), ...accepted.map(toKey)];
  }
}
