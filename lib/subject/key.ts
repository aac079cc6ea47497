/** The canonical string of a subject. */
import { createHash, createHmac } from 'node:crypto';
import { detached } from '../util/detached.js';

/** The values that make up a subject, by name, in the order of the dimension's name. */
export type SubjectParts = Readonly<Record<string, string>>;

/** One value of a dimension. */
export interface Subject {
  readonly dimension: string;
  /** In clear, for events in this process. */
  readonly parts: SubjectParts;
  /** As a store may keep them: the same, or pseudonyms; long ones hashed. */
  readonly storedParts: SubjectParts;
  readonly key: string;
}

const MAX_PART_CHARS = 256;
/** Longer texts of a source are cut, and told apart by a digest. */
const MAX_SOURCE_CHARS = 64;
/** Of base64url: 128 bits, so that nobody finds two texts with the same one. */
const DIGEST_CHARS = 22;
/** Stands before what is hashed, so that no pseudonym is a digest. */
const SOURCE_PURPOSE = 'passport-lockout source 1\n';
const SPECIAL = /[%&=]/;
/** What stands for a value in a store. */
const STORED = /^%(?:sha256:[0-9a-f]{64}|hmac:[\w-]{43})$/;
const ALL_SPECIAL = /[%&=]/g;
const ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '&': '%26', '=': '%3D' };

/**
 * Makes keys such as `username=alice` and `ip=203.0.113.9&username=alice`.
 *
 * Separators inside values are escaped, so no choice of a username can spell the key of an address or of a pair; values
 * over 256 characters are hashed, so neither a key nor a record is long.
 */
export class KeyMaker {
  readonly #secret: string | undefined;
  /** Makes the keys of records that were begun under earlier secrets. */
  readonly previous: readonly KeyMaker[];

  /**
   * @param secret - given, every value becomes a pseudonym: HMAC-SHA-256 (RFC 2104). Without the secret it can neither be
   * read nor, as the plain hash of an address could, be found by trying all values.
   * @param previous - earlier secrets; one that is named twice makes one key, or an attempt would wait for a slot that it holds
   */
  constructor(secret?: string, previous: readonly string[] = []) {
    this.#secret = secret;
    this.previous = [...new Set(previous)]
      .filter((earlier) => earlier !== secret)
      .map((earlier) => new KeyMaker(earlier));
  }

  /** The same under every secret, the current one first. */
  get all(): readonly KeyMaker[] {
    return [this, ...this.previous];
  }

  toSubject(dimension: string, parts: SubjectParts): Subject {
    const storedParts = this.toStoredParts(parts);
    return { dimension, parts, storedParts, key: keyOf(storedParts, parts) };
  }

  /**
   * The key of what a record or an entry of the log is made of, of which nobody need know what a hash or a pseudonym stands for.
   * With a secret every value is a pseudonym. Without one a name that is written as a hash is taken for one: good for looking,
   * never for counting.
   */
  toStoredKey(storedParts: SubjectParts): string {
    return keyOf(storedParts, undefined);
  }

  toStoredParts(parts: SubjectParts): SubjectParts {
    const stored: Record<string, string> = {};
    let isSame = true;
    for (const name in parts) {
      const value = parts[name] as string;
      stored[name] = this.toStored(value);
      isSame &&= stored[name] === value;
    }
    return isSame ? parts : stored;
  }

  /**
   * A text of which a record remembers only whether it was the same, in at most 86 characters: as it is, cut where it is long,
   * or with a secret as a digest that is bound to the record. A cut text with its digest is longer than any that is kept whole,
   * so nobody can be called like it.
   */
  toSourceText({ key }: Subject, text: string): string {
    if (this.#secret !== undefined)
      return hmac(this.#secret, `${SOURCE_PURPOSE}${key}\n${text}`, 'utf16le').slice(0, DIGEST_CHARS);
    if (text.length <= MAX_SOURCE_CHARS) return text;
    return detached(`${text.slice(0, MAX_SOURCE_CHARS)}${sha256(`${SOURCE_PURPOSE}${text}`).slice(0, DIGEST_CHARS)}`);
  }

  /** One value as a store may keep it: as it is, hashed where it is long, or as a pseudonym. */
  toStored(value: string): string {
    if (this.#secret !== undefined) return pseudonym(this.#secret, value);
    return value.length > MAX_PART_CHARS ? hash(value) : value;
  }
}

/**
 * Hashes and pseudonyms stand as they are: `%` before `s` or `h` cannot come out of the escape, so no name can spell one.
 *
 * @param parts - in clear; undefined where nobody knows what a hash stands for
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

function escapePart(value: string): string {
  return value.replace(ALL_SPECIAL, (char) => ESCAPES[char] as string);
}

function hash(value: string): string {
  return `%sha256:${createHash('sha256').update(value).digest('hex')}`;
}

function pseudonym(secret: string, value: string): string {
  return `%hmac:${hmac(secret, value)}`;
}

/** @param encoding - UTF-16 where halves of pairs must stay apart: in UTF-8 all of them are one character */
function hmac(secret: string, value: string, encoding: 'utf8' | 'utf16le' = 'utf8'): string {
  return createHmac('sha256', secret).update(value, encoding).digest('base64url');
}

function sha256(value: string): string {
  return createHash('sha256').update(value, 'utf16le').digest('base64url');
}
