import { expect } from 'chai';
import { directionOf, timeLeft } from '../../lib/messages/time-left.js';

describe('messages/time-left', () => {
  const TIMES = [
    { seconds: 1, text: '1 second' },
    { seconds: 59, text: '59 seconds' },
    { seconds: 60, text: '1 minute' },
    { seconds: 61, text: '2 minutes' },
    { seconds: 3_600, text: '1 hour' },
    { seconds: 3_601, text: '2 hours' },
    { seconds: 86_400, text: '1 day' },
    { seconds: 86_401, text: '2 days' },
    { seconds: 0, text: '0 seconds' },
  ];
  for (const { seconds, text } of TIMES) {
    it(`says "${text}" of ${seconds} s, never less than is left`, () => {
      expect(timeLeft(seconds, 'en')).to.equal(text);
    });
  }

  const LANGUAGES = [
    { locale: 'de', text: '15 Minuten' },
    { locale: 'fr', text: '15 minutes' },
    { locale: 'nl', text: '15 minuten' },
    { locale: 'pl', text: '15 minut' },
    { locale: 'ru', text: '15 минут' },
    { locale: 'tr', text: '15 dakika' },
    { locale: 'ja', text: '15 分' },
  ];
  for (const { locale, text } of LANGUAGES) {
    it(`says "${text}" in ${locale}`, () => {
      expect(timeLeft(900, locale)).to.equal(text);
    });
  }

  for (const [locale, direction] of [
    ['en', 'ltr'],
    ['ar', 'rtl'],
    ['fa', 'rtl'],
    ['he-IL', 'rtl'],
    ['az-Arab', 'rtl'],
    ['ja', 'ltr'],
  ] as const) {
    it(`says that ${locale} is read ${direction}`, () => {
      expect(directionOf(locale)).to.equal(direction);
    });
  }
});
