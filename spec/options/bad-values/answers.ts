/** Wrong values of the options that say how a refused request is answered. */
import { type BadValues, LOCALE, ORIGIN, RESPOND, STATUS, TEXTS } from './expected.js';

export const BAD_ANSWERS = {
  onLocked: [{ value: 'redirect', expected: "'fail', 'error', 'respond' or a function", got: '"redirect" (a string)' }],
  respondWith: [
    { value: '/locked', expected: RESPOND, got: '"/locked" (a string)' },
    {
      value: { page: '<p>' },
      at: '.page',
      expected: 'a function of what is known about the lock',
      got: '"<p>" (a string)',
    },
    { value: { redirectTo: '' }, at: '.redirectTo', expected: 'a string that is not empty', got: '"" (a string)' },
    { value: { corsOrigin: true }, at: '.corsOrigin', expected: ORIGIN, got: 'true (a boolean)' },
    ...[
      ...['https://app.example/', 'https://app.example/login', 'https://app.example?a=1', 'https://App.example'],
      ...['https://app.example:443', 'app.example', '//app.example', '*.app.example', '', 'https://', 'https://a b'],
      ...['https://one.example, https://two.example', 'https://app.example\r\nX-Other: 1', 'https://bücher.example'],
    ].map((corsOrigin) => ({
      value: { corsOrigin },
      at: '.corsOrigin',
      expected: ORIGIN,
      got: `${JSON.stringify(corsOrigin)} (a string)`,
    })),
    ...['login', '//evil.example', '/\\evil.example', '/\t/evil.example', 'https://evil.example/', '/a b', ''].map(
      (backTo) => ({
        value: { backTo },
        at: '.backTo',
        expected: "a path of this site, such as '/login'",
        got: `${JSON.stringify(backTo)} (a string)`,
      }),
    ),
    { value: { prefer: 'json' }, at: '.prefer', expected: "'html'", got: '"json" (a string)' },
  ],
  info: [{ value: 'message', expected: 'a function of what is known about the lock', got: '"message" (a string)' }],
  attemptsLeft: [{ value: 3, expected: 'true or false', got: '3 (a number)' }],
  lockedStatus: [
    { value: 200, expected: STATUS, got: '200 (a number)' },
    { value: 600, expected: STATUS, got: '600 (a number)' },
    { value: '429', expected: STATUS, got: '"429" (a string)' },
  ],
  lockedMessage: [
    { value: '', expected: 'a string that is not empty', got: '"" (a string)' },
    { value: {}, expected: 'a string', got: 'an empty object' },
  ],
  messages: [
    { value: 'de', expected: 'an object of texts by locale', got: '"de" (a string)' },
    { value: { de: 'Nein.' }, at: '.de', expected: TEXTS, got: '"Nein." (a string)' },
    { value: { de: { locked: '' } }, at: '.de.locked', expected: 'a string that is not empty', got: '"" (a string)' },
    ...['lockedForever', 'denied', 'storeUnavailable', 'title', 'back'].map((name) => ({
      value: { de: { [name]: 'Gesperrt, {when}' } },
      at: `.de.${name}`,
      expected: 'a string without {when} and {duration}: only locked has a time',
      got: '"Gesperrt, {when}" (a string)',
    })),
    {
      value: { no_such: {} },
      at: '.no_such',
      expected: "a locale such as 'de' or 'pt-BR' as its name",
      got: 'an empty object',
    },
  ],
  locale: [
    { value: 7, expected: LOCALE, got: '7 (a number)' },
    { value: 'no_such', expected: LOCALE, got: '"no_such" (a string)' },
  ],
  retryAfterHeader: [{ value: 'true', expected: 'true or false', got: '"true" (a string)' }],
} satisfies BadValues;
