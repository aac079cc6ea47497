/** Selects the text for a client: in its language, and the application's texts before the built-in ones. */

import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import type { AnyRequest, LockoutRequest } from '../subject/attempt.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { asked } from '../util/asked.js';
import { firstEntries } from '../util/list-header.js';
import { invalidOption } from '../validation/invalid-option.js';
import { BUILT_IN_TEXTS, DEFAULT_LOCALE, type MessageTexts, textsReplacedBy } from './texts.js';
import { TimeWords } from './time-left.js';

/** Texts by locale (BCP 47); texts that a locale lacks come from its language, then from English. */
export type Messages = Readonly<Record<string, Partial<MessageTexts>>>;

/** A locale for all clients, or a function of the request that may return undefined to use `Accept-Language`. */
export type LocaleOption = string | ((req: LockoutRequest) => string | undefined);

export interface CatalogueOptions {
  readonly messages?: Messages | undefined;
  readonly locale?: LocaleOption | undefined;
  /** Replaces `locked` in every locale; without a placeholder for the time, also `lockedForever` and `denied`. */
  readonly lockedMessage?: string | undefined;
}

/** Negotiation costs entries times locales: a header of 16 kB would make each refusal take milliseconds. */
const MAX_HEADER_CHARS = 128;
/** A `locale` function may return what a client sent, and parsing tags takes quadratic time; no locale with texts is longer. */
const MAX_LOCALE_CHARS = 64;
const MAX_REMEMBERED = 200;

export class MessageCatalogue {
  /** Whether the language depends on the header `Accept-Language`. */
  readonly isNegotiated: boolean;
  readonly #texts: ReadonlyMap<string, MessageTexts>;
  readonly #localeOption: LocaleOption | undefined;
  readonly #timeWords = new Map<string, TimeWords>();
  readonly #negotiated = new LRUCache<string, string>({ max: MAX_REMEMBERED });

  /** @throws {LockoutConfigError} if `locale` names a locale without texts */
  constructor({ messages = {}, locale, lockedMessage }: CatalogueOptions = {}) {
    this.#texts = collectTexts(messages, lockedMessage);
    this.#localeOption = locale;
    this.isNegotiated = typeof locale !== 'string';
    if (typeof locale !== 'string' || this.#find(locale)) return;
    throw invalidOption('options.locale', `a locale that has texts (${this.locales.join(', ')})`, `"${locale}"`);
  }

  /** English comes first: it is used if nothing else is requested. */
  get locales(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** @returns a locale that has texts */
  localeFor(given: AnyRequest | undefined): string {
    const req = given && toLockoutRequest(given);
    const option = this.#localeOption;
    const wanted = typeof option === 'function' ? req && option(req) : option;
    if (typeof wanted === 'string') return this.#find(wanted) ?? DEFAULT_LOCALE;
    const header = asked(() => req?.headers?.['accept-language']);
    return typeof header === 'string' ? this.#negotiate(header) : DEFAULT_LOCALE;
  }

  /** @param locale - one that `localeFor` returned */
  textsIn(locale: string): MessageTexts {
    return this.#texts.get(locale) as MessageTexts;
  }

  /**
   * Returns the message for a refusal that ends in this many seconds.
   *
   * @param locale - one that `localeFor` returned
   */
  lockedFor(seconds: number, locale: string): string {
    const words = this.#timeWords.get(locale) ?? new TimeWords(locale);
    this.#timeWords.set(locale, words);
    return words.fill(this.textsIn(locale).locked, seconds);
  }

  #negotiate(given: string): string {
    const header = firstEntries(given, MAX_HEADER_CHARS);
    const known = this.#negotiated.get(header);
    if (known) return known;
    const best = new Negotiator({ headers: { 'accept-language': header } }).language([...this.locales]);
    const locale = best ?? DEFAULT_LOCALE;
    this.#negotiated.set(header, locale);
    return locale;
  }

  #find(locale: string): string | undefined {
    return lookup(locale).find((tag) => this.#texts.has(tag));
  }
}

/** Whether a text can name a locale (RFC 5646). */
export function isLocale(text: string): boolean {
  return canonical(text) !== undefined;
}

/** Returns the locale, then the locale without its last parts: zh-Hant-TW, zh-Hant, zh (RFC 4647, section 3.4). */
function lookup(locale: string): readonly string[] {
  const parts = (canonical(locale) ?? '').split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

function canonical(locale: string): string | undefined {
  if (locale.length > MAX_LOCALE_CHARS) return undefined;
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    // RangeError: not a language tag.
    return undefined;
  }
}

function collectTexts(messages: Messages, lockedMessage: string | undefined): ReadonlyMap<string, MessageTexts> {
  const own = new Map(Object.entries(messages).map(([locale, texts]) => [canonical(locale) ?? locale, texts]));
  const replaced = lockedMessage === undefined ? [] : textsReplacedBy(lockedMessage);
  const override = Object.fromEntries(replaced.map((name) => [name, lockedMessage]));
  const locales = new Set([...Object.keys(BUILT_IN_TEXTS), ...own.keys()]);
  return new Map(
    [...locales].map((locale) => {
      const sources = [DEFAULT_LOCALE, ...lookup(locale).toReversed()];
      const texts = sources.flatMap((tag) => [BUILT_IN_TEXTS[tag] ?? {}, withoutGaps(own.get(tag) ?? {})]);
      return [locale, Object.assign({}, ...texts, override) as MessageTexts];
    }),
  );
}

function withoutGaps(texts: Partial<MessageTexts>): Partial<MessageTexts> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
}
