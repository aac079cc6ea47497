/**
 * Everything in lib that reads a text which a client, or a page that hands on what a client sent, can choose: a megabyte of the
 * worst takes time as its length, and what is told of it is short.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';

import { parseFor, parseSince, parseTiers } from '../../../lib/cli/arguments.js';
import { maskCredentials, onOneLine } from '../../../lib/cli/escape.js';
import { parseSubject, parseSubjects } from '../../../lib/cli/subject-text.js';
import { respondRefused } from '../../../lib/http/respond.js';
import { canonicalUsername, Lockout, MemoryStore, trustedProxies } from '../../../lib/index.js';
import { toLogEntry } from '../../../lib/log/entry.js';
import { MessageCatalogue } from '../../../lib/messages/catalogue.js';
import { guessesNothing } from '../../../lib/passport/nothing-guessed.js';
import { hasFilledCredentials } from '../../../lib/passport/profile/sent-credentials.js';
import { sentFields } from '../../../lib/passport/profile/sent-fields.js';
import { readAttempt } from '../../../lib/request/read-attempt.js';
import { toFacts } from '../../../lib/subject/attempt.js';
import { foldGiven } from '../../../lib/subject/given-name.js';
import { canonicalIp, parseHop } from '../../../lib/subject/ip.js';
import { KeyMaker } from '../../../lib/subject/key.js';
import { parseNetwork } from '../../../lib/subject/network.js';
import { parseDuration } from '../../../lib/util/durations.js';
import { firstEntries } from '../../../lib/util/list-header.js';
import { escapeUnsafe, exactName, toExcerpt, toPrintable } from '../../../lib/util/printable.js';
import { toSafeJson } from '../../../lib/util/safe-json.js';
import { describeValue } from '../../../lib/validation/describe-value.js';
import { expectLinearTime, MEGABYTE } from '../../support/tools/growth.js';

const UNITS = [
  '/',
  ' ',
  '\n',
  ',',
  '",',
  '-',
  'a-',
  '.',
  ':',
  '%',
  '&',
  '=',
  '"',
  '1',
  '@',
  '//@',
  '\\',
  '\\u{a}',
  '\\u{',
  'CLIENT:',
  'T1',
];
const REPLY = { setHeader() {}, getHeader: () => undefined, end() {} } as unknown as ServerResponse;
const LOCKED = {
  code: 'ERR_LOCKOUT_LOCKED' as const,
  message: 'Too many.',
  dimension: 'username',
  retryAfter: 60,
  username: undefined,
  failures: 3,
  limit: 3,
  duration: 'PT1M',
  locale: 'en',
};

const byQuery = new MessageCatalogue({ locale: (req) => req.method });
const byHeader = new MessageCatalogue();
const clientIp = trustedProxies(['loopback', '10.0.0.0/8']);
const reader = { canonicalUsername, usernamesAreUnique: false, clientIp: undefined, ipv6Prefix: 64 };
const keys = new KeyMaker();
const lockout = new Lockout();
const unlocking = new Lockout({ secret: 's'.repeat(32) });
const NOTHING = { outcome: 'failed', reason: null, dimension: null, cause: null, tier: null } as const;

function refuse(accept: string): void {
  const answer = { status: 429, locked: LOCKED, retryAfterHeader: true, respondWith: {}, messages: byHeader };
  respondRefused({ headers: { accept } } as IncomingMessage, REPLY, answer);
}

function read(text: string) {
  const headers = { 'user-agent': text };
  return readAttempt(reader, { req: { ip: text, url: text, method: text, headers }, username: 'alice' });
}

const settled = (promise: Promise<unknown>) => void promise.catch(() => {});

/** By what reads it. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'an address': (text) => canonicalIp(text, 64),
  'a hop': parseHop,
  'a header of hops': (text) =>
    clientIp({ socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': `${text},10.0.0.1` } }),
  'a range of addresses': parseNetwork,
  'a name that a person wrote down': (text) => foldGiven((name) => String(name).toLowerCase(), text),
  'the language of a query': (text) => byQuery.localeFor({ method: text }),
  'the header Accept-Language': (text) => byHeader.localeFor({ headers: { 'accept-language': text } }),
  'the header Accept': refuse,
  'the entries of a header': (text) => firstEntries(text, 128),
  'a request': (text) => toFacts(read(text)),
  'a request, for the attempt log': (text) => toLogEntry(read(text), NOTHING, keys),
  'a key': (text) => keys.toSubject('userAgent', { userAgent: text }),
  'the beginning of a string for logs': (text) => toExcerpt(text, 256),
  'a string for logs': toPrintable,
  'a string from a log': exactName,
  'a form that may bring a password': (text) =>
    hasFilledCredentials({ headers: { authorization: `Basic ${text}` }, body: { [text]: text } } as object, 'either'),
  'a request without a form': (text) =>
    guessesNothing({ headers: { cookie: text, [text]: text }, url: text, query: {} } as object, [400]),
  'a cookie and a path without a form': (text) =>
    guessesNothing({ headers: { cookie: text }, url: text, query: {} } as object, [400]),
  'fields of a form': (text) => sentFields({ body: { [text]: text, user: text } } as object),
  'an unlock token': (text) => settled(unlocking.redeemUnlockToken(text)),
  'a cursor of the attempt log': (text) => settled(lockout.attempts({ cursor: text })),
  'a cursor of a list': (text) => settled(lockout.list({ cursor: text })),
  'a query with names of its own': (text) => settled(lockout.attempts({ [text]: text })),
  'the name of a subject': (text) => settled(lockout.status({ [text]: text })),
  'the address of a subject': (text) => settled(lockout.status({ ip: `::${text}` })),
  'a duration': parseDuration,
  'a wrong value': describeValue,
  'a wrong object': (text) => describeValue({ [text]: text }),
  'JSON for a terminal': toSafeJson,
  'a cell for a terminal': escapeUnsafe,
  'a message of a driver': (text) => maskCredentials(text, `mongodb://${text}`),
  'a message of several lines': onOneLine,
  'a subject of the command': parseSubject,
  'subjects of the command': (text) => parseSubjects(text, 64),
  'a duration of the command': parseFor,
  'a ladder of the command': parseTiers,
  'a time of the command': parseSince,
};

/** Text of another kind may be rejected; only the time matters. */
function refusable(read: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      read(text);
    } catch (error) {
      if (error instanceof RangeError) throw error;
    }
  };
}

describe('A megabyte of the worst text', () => {
  for (const [what, read] of Object.entries(READERS)) {
    it(`X28 takes time linear in its length: ${what}`, () => {
      for (const unit of UNITS) expectLinearTime(refusable(read), unit);
    });
  }

  it('X28 takes time linear in its length: a valid language tag, and a list with an open quote', () => {
    expectLinearTime((text) => byQuery.localeFor({ method: `en-x-${text}` }), 'a-', 'a');
    expectLinearTime((text) => refuse(`"${text}`), ',', '');
  });

  // Marks that are none until they are unfolded, and marks that come together when what stands between them is moved away.
  const PILES = ['\ufc5e\ufc63', `\uaab5${'\uaab0\uaab4'.repeat(15)}`, `${'\u{16126}'.repeat(15)}\ufe7e`];
  for (const unit of PILES) {
    for (const accents of ['ignore', 'keep'] as const) {
      it(`X28 takes time linear in its length: marks from ${JSON.stringify(unit.slice(0, 2))}, accents: ${accents}`, () => {
        // Names that are just not too long, too: more is done to them.
        for (const share of [1, 64]) {
          expectLinearTime((text) => canonicalUsername(text.slice(0, text.length / share), { accents }), unit, '');
        }
      });
    }
  }

  const FORM = { a: 'x'.repeat(MEGABYTE) };
  const SENT: Readonly<Record<string, string>> = {
    username: FORM.a,
    ip: FORM.a,
    address: FORM.a,
    userAgent: FORM.a,
    method: FORM.a,
    path: `/${FORM.a}`,
  };

  it('X28 leaves no long text in an event, the log, a status or a response, whatever the fold and the dimensions', async () => {
    const store = new MemoryStore();
    const lockout = new Lockout({
      store,
      canonicalUsername: (name) => String(name),
      dimensions: [
        'username',
        ['ip', 'userAgent'],
        function field() {
          return FORM.a;
        },
      ],
      tiers: [{ failures: 1, cooloff: { minutes: 15 } }],
      respondWith: { redirectTo: '/locked' },
      locale: ({ method }) => method,
    });
    const told: unknown[] = [];
    lockout.on('warning', (warning) => told.push(warning));
    for (const event of ['attempt_failed', 'attempt_refused', 'blocked'] as const)
      lockout.on(event, (payload: object) => told.push(payload));
    const { username, ip, userAgent, method, path } = SENT;
    const headers = { 'user-agent': userAgent, 'accept-language': userAgent, accept: `text/html,${userAgent}` };
    const attempt = { username, ip, req: { ip: '203.0.113.9', method, url: path, headers } };

    const failed = await lockout.protect(attempt, () => false);
    const refused = await lockout.protect({ ...attempt, ip: '203.0.113.9' }, () => true);
    told.push(failed, refused, await lockout.attempts(), await lockout.list());

    expect([failed.outcome, refused.outcome]).to.deep.equal(['failed', 'refused']);
    expect(told).to.have.length.above(6);
    for (const one of told) expect(JSON.stringify(one).length).to.be.below(20_000);
  });
});
