import { expect } from 'chai';
import { MessageCatalogue } from '../../lib/messages/catalogue.js';
import { directionOf, TimeWords } from '../../lib/messages/time-left.js';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

describe('TimeWords', () => {
  const TIMES = [
    { seconds: 1, text: 'in 1 second / 1 second' },
    { seconds: 59, text: 'in 59 seconds / 59 seconds' },
    { seconds: MINUTE, text: 'in 1 minute / 1 minute' },
    { seconds: MINUTE + 1, text: 'in 2 minutes / 2 minutes' },
    { seconds: HOUR - 1, text: 'in 1 hour / 1 hour' },
    { seconds: HOUR + 1, text: 'in 61 minutes / 61 minutes' },
    { seconds: 2 * HOUR - 1, text: 'in 2 hours / 2 hours' },
    { seconds: 2 * HOUR, text: 'in 2 hours / 2 hours' },
    { seconds: 2 * HOUR + 1, text: 'in 3 hours / 3 hours' },
    { seconds: DAY, text: 'in 1 day / 1 day' },
    { seconds: DAY + 1, text: 'in 25 hours / 25 hours' },
    { seconds: 2 * DAY + 1, text: 'in 3 days / 3 days' },
  ];
  for (const { seconds, text } of TIMES) {
    it(`has the words "${text}" for ${seconds} s, never less than is left`, () => {
      expect(new TimeWords('en').fill('{when} / {duration}', seconds)).to.equal(text);
    });
  }

  it('has its own words for each text, number and unit, whatever it was last asked for', () => {
    const words = new TimeWords('en');
    const asked = [5, 5 * MINUTE, 5 * HOUR, 6 * HOUR, 6 * HOUR].map((seconds) => words.fill('{duration}', seconds));
    expect(asked).to.deep.equal(['5 seconds', '5 minutes', '5 hours', '6 hours', '6 hours']);
    expect(words.fill('{when}', 6 * HOUR)).to.equal('in 6 hours');
  });

  it('uses English words for an unknown language', () => {
    expect(new TimeWords('tlh').fill('{when}, {duration}', 900)).to.equal('in 15 minutes, 15 minutes');
  });

  /** The whole sentence: languages bend the words by the number, and after a preposition. */
  const SENTENCES = [
    ['en', 2 * HOUR, 'Too many failed logins. Try again in 2 hours.'],
    ['de', 2 * DAY, 'Zu viele fehlgeschlagene Anmeldungen. Bitte versuchen Sie es in 2 Tagen noch einmal.'],
    ['es', MINUTE, 'Demasiados intentos de inicio de sesión fallidos. Inténtelo de nuevo dentro de 1 minuto.'],
    ['fr', DAY, 'Trop de tentatives de connexion ont échoué. Veuillez réessayer dans 1 jour.'],
    ['id', 900, 'Terlalu banyak percobaan login yang gagal. Silakan coba lagi dalam 15 menit.'],
    ['it', 2 * HOUR, 'Troppi tentativi di accesso non riusciti. Riprova tra 2 ore.'],
    ['ja', 900, 'ログインの失敗回数が多すぎます。15 分後にもう一度お試しください。'],
    ['nl', 2 * DAY, 'Te veel mislukte aanmeldpogingen. Probeer het over 2 dagen opnieuw.'],
    ['pl', 2 * HOUR, 'Zbyt wiele nieudanych prób logowania. Spróbuj ponownie za 2 godziny.'],
    ['pl', 5 * HOUR, 'Zbyt wiele nieudanych prób logowania. Spróbuj ponownie za 5 godzin.'],
    ['pt', 900, 'Muitas tentativas de acesso falharam. Tente novamente em 15 minutos.'],
    ['ru', MINUTE, 'Слишком много неудачных попыток входа. Повторите попытку через 1 минуту.'],
    ['ru', 3 * HOUR, 'Слишком много неудачных попыток входа. Повторите попытку через 3 часа.'],
    ['tr', 900, 'Çok fazla başarısız giriş denemesi. Lütfen 15 dakika sonra tekrar deneyin.'],
    ['zh', 900, '登录失败次数过多。请在15分钟后再试。'],
    ['fa', 900, 'تعداد تلاش‌های ناموفق برای ورود بیش از حد است. لطفاً ۱۵ دقیقه بعد دوباره تلاش کنید.'],
    ['ar', 2 * HOUR, 'محاولات تسجيل دخول فاشلة كثيرة جدًا. يُرجى المحاولة مرة أخرى لاحقًا. الوقت المتبقي: ساعتان.'],
  ] as const;
  for (const [locale, seconds, sentence] of SENTENCES) {
    it(`X45 writes ${seconds} s in ${locale} as: ${sentence}`, () => {
      expect(new MessageCatalogue().lockedFor(seconds, locale)).to.equal(sentence);
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
    it(`sets the direction of ${locale} to ${direction}`, () => {
      expect(directionOf(locale)).to.equal(direction);
    });
  }
});
