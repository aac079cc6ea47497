/** Whether a request contains a name together with a password, as far as can be determined without the strategy. */
import type { LockoutRequest } from '../../subject/attempt.js';
import { asked } from '../../util/asked.js';
import type { Profile } from './profile.js';
import { lookInForm, MAX_NAME_CHARS } from './sent-fields.js';

/** Servers reject longer headers. */
const MAX_HEADER_CHARS = 16_384;
/** RFC 7617. */
const BASIC = /^basic +([\w+/-]+=*) *$/i;
/** A new word starts between two adjacent characters like these: `zipCode`, `PINCode`, `pin2`. */
const WORD_BORDER = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|[^A-Za-z0-9]+/;
const NUMBER = /^\d+$/;
/** Written as one word, and not contained in any other. */
const PASSWORD = /pass(?:word|wd|wort|phrase|code)$/;
const SECRETS: ReadonlySet<string> = new Set(['pass', 'pwd', 'pw', 'pin', 'secret', 'otp', 'totp']);
/** Words that make a code a secret; a `zipCode` is not one. */
const CODES: ReadonlySet<string> = new Set([
  ...['login', 'auth', 'access', 'security', 'sms', 'mfa', 'otp', 'totp'],
  ...['verification', 'confirmation', 'time', 'backup', 'recovery'],
]);
const NAME =
  /^(?:user|login|e?mail|account|member|customer|phone|mobile|nick|handle|identi)|^(?:user|login|nick|account)?name$/;
/** Words that turn the preceding word into a name: an `accountNumber`. */
const IDENTIFIERS: ReadonlySet<string> = new Set(['address', 'id', 'no', 'nr', 'number']);

/** @param where - where strategies of this kind look for credentials */
export function hasFilledCredentials(req: LockoutRequest, where: Profile['passwordsIn']): boolean {
  if (where === 'nowhere') return false;
  if (where !== 'form' && basicName(req) !== undefined) return true;
  const has = (isSuch: (words: readonly string[]) => boolean) =>
    lookInForm(req, (field) => field.length <= MAX_NAME_CHARS && isSuch(wordsOf(field))) === 'stopped';
  return where !== 'header' && has(areOfUser) && has(areOfPassword);
}

/** Returns the name in a Basic header that contains a password as well. */
export function basicName(req: LockoutRequest): string | undefined {
  const header = asked(() => req.headers?.['authorization']);
  if (typeof header !== 'string' || header.length > MAX_HEADER_CHARS) return undefined;
  const credentials = Buffer.from(BASIC.exec(header)?.[1] ?? '', 'base64').toString();
  const colon = credentials.indexOf(':');
  return colon > 0 && colon < credentials.length - 1 ? credentials.slice(0, colon) : undefined;
}

function areOfUser(words: readonly string[]): boolean {
  return words.some((word) => NAME.test(word));
}

/** Whether a field holds a username and nothing else. Decided by its last word, since a `user_secret` in any language does not. */
export function isNameOfUser(field: string): boolean {
  if (field.length > MAX_NAME_CHARS) return false;
  const words = wordsOf(field);
  const last = words.at(-1) ?? '';
  return NAME.test(last) || (IDENTIFIERS.has(last) && areOfUser(words));
}

/** Decided by the last word: a `tokenId` or a `passwordHint` is not a password. */
function areOfPassword(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  if (PASSWORD.test(last) || SECRETS.has(last)) return true;
  return last === 'code' && CODES.has(words.at(-2) ?? '');
}

/** Drops numbers, so `password2` matches as well. */
function wordsOf(field: string): readonly string[] {
  const words = field.split(WORD_BORDER).filter((word) => word !== '' && !NUMBER.test(word));
  return words.map((word) => word.toLowerCase());
}
