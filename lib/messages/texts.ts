/** Every text that a client may see, in the built-in languages. */

/** No text may reveal whether a user exists: known and unknown names get the same one. */
export interface MessageTexts {
  /** A refusal that ends by itself; `{when}` becomes "in 15 minutes", `{duration}` "15 minutes". */
  readonly locked: string;
  /** A lock that holds until an operator lifts it. */
  readonly lockedForever: string;
  /** A refusal whose reason is not disclosed. */
  readonly denied: string;
  /** The store failed. */
  readonly storeUnavailable: string;
  /** Title and heading of the built-in page. */
  readonly title: string;
  /** The link back on the built-in page, if there is one. */
  readonly back: string;
}

/** The only text with a time. */
const TIMED_TEXT = 'locked' satisfies keyof MessageTexts;
/** Returns the texts that `lockedMessage` replaces: if it has a time, only that of refusals that end. */
export function textsReplacedBy(lockedMessage: string): readonly (keyof MessageTexts)[] {
  return tellsTime(lockedMessage) ? [TIMED_TEXT] : [TIMED_TEXT, 'lockedForever', 'denied'];
}

/** Whether a text has a placeholder for the time left. */
export function tellsTime(text: string): boolean {
  return text.includes('{when}') || text.includes('{duration}');
}

export const DEFAULT_LOCALE = 'en';

/** English, the nine languages of django-axes, and five more. */
export const BUILT_IN_TEXTS: Readonly<Record<string, MessageTexts>> = {
  en: {
    locked: 'Too many failed logins. Try again {when}.',
    lockedForever: 'Too many failed logins. Please contact an administrator.',
    denied: 'Too many failed logins. Try again later.',
    storeUnavailable: 'Logins are not possible at the moment. Please try again later.',
    title: 'Login refused',
    back: 'Back',
  },
  ar: {
    locked: 'محاولات تسجيل دخول فاشلة كثيرة جدًا. يُرجى المحاولة مرة أخرى لاحقًا. الوقت المتبقي: {duration}.',
    lockedForever: 'محاولات تسجيل دخول فاشلة كثيرة جدًا. يُرجى الاتصال بالمسؤول.',
    denied: 'محاولات تسجيل دخول فاشلة كثيرة جدًا. يُرجى المحاولة مرة أخرى لاحقًا.',
    storeUnavailable: 'تسجيل الدخول غير ممكن حاليًا. يُرجى المحاولة مرة أخرى لاحقًا.',
    title: 'تم رفض تسجيل الدخول',
    back: 'رجوع',
  },
  de: {
    locked: 'Zu viele fehlgeschlagene Anmeldungen. Bitte versuchen Sie es {when} noch einmal.',
    lockedForever: 'Zu viele fehlgeschlagene Anmeldungen. Bitte wenden Sie sich an die Administration.',
    denied: 'Zu viele fehlgeschlagene Anmeldungen. Bitte versuchen Sie es später noch einmal.',
    storeUnavailable: 'Anmeldungen sind zurzeit nicht möglich. Bitte versuchen Sie es später noch einmal.',
    title: 'Anmeldung abgelehnt',
    back: 'Zurück',
  },
  es: {
    locked: 'Demasiados intentos de inicio de sesión fallidos. Inténtelo de nuevo {when}.',
    lockedForever: 'Demasiados intentos de inicio de sesión fallidos. Póngase en contacto con un administrador.',
    denied: 'Demasiados intentos de inicio de sesión fallidos. Inténtelo de nuevo más tarde.',
    storeUnavailable: 'No es posible iniciar sesión en este momento. Inténtelo de nuevo más tarde.',
    title: 'Inicio de sesión rechazado',
    back: 'Volver',
  },
  fa: {
    locked: 'تعداد تلاش‌های ناموفق برای ورود بیش از حد است. لطفاً {when} دوباره تلاش کنید.',
    lockedForever: 'تعداد تلاش‌های ناموفق برای ورود بیش از حد است. لطفاً با مدیر تماس بگیرید.',
    denied: 'تعداد تلاش‌های ناموفق برای ورود بیش از حد است. لطفاً بعداً دوباره تلاش کنید.',
    storeUnavailable: 'در حال حاضر ورود ممکن نیست. لطفاً بعداً دوباره تلاش کنید.',
    title: 'ورود پذیرفته نشد',
    back: 'بازگشت',
  },
  fr: {
    locked: 'Trop de tentatives de connexion ont échoué. Veuillez réessayer {when}.',
    lockedForever: 'Trop de tentatives de connexion ont échoué. Veuillez contacter un administrateur.',
    denied: 'Trop de tentatives de connexion ont échoué. Veuillez réessayer plus tard.',
    storeUnavailable: 'La connexion est impossible pour le moment. Veuillez réessayer plus tard.',
    title: 'Connexion refusée',
    back: 'Retour',
  },
  id: {
    locked: 'Terlalu banyak percobaan login yang gagal. Silakan coba lagi {when}.',
    lockedForever: 'Terlalu banyak percobaan login yang gagal. Silakan hubungi administrator.',
    denied: 'Terlalu banyak percobaan login yang gagal. Silakan coba lagi nanti.',
    storeUnavailable: 'Saat ini login tidak dapat dilakukan. Silakan coba lagi nanti.',
    title: 'Login ditolak',
    back: 'Kembali',
  },
  it: {
    locked: 'Troppi tentativi di accesso non riusciti. Riprova {when}.',
    lockedForever: 'Troppi tentativi di accesso non riusciti. Contatta un amministratore.',
    denied: 'Troppi tentativi di accesso non riusciti. Riprova più tardi.',
    storeUnavailable: 'Al momento non è possibile accedere. Riprova più tardi.',
    title: 'Accesso rifiutato',
    back: 'Indietro',
  },
  ja: {
    locked: 'ログインの失敗回数が多すぎます。{when}にもう一度お試しください。',
    lockedForever: 'ログインの失敗回数が多すぎます。管理者にお問い合わせください。',
    denied: 'ログインの失敗回数が多すぎます。しばらくしてからもう一度お試しください。',
    storeUnavailable: '現在ログインできません。しばらくしてからもう一度お試しください。',
    title: 'ログインできません',
    back: '戻る',
  },
  nl: {
    locked: 'Te veel mislukte aanmeldpogingen. Probeer het {when} opnieuw.',
    lockedForever: 'Te veel mislukte aanmeldpogingen. Neem contact op met een beheerder.',
    denied: 'Te veel mislukte aanmeldpogingen. Probeer het later opnieuw.',
    storeUnavailable: 'Aanmelden is op dit moment niet mogelijk. Probeer het later opnieuw.',
    title: 'Aanmelding geweigerd',
    back: 'Terug',
  },
  pl: {
    locked: 'Zbyt wiele nieudanych prób logowania. Spróbuj ponownie {when}.',
    lockedForever: 'Zbyt wiele nieudanych prób logowania. Skontaktuj się z administratorem.',
    denied: 'Zbyt wiele nieudanych prób logowania. Spróbuj ponownie później.',
    storeUnavailable: 'Logowanie jest w tej chwili niemożliwe. Spróbuj ponownie później.',
    title: 'Odmowa logowania',
    back: 'Wróć',
  },
  pt: {
    locked: 'Muitas tentativas de acesso falharam. Tente novamente {when}.',
    lockedForever: 'Muitas tentativas de acesso falharam. Fale com um administrador.',
    denied: 'Muitas tentativas de acesso falharam. Tente novamente mais tarde.',
    storeUnavailable: 'Neste momento não é possível entrar. Tente novamente mais tarde.',
    title: 'Acesso recusado',
    back: 'Voltar',
  },
  ru: {
    locked: 'Слишком много неудачных попыток входа. Повторите попытку {when}.',
    lockedForever: 'Слишком много неудачных попыток входа. Обратитесь к администратору.',
    denied: 'Слишком много неудачных попыток входа. Повторите попытку позже.',
    storeUnavailable: 'Вход в настоящее время невозможен. Повторите попытку позже.',
    title: 'Вход отклонён',
    back: 'Назад',
  },
  tr: {
    locked: 'Çok fazla başarısız giriş denemesi. Lütfen {when} tekrar deneyin.',
    lockedForever: 'Çok fazla başarısız giriş denemesi. Lütfen bir yöneticiyle iletişime geçin.',
    denied: 'Çok fazla başarısız giriş denemesi. Lütfen daha sonra tekrar deneyin.',
    storeUnavailable: 'Şu anda giriş yapılamıyor. Lütfen daha sonra tekrar deneyin.',
    title: 'Giriş reddedildi',
    back: 'Geri',
  },
  zh: {
    locked: '登录失败次数过多。请在{when}再试。',
    lockedForever: '登录失败次数过多。请联系管理员。',
    denied: '登录失败次数过多。请稍后再试。',
    storeUnavailable: '目前无法登录。请稍后再试。',
    title: '登录被拒绝',
    back: '返回',
  },
};
