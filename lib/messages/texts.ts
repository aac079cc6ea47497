/** Every text that a client may see, in the languages that are built in. */

/** None may tell whether a user exists: known and unknown names get the same one. */
export interface MessageTexts {
  /** A refusal that ends by itself, or whose reason is nobody's business. */
  readonly locked: string;
  /** A lock that holds until somebody lifts it. */
  readonly lockedForever: string;
  /** The store failed. */
  readonly storeUnavailable: string;
  /** Title and heading of the built-in page. */
  readonly title: string;
  /** Follows the message on the built-in page and in plain text; `{duration}` stands for the time left. */
  readonly timeLeft: string;
}

export const DEFAULT_LOCALE = 'en';

/** English, the languages of django-axes, and six more. */
export const BUILT_IN_TEXTS: Readonly<Record<string, MessageTexts>> = {
  en: {
    locked: 'Too many failed logins. Please try again later.',
    lockedForever: 'Too many failed logins. Please contact an administrator.',
    storeUnavailable: 'Logins are not possible at the moment. Please try again later.',
    title: 'Login refused',
    timeLeft: 'Time left: {duration}.',
  },
  ar: {
    locked: 'محاولات تسجيل دخول فاشلة كثيرة جدًا. يُرجى المحاولة مرة أخرى لاحقًا.',
    lockedForever: 'محاولات تسجيل دخول فاشلة كثيرة جدًا. يُرجى الاتصال بالمسؤول.',
    storeUnavailable: 'تسجيل الدخول غير ممكن حاليًا. يُرجى المحاولة مرة أخرى لاحقًا.',
    title: 'تم رفض تسجيل الدخول',
    timeLeft: 'الوقت المتبقي: {duration}.',
  },
  de: {
    locked: 'Zu viele fehlgeschlagene Anmeldungen. Bitte versuchen Sie es später noch einmal.',
    lockedForever: 'Zu viele fehlgeschlagene Anmeldungen. Bitte wenden Sie sich an die Administration.',
    storeUnavailable: 'Anmeldungen sind zurzeit nicht möglich. Bitte versuchen Sie es später noch einmal.',
    title: 'Anmeldung abgelehnt',
    timeLeft: 'Verbleibende Zeit: {duration}.',
  },
  es: {
    locked: 'Demasiados intentos de inicio de sesión fallidos. Inténtelo de nuevo más tarde.',
    lockedForever: 'Demasiados intentos de inicio de sesión fallidos. Póngase en contacto con un administrador.',
    storeUnavailable: 'No es posible iniciar sesión en este momento. Inténtelo de nuevo más tarde.',
    title: 'Inicio de sesión rechazado',
    timeLeft: 'Tiempo restante: {duration}.',
  },
  fa: {
    locked: 'تعداد تلاش‌های ناموفق برای ورود بیش از حد است. لطفاً بعداً دوباره تلاش کنید.',
    lockedForever: 'تعداد تلاش‌های ناموفق برای ورود بیش از حد است. لطفاً با مدیر تماس بگیرید.',
    storeUnavailable: 'در حال حاضر ورود ممکن نیست. لطفاً بعداً دوباره تلاش کنید.',
    title: 'ورود پذیرفته نشد',
    timeLeft: 'زمان باقی‌مانده: {duration}.',
  },
  fr: {
    locked: 'Trop de tentatives de connexion ont échoué. Veuillez réessayer plus tard.',
    lockedForever: 'Trop de tentatives de connexion ont échoué. Veuillez contacter un administrateur.',
    storeUnavailable: 'La connexion est impossible pour le moment. Veuillez réessayer plus tard.',
    title: 'Connexion refusée',
    timeLeft: 'Temps restant : {duration}.',
  },
  id: {
    locked: 'Terlalu banyak percobaan login yang gagal. Silakan coba lagi nanti.',
    lockedForever: 'Terlalu banyak percobaan login yang gagal. Silakan hubungi administrator.',
    storeUnavailable: 'Saat ini login tidak dapat dilakukan. Silakan coba lagi nanti.',
    title: 'Login ditolak',
    timeLeft: 'Sisa waktu: {duration}.',
  },
  it: {
    locked: 'Troppi tentativi di accesso non riusciti. Riprova più tardi.',
    lockedForever: 'Troppi tentativi di accesso non riusciti. Contatta un amministratore.',
    storeUnavailable: 'Al momento non è possibile accedere. Riprova più tardi.',
    title: 'Accesso rifiutato',
    timeLeft: 'Tempo rimanente: {duration}.',
  },
  ja: {
    locked: 'ログインの失敗回数が多すぎます。しばらくしてからもう一度お試しください。',
    lockedForever: 'ログインの失敗回数が多すぎます。管理者にお問い合わせください。',
    storeUnavailable: '現在ログインできません。しばらくしてからもう一度お試しください。',
    title: 'ログインできません',
    timeLeft: '残り時間：{duration}。',
  },
  nl: {
    locked: 'Te veel mislukte aanmeldpogingen. Probeer het later opnieuw.',
    lockedForever: 'Te veel mislukte aanmeldpogingen. Neem contact op met een beheerder.',
    storeUnavailable: 'Aanmelden is op dit moment niet mogelijk. Probeer het later opnieuw.',
    title: 'Aanmelding geweigerd',
    timeLeft: 'Resterende tijd: {duration}.',
  },
  pl: {
    locked: 'Zbyt wiele nieudanych prób logowania. Spróbuj ponownie później.',
    lockedForever: 'Zbyt wiele nieudanych prób logowania. Skontaktuj się z administratorem.',
    storeUnavailable: 'Logowanie jest w tej chwili niemożliwe. Spróbuj ponownie później.',
    title: 'Odmowa logowania',
    timeLeft: 'Pozostały czas: {duration}.',
  },
  pt: {
    locked: 'Muitas tentativas de acesso falharam. Tente novamente mais tarde.',
    lockedForever: 'Muitas tentativas de acesso falharam. Fale com um administrador.',
    storeUnavailable: 'Neste momento não é possível entrar. Tente novamente mais tarde.',
    title: 'Acesso recusado',
    timeLeft: 'Tempo restante: {duration}.',
  },
  ru: {
    locked: 'Слишком много неудачных попыток входа. Повторите попытку позже.',
    lockedForever: 'Слишком много неудачных попыток входа. Обратитесь к администратору.',
    storeUnavailable: 'Вход в настоящее время невозможен. Повторите попытку позже.',
    title: 'Вход отклонён',
    timeLeft: 'Оставшееся время: {duration}.',
  },
  tr: {
    locked: 'Çok fazla başarısız giriş denemesi. Lütfen daha sonra tekrar deneyin.',
    lockedForever: 'Çok fazla başarısız giriş denemesi. Lütfen bir yöneticiyle iletişime geçin.',
    storeUnavailable: 'Şu anda giriş yapılamıyor. Lütfen daha sonra tekrar deneyin.',
    title: 'Giriş reddedildi',
    timeLeft: 'Kalan süre: {duration}.',
  },
  zh: {
    locked: '登录失败次数过多。请稍后再试。',
    lockedForever: '登录失败次数过多。请联系管理员。',
    storeUnavailable: '目前无法登录。请稍后再试。',
    title: '登录被拒绝',
    timeLeft: '剩余时间：{duration}。',
  },
};
