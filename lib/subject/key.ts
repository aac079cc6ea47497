/** The canonical string of a subject. */
import { createHash, createHmac } from 'node:crypto';
import { detached } from '../util/detached.js';

/** The values that make up a subject, by name, in the order of the dimension's name. */
export type SubjectParts = Readonly<Record<string, string>>;

/** One value of a dimension. */
export interface Subject {
  /** The name of the dimension, such as `ip+username`. */
  readonly dimension: string;
  /** Clear values, for events in this process. */
  readonly parts: SubjectParts;
  /** Values as stores keep them: the same, or pseudonyms; long ones hashed. */
  readonly storedParts: SubjectParts;
  /** The canonical string of the subject, by which stores keep it. */
  readonly key: string;
}

const MAX_PART_CHARS = 256;
/** Longer strings of a source are cut, and distinguished by a digest. */
const MAX_SOURCE_CHARS = 64;
/** Characters of base64url: 128 bits, so that nobody finds two strings with the same digest. */
const DIGEST_CHARS = 22;
/** Prefix of the hashed input, so that no pseudonym equals a digest. */
const SOURCE_PURPOSE = 'passport-lockout source 1\n';
const SPECIAL = /[%&=]/;
const PSEUDONYM = /^%hmac:[\w-]{43}$/;
/** A hash or a pseudonym in place of a value. */
const STORED = /^%(?:sha256:[0-9a-f]{64}|hmac:[\w-]{43})$/;
const ALL_SPECIAL = /[%&=]/g;
const ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '&': '%26', '=': '%3D' };
const ESCAPED = /%(?:25|26|3D)/g;
const UNESCAPED: Readonly<Record<string, string>> = { '%25': '%', '%26': '&', '%3D': '=' };

/**
 * Makes keys such as `username=alice` and `ip=203.0.113.9&username=alice`.
 *
 * Separators inside values are escaped, so no username can spell the key of an address or of a pair; values over 256 characters
 * are hashed, so neither a key nor a record is long.
 */
export class KeyMaker {
  readonly #secret: string | undefined;
  /** Whether every value becomes a pseudonym. */
  readonly hasSecret: boolean;
  /** Key makers for records that were begun under earlier secrets. */
  readonly previous: readonly KeyMaker[];

  /**
   * @param secret - if given, every value becomes a pseudonym: HMAC-SHA-256 (RFC 2104). Without the secret it can neither be
   * read nor, as the plain hash of an address could, be found by trying all values.
   * @param previous - earlier secrets; duplicates are dropped, or an attempt would wait for a slot that it holds itself
   */
  constructor(secret?: string, previous: readonly string[] = []) {
    this.#secret = secret;
    this.hasSecret = secret !== undefined;
    this.previous = [...new Set(previous)]
      .filter((earlier) => earlier !== secret)
      .map((earlier) => new KeyMaker(earlier));
  }

  /** Key makers for every secret, the current one first. */
  get all(): readonly KeyMaker[] {
    return [this, ...this.previous];
  }

  toSubject(dimension: string, parts: SubjectParts): Subject {
    let key = '';
    for (const name in parts) {
      const value = parts[name] as string;
      if (this.#secret !== undefined || value.length > MAX_PART_CHARS || SPECIAL.test(value)) {
        const storedParts = this.toStoredParts(parts);
        return { dimension, parts, storedParts, key: keyOf(storedParts, parts) };
      }
      key += `${key === '' ? '' : '&'}${name}=${value}`;
    }
    // Nearly all of them: stored as they are, and nothing in them is escaped.
    return { dimension, parts, storedParts: parts, key };
  }

  /**
   * Returns the key for the parts of a record or of a log entry, without knowing the values behind hashes and pseudonyms. With a
   * secret every value is a pseudonym. Without one, a name that looks like a hash is taken for one: good for looking up, never
   * for counting.
   */
  toStoredKey(storedParts: SubjectParts): string {
    return keyOf(storedParts, undefined);
  }

  toStoredParts(parts: SubjectParts): SubjectParts {
    let isSame = this.#secret === undefined;
    for (const name in parts) if ((parts[name] as string).length > MAX_PART_CHARS) isSame = false;
    if (isSame) return parts;
    const stored: Record<string, string> = {};
    for (const name in parts) {
      stored[name] = this.toStored(parts[name] as string);
    }
    return stored;
  }

  /** Whether attempts may still look for a record of these parts: with a secret all are pseudonyms, without one none. Whose, nobody knows. */
  mayHaveStored(storedParts: SubjectParts): boolean {
    return Object.values(storedParts).every((value) => PSEUDONYM.test(value) === this.hasSecret);
  }

  /**
   * Returns the strings of a source in at most 86 characters each, good only for comparing: as it is, cut if it is long, or with a secret
   * as a digest that is bound to the record. A cut string with its digest is longer than any that is kept whole, so no name can
   * equal it.
   */
  toSource(subject: Subject, place: string, spelling: string): { readonly place: string; readonly spelling: string } {
    const isShort = place.length <= MAX_SOURCE_CHARS && spelling.length <= MAX_SOURCE_CHARS;
    if (this.#secret === undefined && isShort) return { place, spelling };
    return { place: this.#toSourceText(subject, place), spelling: this.#toSourceText(subject, spelling) };
  }

  #toSourceText({ key }: Subject, text: string): string {
    if (this.#secret !== undefined)
      return hmac(this.#secret, `${SOURCE_PURPOSE}${key}\n${text}`, 'utf16le').slice(0, DIGEST_CHARS);
    if (text.length <= MAX_SOURCE_CHARS) return text;
    return detached(`${text.slice(0, MAX_SOURCE_CHARS)}${sha256(`${SOURCE_PURPOSE}${text}`).slice(0, DIGEST_CHARS)}`);
  }

  /** Returns a value as a store keeps it: as it is, hashed if it is long, or as a pseudonym. */
  toStored(value: string): string {
    if (this.#secret !== undefined) return pseudonym(this.#secret, value);
    return value.length > MAX_PART_CHARS ? hash(value) : value;
  }
}

/**
 * Hashes and pseudonyms stay as they are: `%` before `s` or `h` never comes out of the escape, so no name can spell one.
 *
 * @param parts - in clear; undefined if the value behind a hash is unknown
 */
function keyOf(storedParts: SubjectParts, parts: SubjectParts | undefined): string {
  let key = '';
  for (const name in storedParts) {
    const value = storedParts[name] as string;
    const isStandIn = parts ? value !== parts[name] : STORED.test(value);
    key += `${key === '' ? '' : '&'}${name}=${isStandIn || !SPECIAL.test(value) ? value : escapePart(value)}`;
  }
  return key;
}

/** Whether a stored value is a hash or a pseudonym. Without a secret, a name may look like one: good for looking up only. */
export function isStandIn(stored: string): boolean {
  return STORED.test(stored);
}

/** Returns the parts of a key as they are stored with it: hashes and pseudonyms as they are. */
export function storedPartsOf(key: string): SubjectParts {
  const parts = key.split('&').map((part): [string, string] => {
    const at = part.indexOf('=');
    const value = part.slice(at + 1);
    return [part.slice(0, at), STORED.test(value) ? value : value.replace(ESCAPED, (code) => UNESCAPED[code] ?? code)];
  });
  return Object.fromEntries(parts);
}

function escapePart(value: string): string {
  return value.replace(ALL_SPECIAL, (char) => ESCAPES[char] as string);
}

function hash(value: string): string {
  return `%sha256:${createHash('sha256').update(value).digest('hex')}`;
}

function pseudonym(secret: string, value: string): string {
  return `%hmac:${hmac(secret, value)}`;
}

/** @param encoding - UTF-16 if lone surrogates must stay distinct: UTF-8 encodes all of them alike */
function hmac(secret: string, value: string, encoding: 'utf8' | 'utf16le' = 'utf8'): string {
  return createHmac('sha256', secret).update(value, encoding).digest('base64url');
}

function sha256(value: string): string {
  return createHash('sha256').update(value, 'utf16le').digest('base64url');
}
