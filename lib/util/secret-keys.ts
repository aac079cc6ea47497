/** The keys that are made of one secret, one for each purpose: a text signed for one is worth nothing for another. */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** One for each secret, the first of which signs; all are accepted. Printing one does not show it. */
export type Keys = readonly [signing: KeyObject, ...accepted: KeyObject[]];

/** The secrets are private, so that nobody who prints what has them, however deeply, prints them. */
export class SecretKeys {
  readonly #secrets: readonly [string, ...string[]];

  /** @param secret - one, or a list that is not empty: checked where options are. */
  constructor(secret: string | readonly string[]) {
    // One that is named twice would be tried twice.
    this.#secrets = [...new Set([secret].flat())] as [string, ...string[]];
  }

  /**
   * By HKDF-SHA-256 (RFC 5869), whose `info` is the purpose. No salt: processes must agree without a word.
   *
   * @param purpose - at most 1,024 bytes; differs for whatever must not be taken for each other
   */
  for(purpose: string): Keys {
    const toKey = (secret: string) => createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES)));
    const [signing, ...accepted] = this.#secrets;
    return [toKey(signing), ...accepted.map(toKey)];
  }
}
