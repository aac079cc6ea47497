/** Wrong values of the options that say which attempts are meant, and whose. */
import { type BadValues, BITS, LIST, NETWORK, NOBODY_LISTED } from './expected.js';

export const BAD_ATTEMPTS = {
  mode: [{ value: 'observe', expected: "'enforce' or 'monitor'", got: '"observe" (a string)' }],
  enabled: [{ value: 0, expected: 'true or false', got: '0 (a number)' }],
  username: [{ value: 'email', expected: 'a function of { req, args }', got: '"email" (a string)' }],
  ipOnly: [{ value: null, expected: 'true or false', got: 'null' }],
  isFailure: [{ value: true, expected: 'a function of { called, args, req }', got: 'true (a boolean)' }],
  canonicalUsername: [{ value: true, expected: 'a function of the username', got: 'true (a boolean)' }],
  usernames: [
    { value: 'unique', expected: 'an object { accents, unique }', got: '"unique" (a string)' },
    { value: { unique: 1 }, at: '.unique', expected: 'true or false', got: '1 (a number)' },
    { value: { accents: true }, at: '.accents', expected: "'ignore' or 'keep'", got: 'true (a boolean)' },
  ],
  clientIp: [{ value: 'x-real-ip', expected: 'a function of the request', got: '"x-real-ip" (a string)' }],
  ipv6Prefix: [
    { value: 31, expected: BITS, got: '31 (a number)' },
    { value: 129, expected: BITS, got: '129 (a number)' },
    { value: 64.5, expected: BITS, got: '64.5 (a number)' },
    { value: Number.NaN, expected: BITS, got: 'NaN (a number)' },
    { value: '/64', expected: BITS, got: '"/64" (a string)' },
    { value: 64n, expected: BITS, got: '64 (a bigint)' },
  ],
  allow: [
    { value: ['10.0.0.1'], expected: LIST, got: 'an array of 1' },
    {
      value: { ips: '10.0.0.1' },
      at: '.ips',
      expected: 'a list of addresses or CIDR ranges',
      got: '"10.0.0.1" (a string)',
    },
    { value: { ips: ['10.0.0.0/33'] }, at: '.ips[0]', expected: NETWORK, got: '"10.0.0.0/33" (a string)' },
    { value: { ips: ['::1', 5] }, at: '.ips[1]', expected: NETWORK, got: '5 (a number)' },
    { value: { usernames: 'root' }, at: '.usernames', expected: 'a list of usernames', got: '"root" (a string)' },
    { value: { usernames: [5] }, at: '.usernames[0]', expected: 'a string', got: '5 (a number)' },
    { value: { usernames: [''] }, at: '.usernames[0]', expected: 'a string that is not empty', got: '"" (a string)' },
    { value: { when: false }, at: '.when', expected: 'a function of the attempt', got: 'false (a boolean)' },
  ],
  deny: [
    { value: '10.0.0.1', expected: LIST, got: '"10.0.0.1" (a string)' },
    { value: { ips: ['localhost'] }, at: '.ips[0]', expected: NETWORK, got: '"localhost" (a string)' },
  ],
  restrictTo: [
    { value: ['10.0.0.0/8'], expected: LIST, got: 'an array of 1' },
    { value: {}, expected: NOBODY_LISTED, got: 'an empty object' },
    { value: { ips: [], usernames: [] }, expected: NOBODY_LISTED, got: 'an object with ips, usernames' },
    {
      value: { ips: ['10.0.0.0/33'] },
      at: '.ips[0]',
      expected: NETWORK,
      got: '"10.0.0.0/33" (a string)',
    },
  ],
  skip: [{ value: ['GET'], expected: 'a function of the request', got: 'an array of 1' }],
} satisfies BadValues;
