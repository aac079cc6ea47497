import { expect } from 'chai';
import { type CatalogueOptions, isLocale, MessageCatalogue } from '../../lib/messages/catalogue.js';
import { BUILT_IN_TEXTS, tellsTime } from '../../lib/messages/texts.js';

/** What django-axes ships, and what we are sure of besides. */
const LOCALES = ['ar', 'de', 'en', 'es', 'fa', 'fr', 'id', 'it', 'ja', 'nl', 'pl', 'pt', 'ru', 'tr', 'zh'];

const asking = (language?: string) => ({ headers: language === undefined ? {} : { 'accept-language': language } });

describe('MessageCatalogue', () => {
  const localeFor = (language?: string, options: CatalogueOptions = {}) =>
    new MessageCatalogue(options).localeFor(asking(language));

  it('has every text in every language of django-axes, and in six more', () => {
    expect(Object.keys(BUILT_IN_TEXTS)).to.have.members(LOCALES);
    for (const texts of Object.values(BUILT_IN_TEXTS)) {
      expect(texts).to.have.all.keys('locked', 'lockedForever', 'denied', 'storeUnavailable', 'title', 'back');
      expect(new Set(Object.values(texts)).size).to.equal(6);
      expect(Object.values(texts).filter(tellsTime)).to.deep.equal([texts.locked]);
    }
  });

  const NEGOTIATED = [
    { header: undefined, locale: 'en' },
    { header: '', locale: 'en' },
    { header: '*', locale: 'en' },
    { header: 'de', locale: 'de' },
    { header: 'DE-at', locale: 'de' },
    { header: 'sv', locale: 'en' },
    { header: 'sv, fr;q=0.4', locale: 'fr' },
    { header: 'fr;q=0.4, de;q=0.8', locale: 'de' },
    { header: 'de;q=0, fr;q=0.1', locale: 'fr' },
    { header: 'zh-Hans-CN,zh;q=0.9', locale: 'zh' },
    { header: '<script>, ;;q=x', locale: 'en' },
  ];
  for (const { header, locale } of NEGOTIATED) {
    it(`answers Accept-Language: ${header ?? 'none'} in ${locale}`, () => {
      expect(localeFor(header)).to.equal(locale);
    });
  }

  it('answers in English if there is no request, or one without headers', () => {
    expect(new MessageCatalogue().localeFor(undefined)).to.equal('en');
    expect(new MessageCatalogue().localeFor({})).to.equal('en');
  });

  it('reads only the beginning of a long header, and whole entries', () => {
    const filler = Array.from({ length: 50 }, (_, index) => `xx-${String(index).padStart(3, '0')}`);
    expect(localeFor(['de', ...filler].join(','))).to.equal('de');
    expect(localeFor([...filler, 'de'].join(','))).to.equal('en');
    // The cut falls behind the "de" of "den", which is another language.
    const padding = 'x'.repeat(124);
    expect(localeFor(`${padding},den`)).to.equal('en');
  });

  it('uses the locale option for every client, whatever its headers say', () => {
    expect(localeFor('fr', { locale: 'de' })).to.equal('de');
    expect(localeFor('fr', { locale: 'de-AT' })).to.equal('de');
    expect(new MessageCatalogue({ locale: 'de' }).localeFor(undefined)).to.equal('de');
    expect(new MessageCatalogue({ locale: 'de' }).isNegotiated).to.equal(false);
  });

  const BY_FUNCTION = [
    { returned: 'nl', locale: 'nl' },
    { returned: 'nl-BE', locale: 'nl' },
    { returned: 'sv', locale: 'en' },
    { returned: 'no such', locale: 'en' },
    { returned: undefined, locale: 'fr' },
  ];
  for (const { returned, locale } of BY_FUNCTION) {
    it(`uses ${locale} if the locale function returns ${returned ?? 'nothing'}`, () => {
      expect(localeFor('fr', { locale: () => returned })).to.equal(locale);
    });
  }

  it('passes the request to the locale function', () => {
    const options = { locale: ({ url }: { url?: string | undefined }) => url?.slice(1, 3) };
    expect(new MessageCatalogue(options).localeFor({ url: '/de/login' })).to.equal('de');
  });

  it('prefers the words of the application to the built-in ones, text by text', () => {
    const catalogue = new MessageCatalogue({ messages: { de: { locked: 'Gesperrt.' } } });
    expect(catalogue.textsIn('de')).to.deep.equal({ ...BUILT_IN_TEXTS['de'], locked: 'Gesperrt.' });
    expect(catalogue.textsIn('en')).to.deep.equal(BUILT_IN_TEXTS['en']);
  });

  it('accepts further locales, which fall back to their language, then to English', () => {
    const messages = {
      de: { title: 'Halt' },
      'de-ch': { locked: 'Gsperrt.' },
      sv: { locked: 'Låst.' },
      en: { title: 'Stop', back: undefined as never },
    };
    const catalogue = new MessageCatalogue({ messages });
    expect(catalogue.localeFor(asking('de-CH'))).to.equal('de-CH');
    expect(catalogue.localeFor(asking('de-AT'))).to.equal('de');
    expect(catalogue.textsIn('de-CH')).to.deep.equal({ ...BUILT_IN_TEXTS['de'], title: 'Halt', locked: 'Gsperrt.' });
    expect(catalogue.localeFor(asking('sv-SE'))).to.equal('sv');
    expect(catalogue.textsIn('sv')).to.deep.equal({ ...BUILT_IN_TEXTS['en'], title: 'Stop', locked: 'Låst.' });
  });

  it('uses lockedMessage for every refusal of a login in every locale, and for nothing else', () => {
    const catalogue = new MessageCatalogue({ lockedMessage: 'No.', messages: { de: { locked: 'Gesperrt.' } } });
    expect(catalogue.locales).to.have.members(LOCALES);
    for (const locale of catalogue.locales) {
      expect(catalogue.textsIn(locale)).to.deep.equal({
        ...BUILT_IN_TEXTS[locale],
        locked: 'No.',
        lockedForever: 'No.',
        denied: 'No.',
      });
    }
  });

  it('uses a lockedMessage with a time for locks that end, and for nothing else', () => {
    const catalogue = new MessageCatalogue({ lockedMessage: 'Come back {when}.' });
    for (const locale of catalogue.locales) {
      expect(catalogue.textsIn(locale)).to.deep.equal({ ...BUILT_IN_TEXTS[locale], locked: 'Come back {when}.' });
    }
    expect(catalogue.lockedFor(900, 'fr')).to.equal('Come back dans 15 minutes.');
  });

  it('recognizes what may name a locale', () => {
    expect(['de', 'pt-BR', 'zh-Hant-TW', 'DE'].filter(isLocale)).to.have.length(4);
    expect(['', 'd', 'de_DE', '__proto__', 'a b'].filter(isLocale)).to.deep.equal([]);
  });
});
