/** Wrong values of the options that say the store in time, the attempt log, and secrets. */
import { A_SECRET, type BadValues, DURATION, HIDDEN, LOG_MODE, ROTATION, SECRET, SECRETS } from './expected.js';

export const BAD_STORING = {
  onStoreError: [
    { value: 'ignore', expected: "'deny', 'allow' or { fallback: store }", got: '"ignore" (a string)' },
    { value: null, expected: "'deny', 'allow' or { fallback: store }", got: 'null' },
    { value: { fallback: {} }, expected: "'deny', 'allow' or { fallback: store }", got: 'an object with fallback' },
  ],
  storeTimeout: [
    { value: { seconds: 0 }, expected: `${DURATION}, over 0, at most 24 days`, got: 'an object { seconds: 0 }' },
    { value: 'P25D', expected: `${DURATION}, over 0, at most 24 days`, got: '"P25D" (a string)' },
    { value: 'forever', expected: `${DURATION}, over 0, at most 24 days`, got: '"forever" (a string)' },
  ],
  leaseTimeout: [
    { value: 'PT0S', expected: `${DURATION}, over 0`, got: '"PT0S" (a string)' },
    { value: 'forever', expected: `${DURATION}, over 0`, got: '"forever" (a string)' },
  ],
  busyTimeout: [
    { value: { seconds: -1 }, expected: `${DURATION}, 0 to 24 days`, got: 'an object { seconds: -1 }' },
    { value: 'P25D', expected: `${DURATION}, 0 to 24 days`, got: '"P25D" (a string)' },
  ],
  maxWaiters: [
    { value: -1, expected: 'a whole number from 0', got: '-1 (a number)' },
    { value: Number.POSITIVE_INFINITY, expected: 'a whole number from 0', got: 'Infinity (a number)' },
  ],
  lockCacheTtl: [
    { value: 1_000, expected: `${DURATION}, from 0`, got: '1000 (a number)' },
    { value: 'forever', expected: `${DURATION}, from 0`, got: '"forever" (a string)' },
  ],
  attemptLog: [
    { value: true, expected: LOG_MODE, got: 'true (a boolean)' },
    { value: 'async', expected: LOG_MODE, got: '"async" (a string)' },
    { value: null, expected: LOG_MODE, got: 'null' },
  ],
  attemptLogRetention: [
    { value: 30, expected: `${DURATION}, over 0`, got: '30 (a number)' },
    { value: { days: 0 }, expected: `${DURATION}, over 0`, got: 'an object { days: 0 }' },
    { value: 'P-1D', expected: `${DURATION}, over 0`, got: '"P-1D" (a string)' },
    { value: 'forever', expected: `${DURATION}, over 0`, got: '"forever" (a string)' },
    { value: { years: 300_000 }, expected: `${DURATION}, over 0`, got: 'an object { years: 300000 }' },
  ],
  attemptLogPerUsername: [
    { value: 0, expected: "a whole number from 1, or 'all'", got: '0 (a number)' },
    { value: 1.5, expected: "a whole number from 1, or 'all'", got: '1.5 (a number)' },
    { value: Number.POSITIVE_INFINITY, expected: "a whole number from 1, or 'all'", got: 'Infinity (a number)' },
    { value: 'none', expected: "a whole number from 1, or 'all'", got: '"none" (a string)' },
  ],
  attemptLogPerAddress: [
    { value: 0, expected: "a whole number from 1, or 'all'", got: '0 (a number)' },
    { value: 'none', expected: "a whole number from 1, or 'all'", got: '"none" (a string)' },
  ],
  secret: [
    { value: 'hunter2', expected: SECRETS, got: HIDDEN },
    { value: '', expected: SECRETS, got: 'an empty string' },
    { value: [], expected: SECRETS, got: HIDDEN },
    { value: ['x'.repeat(32), 'hunter2'], expected: SECRETS, got: HIDDEN },
    { value: true, expected: SECRETS, got: HIDDEN },
  ],
  knownDevices: [
    { value: true, expected: 'false, or an object { cookie, maxAge, read, write }', got: 'true (a boolean)' },
    {
      value: { maxAge: { days: 401 } },
      at: '.maxAge',
      expected: `${DURATION}, 1 to 400 days`,
      got: 'an object { days: 401 }',
    },
  ],
  repeatedGuess: [{ value: 'never', expected: "'once' or 'count'", got: '"never" (a string)' }],
  signals: [
    { value: true, expected: 'false, or an object { usernames, newFailures, factor }', got: 'true (a boolean)' },
    { value: { usernames: 1 }, at: '.usernames', expected: 'a whole number from 2 to 64', got: '1 (a number)' },
    { value: { newFailures: 0 }, at: '.newFailures', expected: 'a whole number from 1', got: '0 (a number)' },
    { value: { factor: 0.5 }, at: '.factor', expected: 'a number from 1', got: '0.5 (a number)' },
  ],
  pseudonymize: [
    { value: 'hunter2', expected: ROTATION, got: HIDDEN },
    { value: '', expected: ROTATION, got: 'an empty string' },
    { value: { current: '', previous: SECRET }, at: '.current', expected: A_SECRET, got: 'an empty string' },
    { value: true, expected: ROTATION, got: HIDDEN },
    { value: { current: 'hunter2', previous: SECRET }, at: '.current', expected: A_SECRET, got: HIDDEN },
    { value: { current: SECRET }, at: '.previous', expected: SECRETS, got: HIDDEN },
    { value: { current: SECRET, previous: [] }, at: '.previous', expected: SECRETS, got: HIDDEN },
    { value: { current: SECRET, previous: [SECRET, 'hunter2'] }, at: '.previous', expected: SECRETS, got: HIDDEN },
  ],
  sensitive: [
    { value: 'ip', expected: 'a list of names', got: '"ip" (a string)' },
    { value: [''], at: '[0]', expected: 'a string that is not empty', got: '"" (a string)' },
    {
      value: ['ip', 'password'],
      at: '[1]',
      expected: 'one of username, ip, userAgent, path',
      got: '"password" (a string)',
    },
  ],
} satisfies BadValues;
