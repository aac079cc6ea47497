/** What the attempt log keeps of an attempt. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { toLogEntry } from '../../lib/log/entry.js';
import { readAttempt } from '../../lib/request/read-attempt.js';
import { KeyMaker } from '../../lib/subject/key.js';
import { canonicalUsername } from '../../lib/subject/username.js';
import { attemptOf } from '../subject/examples.js';

const SECRET = 'a secret of at least 32 characters';
const FAILED = { outcome: 'failed', reason: null, dimension: null, cause: null, tier: null } as const;
const OPTIONS = { canonicalUsername, clientIp: undefined, ipv6Prefix: 64, usernamesAreUnique: false };

describe('An entry of the attempt log', () => {
  const keys = new KeyMaker();

  it('contains who made the attempt, from where, by which route, and its outcome', () => {
    const attempt = attemptOf({
      username: 'alice',
      ip: '2001:db8::/64',
      address: '2001:db8::1',
      userAgent: 'curl/8',
      method: 'POST',
      path: '/login',
      action: 'local',
    });
    const fate = { outcome: 'refused', reason: 'locked', dimension: 'username', cause: 'tier', tier: 2 } as const;

    expect(toLogEntry(attempt, fate, keys)).to.deep.equal({
      outcome: 'refused',
      count: 1,
      username: 'alice',
      ip: '2001:db8::/64',
      userAgent: 'curl/8',
      method: 'POST',
      path: '/login',
      action: 'local',
      sessionHash: null,
      reason: 'locked',
      dimension: 'username',
      cause: 'tier',
      tier: 2,
    });
  });

  it('has null for unknown values', () => {
    expect(toLogEntry(attemptOf(), FAILED, keys)).to.deep.equal({
      ...FAILED,
      count: 1,
      username: null,
      ip: null,
      userAgent: null,
      method: null,
      path: null,
      action: null,
      sessionHash: null,
    });
  });

  it('contains nothing that could be used to log in: no password, query, body, cookie, token or session id', () => {
    const req = {
      ip: '203.0.113.9',
      method: 'POST',
      originalUrl: '/login?password=hunter2&token=hunter2',
      url: '/login?password=hunter2',
      headers: { 'user-agent': 'curl/8', cookie: 'sid=hunter2', authorization: 'Basic hunter2' },
      body: { username: 'alice', password: 'hunter2' },
      query: { password: 'hunter2' },
      sessionID: 'hunter2',
      session: { id: 'hunter2' },
    };
    const entry = toLogEntry(readAttempt(OPTIONS, { req, username: 'alice' }), FAILED, keys);

    expect(JSON.stringify(entry)).not.to.include('hunter2');
    expect(entry).to.include({ path: '/login', userAgent: 'curl/8' });
  });

  it('identifies a session by the hash of its id, so that a reader of the log cannot take it over', () => {
    const sha256 = createHash('sha256').update('s3ss10n').digest('hex');

    const entry = toLogEntry(attemptOf({ req: { sessionID: 's3ss10n' } as object }), FAILED, keys);

    expect(entry.sessionHash).to.equal(sha256);
  });

  for (const req of [undefined, {}, { sessionID: undefined }, { sessionID: 5 }, { sessionID: ['x'] }]) {
    it(`has no session for the request ${JSON.stringify(req)}`, () => {
      expect(toLogEntry(attemptOf({ req: req as object }), FAILED, keys).sessionHash).to.equal(null);
    });
  }

  it('has pseudonyms for username and address if the options require it', () => {
    const attempt = attemptOf({ username: 'alice', ip: '203.0.113.9' });
    const entry = toLogEntry(attempt, FAILED, new KeyMaker(SECRET));

    expect(entry.username).to.match(/^%hmac:/);
    expect(entry.ip)
      .to.match(/^%hmac:/)
      .and.not.equal(entry.username);
    expect(JSON.stringify(entry)).not.to.match(/alice|203\.0\.113/);
  });

  it('contains a very long username as the same hash as its record', () => {
    const username = 'x'.repeat(257);
    const { storedParts } = keys.toSubject('username', { username });

    expect(toLogEntry(attemptOf({ username }), FAILED, keys).username).to.equal(storedParts['username']);
  });

  it('does not shorten the longest username that is not hashed', () => {
    const username = 'x'.repeat(256);

    expect(toLogEntry(attemptOf({ username }), FAILED, keys).username).to.equal(username);
  });

  for (const { title, text, kept } of [
    { title: 'line breaks', text: 'a\r\nb', kept: 'a\\u{d}\\u{a}b' },
    { title: 'the escape that begins a terminal sequence', text: '\u001b[2Jx', kept: '\\u{1b}[2Jx' },
    { title: 'NUL and DEL', text: '\u0000a\u007f', kept: '\\u{0}a\\u{7f}' },
    { title: 'C1 controls', text: 'a\u009bb', kept: 'a\\u{9b}b' },
    { title: 'half of a surrogate pair', text: 'a\ud83d', kept: 'a\\u{d83d}' },
  ]) {
    it(`escapes ${title}`, () => {
      const { userAgent, path, method } = toLogEntry(
        attemptOf({ userAgent: text, path: text, method: text }),
        FAILED,
        keys,
      );

      expect([userAgent, path, method]).to.deep.equal([kept, kept, kept]);
    });
  }

  it('is bounded and well formed whatever a client sends', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 2_000, size: 'max' }), { nil: undefined });
    const facts = fc.record({ username: text, userAgent: text, method: text, path: text, action: text });
    fc.assert(
      fc.property(facts, (given) => {
        const entry = toLogEntry(attemptOf(given), FAILED, keys);
        for (const [name, value] of Object.entries(entry)) {
          if (typeof value !== 'string') continue;
          expect(value.length, name).to.be.at.most(name === 'path' ? 512 : 256);
          expect(value.isWellFormed(), name).to.equal(true);
          expect(value, name).not.to.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });

  it('takes at most 3 KB, however much a client sends', () => {
    const long = '\u{1f600}'.repeat(100_000);
    const attempt = attemptOf({ username: long, userAgent: long, method: long, path: long, action: long });

    expect(Buffer.byteLength(JSON.stringify(toLogEntry(attempt, FAILED, keys)))).to.be.at.most(3 * 1024);
  });
});
