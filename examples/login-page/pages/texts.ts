/** Every sentence of the pages, in two languages; those of a refusal come from the lockout, which has both. */
import type { LocaleOption } from 'passport-lockout';

const en = {
  title: 'Log in',
  error: 'Error: Log in',
  username: 'User name',
  password: 'Password',
  button: 'Log in',
  incomplete: 'Please enter a user name and a password.',
  wrong: 'User name or password is wrong.',
  policy: 'Too many wrong passwords lock the login',
  perName: 'For one user name:',
  perAddress: 'From one address:',
  step: '{failures} failures: {time}',
  forgiven: 'A right password takes back the failures from the same place.',
  repeated: 'The same wrong password, sent again, is counted only once.',
  device: 'A browser that has logged in before is counted by itself, and gets in while the user name is locked.',
  loginRefused: 'Login refused',
  patience: 'Trying earlier does not prolong the lock.',
  back: 'Back to the login',
  welcome: 'Welcome, {username}',
  right: 'The password was right, and your own mistakes are forgotten.',
  again: 'Log in again',
  nowKnown: 'This browser is known from now on.',
  attack: '{addresses} addresses guess the password of {username}',
  attackTitle: 'Attack on {username}',
  attackAdvice: 'Log in here, where you have logged in before, and then in a private window, which nobody knows:',
  quiet: 'There has been no attack.',
  running: 'The attack is running.',
  over: 'The attack is over.',
  free: '{username} is not locked.',
  locked: '{username} is locked until {until} for browsers that are not known.',
  figures: 'Guesses',
  sent: 'sent',
  verified: 'verified',
  refused: 'refused unseen',
  browsers: 'Known browsers of {username}',
  browserSince: '{browser}, since {since}',
  noBrowser: 'none: log in first, or the attack keeps you out as well',
  unnamed: 'a program without a name',
  events: 'Events',
  attempt_succeeded: {
    known: '{username} logged in from {browser}, which is known.',
    unknown: '{username} logged in from {browser}, which is known from now on.',
  },
  attempt_failed: {
    known: 'A wrong password for {username} from {browser}, which is known.',
    unknown: 'A wrong password for {username} from {browser}, which is not known.',
  },
  attempt_refused: {
    known: 'A login of {username} was refused: {browser} is known, but locked itself.',
    unknown: 'A login of {username} was refused: {browser} is not known.',
  },
  blocked: '{subject} is locked after {failures} failures from {places} places.',
  spray_detected: '{usernames} user names failed at the address {address}.',
  attack_suspected: '{failures} failures within an hour, far more than usual.',
  attack_over: '{failures} failures within an hour, no more than usual.',
};

export type Texts = typeof en;

const de: Texts = {
  title: 'Anmelden',
  error: 'Fehler: Anmelden',
  username: 'Benutzername',
  password: 'Passwort',
  button: 'Anmelden',
  incomplete: 'Bitte geben Sie Benutzername und Passwort ein.',
  wrong: 'Benutzername oder Passwort ist falsch.',
  policy: 'Zu viele falsche Passwörter sperren die Anmeldung',
  perName: 'Für einen Benutzernamen:',
  perAddress: 'Von einer Adresse:',
  step: '{failures} Fehlversuche: {time}',
  forgiven: 'Ein richtiges Passwort nimmt die Fehlversuche zurück, die von derselben Stelle kamen.',
  repeated: 'Dasselbe falsche Passwort zählt nur einmal.',
  device:
    'Ein Browser, in dem Sie schon angemeldet waren, wird für sich gezählt und kommt hinein, während der Benutzername gesperrt ist.',
  loginRefused: 'Anmeldung abgelehnt',
  patience: 'Frühere Versuche verlängern die Sperre nicht.',
  back: 'Zurück zur Anmeldung',
  welcome: 'Willkommen, {username}',
  right: 'Das Passwort war richtig, und Ihre eigenen Fehlversuche sind vergessen.',
  again: 'Noch einmal anmelden',
  nowKnown: 'Dieser Browser ist von jetzt an bekannt.',
  attack: '{addresses} Adressen raten das Passwort von {username}',
  attackTitle: 'Angriff auf {username}',
  attackAdvice:
    'Melden Sie sich hier an, wo Sie schon angemeldet waren, und dann in einem privaten Fenster, das niemand kennt:',
  quiet: 'Es gab keinen Angriff.',
  running: 'Der Angriff läuft.',
  over: 'Der Angriff ist vorbei.',
  free: '{username} ist nicht gesperrt.',
  locked: '{username} ist bis {until} für unbekannte Browser gesperrt.',
  figures: 'Versuche',
  sent: 'gesendet',
  verified: 'geprüft',
  refused: 'ungeprüft abgelehnt',
  browsers: 'Bekannte Browser von {username}',
  browserSince: '{browser}, seit {since}',
  noBrowser: 'keiner: Melden Sie sich zuerst an, sonst sperrt der Angriff auch Sie aus',
  unnamed: 'einem Programm ohne Namen',
  events: 'Ereignisse',
  attempt_succeeded: {
    known: '{username} hat sich von {browser} aus angemeldet: bekannt.',
    unknown: '{username} hat sich von {browser} aus angemeldet: von jetzt an bekannt.',
  },
  attempt_failed: {
    known: 'Ein falsches Passwort für {username} von {browser}: bekannt.',
    unknown: 'Ein falsches Passwort für {username} von {browser}: nicht bekannt.',
  },
  attempt_refused: {
    known: 'Eine Anmeldung von {username} wurde abgelehnt: {browser} ist bekannt, aber selbst gesperrt.',
    unknown: 'Eine Anmeldung von {username} wurde abgelehnt: {browser} ist nicht bekannt.',
  },
  blocked: '{subject} ist nach {failures} Fehlversuchen von {places} Stellen gesperrt.',
  spray_detected: '{usernames} Benutzernamen sind von der Adresse {address} aus gescheitert.',
  attack_suspected: '{failures} Fehlversuche in einer Stunde, weit mehr als üblich.',
  attack_over: '{failures} Fehlversuche in einer Stunde, nicht mehr als üblich.',
};

export type Language = 'en' | 'de';

const TEXTS: Readonly<Record<Language, Texts>> = { en, de };

export const textsIn = (language: Language): Texts => TEXTS[language];

/** Puts values into the braces of a sentence; a value with braces is not looked at again. */
export function fill(sentence: string, values: Readonly<Record<string, unknown>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_braces, name: string) => String(values[name] ?? ''));
}

/** Returns German for users who prefer it to English. Also the lockout's option `locale`, so that a page has one language. */
export const languageOf = ((req) => {
  const { acceptsLanguages } = req as { acceptsLanguages?: (...languages: string[]) => string | false };
  return acceptsLanguages?.call(req, 'en', 'de') === 'de' ? 'de' : 'en';
}) satisfies LocaleOption as (req: object) => Language;
