/** Tokens of devices: no text but an issued one is recognised, and only for the name that it was issued for. */
import { expect } from 'chai';
import fc from 'fast-check';
import { DeviceTokens, isRenewalDue, isToken, MAX_TOKENS } from '../../lib/devices/token.js';
import { SecretKeys } from '../../lib/util/secret-keys.js';

const SECRET = 'a secret of more than 32 characters';
const OLDER = 'an older one, also of 32 characters';
const NOW = Date.UTC(2100, 0, 1);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MAX_AGE = 365 * DAY;
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const tokensOf = (secret: string | readonly string[], cookieName = 'lockout_device') =>
  new DeviceTokens(new SecretKeys(secret), cookieName);
const TOKENS = tokensOf(SECRET);
const isKnown = (token: string, spelling = 'alice', now = NOW) =>
  TOKENS.recognise([token], spelling, now, MAX_AGE) !== undefined;

/** Whatever a client may send as a name, halves of characters as well. */
const aName = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('\ud800', '\udc00', '\ufffd'));

describe('devices/token', () => {
  it('recognises a token for the spelling that it was issued for', () => {
    fc.assert(
      fc.property(aName, fc.integer({ min: 0, max: MAX_AGE }), (spelling, age) => {
        const token = TOKENS.issue(spelling, NOW - age);
        expect(token).to.match(/^[\w-]{42}$/);
        expect(TOKENS.recognise([token], spelling, NOW, MAX_AGE)).to.deep.equal({
          id: token.slice(0, 12),
          issuedAt: NOW - age,
          secretIndex: 0,
        });
      }),
    );
  });

  it('has a new id for each device, and the same through renewals', () => {
    const tokens = Array.from({ length: 100 }, () => TOKENS.issue('alice', NOW));
    expect(new Set(tokens.map((token) => token.slice(0, 12))).size).to.equal(100);
    const id = tokens[0]?.slice(0, 12) as string;
    const renewed = TOKENS.issue('alice', NOW + DAY, id);
    expect(TOKENS.recognise([renewed], 'alice', NOW + DAY, MAX_AGE)).to.include({ id, issuedAt: NOW + DAY });
  });

  it('recognises it for no other name, however alike', () => {
    fc.assert(
      fc.property(aName, aName, (spelling, other) => {
        fc.pre(spelling !== other);
        expect(isKnown(TOKENS.issue(spelling, NOW), other)).to.equal(false);
      }),
    );
    for (const other of ['ALICE', 'alice ', 'alicé', 'alice\0', '', 'alice\nalice']) {
      expect(isKnown(TOKENS.issue('alice', NOW), other), JSON.stringify(other)).to.equal(false);
    }
  });

  it('tells names apart that UTF-8 cannot: halves of characters', () => {
    const names = ['a\ud800', 'a\ud801', 'a\udc00', 'a\ufffd'];
    for (const name of names) {
      const token = TOKENS.issue(name, NOW);
      expect(names.filter((other) => isKnown(token, other))).to.deep.equal([name]);
    }
  });

  it('recognises none with one character changed, also not one that stands for the same bytes', () => {
    const token = TOKENS.issue('alice', NOW);
    for (const [at, char] of [...token].entries()) {
      for (const other of `${BASE64URL}=+/. \0\u00e9`) {
        if (other === char) continue;
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        if (isKnown(changed)) expect.fail(`${changed} is known, as ${token} is`);
      }
    }
  });

  it('recognises none that is cut, lengthened or joined of two', () => {
    const [token, other] = [TOKENS.issue('alice', NOW), TOKENS.issue('alice', NOW - MINUTE)];
    for (let length = 0; length < token.length; length += 1) {
      expect(isKnown(token.slice(0, length))).to.equal(false);
      expect(isKnown(token.slice(length + 1))).to.equal(false);
      // They may have their ends in common.
      const joined = token.slice(0, length) + other.slice(length);
      expect(isKnown(joined)).to.equal([token, other].includes(joined));
    }
    for (const longer of [`${token}=`, `${token}A`, ` ${token}`, `${token}\n`, `"${token}"`, token + other]) {
      expect(isKnown(longer), longer).to.equal(false);
    }
  });

  it('recognises no text that nobody issued', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...BASE64URL), minLength: 42, maxLength: 42 }),
    );
    fc.assert(fc.property(texts, aName, (text, name) => !isKnown(text, name)));
  });

  for (const [what, others] of [
    ['another secret', tokensOf(OLDER)],
    ['another name of the cookie', tokensOf(SECRET, 'lockout_device2')],
  ] as const) {
    it(`recognises none of ${what}`, () => {
      fc.assert(fc.property(aName, (name) => !isKnown(others.issue(name, NOW), name)));
    });
  }

  for (const [what, issuedAt, known] of [
    ['as old as it may be', NOW - MAX_AGE, true],
    ['a millisecond older', NOW - MAX_AGE - 1, false],
    ['of the year 1970', 0, false],
    ['five minutes from the future, as by the clock of another process', NOW + 5 * MINUTE, true],
    ['a millisecond further', NOW + 5 * MINUTE + 1, false],
    ['of the year 10000', Date.UTC(10_000, 0, 1), false],
  ] as const) {
    it(`${known ? 'recognises' : 'does not recognise'} one ${what}`, () => {
      expect(isKnown(TOKENS.issue('alice', issuedAt))).to.equal(known);
    });
  }

  it('recognises none by a clock that gives no number', () => {
    expect(isKnown(TOKENS.issue('alice', NOW), 'alice', Number.NaN)).to.equal(false);
  });

  it('takes the first of several that fits, and looks at no more than five', () => {
    const others = Array.from({ length: MAX_TOKENS - 1 }, (_, at) => TOKENS.issue(`other ${at}`, NOW));
    const [newer, older] = [TOKENS.issue('alice', NOW), TOKENS.issue('alice', NOW - DAY)];
    const recognised = (...tokens: readonly string[]) => TOKENS.recognise(tokens, 'alice', NOW, MAX_AGE)?.issuedAt;
    expect(recognised('junk', newer, older)).to.equal(NOW);
    expect(recognised(...others, newer)).to.equal(NOW);
    expect(recognised(...others, 'junk', newer)).to.equal(undefined);
    expect(recognised()).to.equal(undefined);
  });

  it('goes from an older secret to a newer one through renewal', () => {
    const old = tokensOf(OLDER).issue('alice', NOW);
    const during = tokensOf([SECRET, OLDER]);
    const known = during.recognise([old], 'alice', NOW, MAX_AGE);
    expect(known).to.include({ secretIndex: 1, issuedAt: NOW });
    expect(known && isRenewalDue(known, NOW)).to.equal(true);

    const renewed = during.issue('alice', NOW, known?.id);

    expect(during.recognise([renewed], 'alice', NOW, MAX_AGE)).to.deep.equal({ ...known, secretIndex: 0 });
    expect(TOKENS.recognise([renewed], 'alice', NOW, MAX_AGE)).to.deep.equal({ ...known, secretIndex: 0 });
    expect(tokensOf(OLDER).recognise([renewed], 'alice', NOW, MAX_AGE)).to.equal(undefined);
    expect(TOKENS.recognise([old], 'alice', NOW, MAX_AGE)).to.equal(undefined);
  });

  it('is to be renewed after a day, and not before', () => {
    const known = { id: 'x', issuedAt: NOW, secretIndex: 0 };
    expect(isRenewalDue(known, NOW + DAY - 1)).to.equal(false);
    expect(isRenewalDue(known, NOW + DAY)).to.equal(true);
  });

  it('has one form: of the texts for the same bytes only the one that encoders write', () => {
    const token = TOKENS.issue('alice', NOW);
    const ends = [...BASE64URL].filter((end) => isToken(token.slice(0, -1) + end));
    expect(ends).to.deep.equal(['A', 'Q', 'g', 'w']);
  });

  it('has room for any time that a clock may say', () => {
    for (const now of [-1, 0, 0.5, NOW + 0.9, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(isToken(TOKENS.issue('alice', now)), String(now)).to.equal(true);
    }
  });
});
