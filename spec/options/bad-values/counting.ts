/** Wrong values of the options for counting and locking. */
import { Duration } from 'luxon';
import { MemoryStore } from '../../../lib/stores/memory/memory-store.js';
import { type BadValues, COOLOFF, cooloff, DIMENSION, DURATION, FAILURES, ip, named, STORE } from './expected.js';

export const BAD_COUNTING = {
  store: [
    { value: null, expected: STORE, got: 'null' },
    { value: {}, expected: STORE, got: 'an empty object' },
    { value: { reserve: () => {} }, expected: STORE, got: 'an object with reserve' },
    { value: MemoryStore, expected: STORE, got: 'the class MemoryStore; an instance is made with new' },
    {
      value: 'mongodb://app:hunter2@db.example.com/app',
      expected: STORE,
      got: '"mongodb://***@db.example.com/app" (a string)',
    },
  ],
  dimensions: [
    { value: 'ip', expected: 'a list of dimensions, or a function of the attempt', got: '"ip" (a string)' },
    { value: [], expected: 'at least one dimension', got: 'an empty array' },
    { value: ['email'], at: '[0]', expected: DIMENSION, got: '"email" (a string)' },
    { value: ['ip', []], at: '[1]', expected: DIMENSION, got: 'an empty array' },
    { value: [['ip', 'ip']], at: '[0]', expected: DIMENSION, got: 'an array of 2' },
    { value: [['ip', 'email']], at: '[0]', expected: DIMENSION, got: 'an array of 2' },
    { value: [() => 'x'], at: '[0]', expected: DIMENSION, got: 'a function without a name' },
    { value: [ip], at: '[0]', expected: DIMENSION, got: 'a function named ip' },
    { value: [named('a=b')], at: '[0]', expected: DIMENSION, got: 'a function named a=b' },
    { value: [Symbol('ip')], at: '[0]', expected: DIMENSION, got: 'a symbol' },
    { value: ['ip', 'ip'], expected: 'each dimension only once', got: 'an array of 2' },
    {
      value: [
        ['ip', 'username'],
        ['username', 'ip'],
      ],
      expected: 'each dimension only once',
      got: 'an array of 2',
    },
    { value: [named('tenant'), named('tenant')], expected: 'each dimension only once', got: 'an array of 2' },
  ],
  tiers: [
    { value: 5, expected: 'a list of tiers { failures, cooloff }', got: '5 (a number)' },
    { value: null, expected: 'a list of tiers { failures, cooloff }', got: 'null' },
    { value: [], expected: 'at least one tier', got: 'an empty array' },
    { value: [null], at: '[0]', expected: 'a tier { failures, cooloff }', got: 'null' },
    { value: [{ failures: 0, cooloff }], at: '[0].failures', expected: FAILURES, got: '0 (a number)' },
    { value: [{ failures: 2.5, cooloff }], at: '[0].failures', expected: FAILURES, got: '2.5 (a number)' },
    { value: [{ failures: 1_000_001, cooloff }], at: '[0].failures', expected: FAILURES, got: '1000001 (a number)' },
    { value: [{ cooloff }], at: '[0].failures', expected: FAILURES, got: 'undefined' },
    { value: [{ failures: 3 }], at: '[0].cooloff', expected: COOLOFF, got: 'undefined' },
    { value: [{ failures: 3, cooloff: 900 }], at: '[0].cooloff', expected: COOLOFF, got: '900 (a number)' },
    { value: [{ failures: 3, cooloff: 'PT0S' }], at: '[0].cooloff', expected: COOLOFF, got: '"PT0S" (a string)' },
    {
      value: [{ failures: 3, cooloff: { seconds: -1 } }],
      at: '[0].cooloff',
      expected: COOLOFF,
      got: 'an object { seconds: -1 }',
    },
    {
      value: [{ failures: 3, cooloff: { years: 300_000 } }],
      at: '[0].cooloff',
      expected: COOLOFF,
      got: 'an object { years: 300000 }',
    },
    {
      value: [
        { failures: 3, cooloff },
        { failures: 3, cooloff },
      ],
      at: '[1].failures',
      expected: 'more failures than the tier before it (3): tiers ascend',
      got: '3 (a number)',
    },
    {
      value: [
        { failures: 3, cooloff },
        { failures: 6, cooloff },
        { failures: 5, cooloff },
      ],
      at: '[2].failures',
      expected: 'more failures than the tier before it (6): tiers ascend',
      got: '5 (a number)',
    },
    { value: { username: [] }, at: '.username', expected: 'at least one tier', got: 'an empty array' },
    {
      value: { username: [{ failures: 0, cooloff }] },
      at: '.username[0].failures',
      expected: FAILURES,
      got: '0 (a number)',
    },
    {
      value: { user: [{ failures: 3, cooloff }] },
      at: '.user',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"user"',
    },
    {
      value: new Map(),
      expected: 'a list of tiers, an object of such lists by dimension, or a function of attempt and dimension',
      got: 'an empty object',
    },
  ],
  forgetAfter: [
    { value: 3_600, expected: COOLOFF, got: '3600 (a number)' },
    { value: '1 hour', expected: COOLOFF, got: '"1 hour" (a string)' },
    { value: null, expected: COOLOFF, got: 'null' },
    { value: { hours: 0 }, expected: COOLOFF, got: 'an object { hours: 0 }' },
    { value: Duration.fromMillis(-1), expected: COOLOFF, got: 'a luxon Duration of PT-0.001S' },
    { value: Duration.invalid('on purpose'), expected: COOLOFF, got: 'an invalid luxon Duration' },
    { value: { fortnights: 1 }, at: '.fortnights', expected: COOLOFF, got: '1 (a number)' },
    { value: { username: 'soon' }, at: '.username', expected: COOLOFF, got: '"soon" (a string)' },
    {
      value: { user: 'PT1H' },
      at: '.user',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"user"',
    },
    {
      value: new Date(0),
      expected: `${DURATION}, 'forever', or an object of these by dimension`,
      got: '1970-01-01T00:00:00.000Z',
    },
  ],
  forgetFrom: [
    { value: 'middle', expected: "'first' or 'last'", got: '"middle" (a string)' },
    { value: { ip: 'middle' }, at: '.ip', expected: "'first' or 'last'", got: '"middle" (a string)' },
    {
      value: { 'username+ip': 'last' },
      at: '.username+ip',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"username+ip"',
    },
    { value: new Map(), expected: "'first', 'last', or an object of these by dimension", got: 'an empty object' },
  ],
  resetOnSuccess: [
    { value: 'yes', expected: "true, 'all' or false", got: '"yes" (a string)' },
    { value: { username: 1 }, at: '.username', expected: "true, 'all' or false", got: '1 (a number)' },
    {
      value: { user: true },
      at: '.user',
      expected: 'the name of a counted dimension (username, ip)',
      got: '"user"',
    },
    {
      value: { ip: 'all' },
      at: '.ip',
      expected: 'true or false for a dimension without the username (a success would forgive what others failed there)',
      got: '"all" (a string)',
    },
  ],
  hardStop: [
    { value: 100, expected: 'an object { failures, forgetAfter }', got: '100 (a number)' },
    { value: { failures: 0 }, at: '.failures', expected: FAILURES, got: '0 (a number)' },
    { value: {}, at: '.failures', expected: FAILURES, got: 'undefined' },
    {
      value: { failures: 100, forgetAfter: 'never' },
      at: '.forgetAfter',
      expected: COOLOFF,
      got: '"never" (a string)',
    },
  ],
} satisfies BadValues;
