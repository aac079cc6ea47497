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
  refused: 'Login refused',
  patience: 'Trying earlier does not prolong the lock.',
  back: 'Back to the login',
  welcome: 'Welcome, {username}',
  right: 'The password was right, and your own mistakes are forgotten.',
  again: 'Log in again',
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
  refused: 'Anmeldung abgelehnt',
  patience: 'Frühere Versuche verlängern die Sperre nicht.',
  back: 'Zurück zur Anmeldung',
  welcome: 'Willkommen, {username}',
  right: 'Das Passwort war richtig, und Ihre eigenen Fehlversuche sind vergessen.',
  again: 'Noch einmal anmelden',
};

export type Language = 'en' | 'de';

const TEXTS: Readonly<Record<Language, Texts>> = { en, de };

export const textsIn = (language: Language): Texts => TEXTS[language];

/** Returns German for users who prefer it to English. Also the lockout's option `locale`, so that a page has one language. */
export const languageOf = ((req) => {
  const { acceptsLanguages } = req as { acceptsLanguages?: (...languages: string[]) => string | false };
  return acceptsLanguages?.call(req, 'en', 'de') === 'de' ? 'de' : 'en';
}) satisfies LocaleOption as (req: object) => Language;
