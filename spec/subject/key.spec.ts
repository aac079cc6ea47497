import { expect } from 'chai';
import fc from 'fast-check';
import { KeyMaker, type Subject, storedPartsOf } from '../../lib/subject/key.js';

const SECRET = 'a secret of at least 32 characters';

describe('KeyMaker', () => {
  const sourceText = (maker: KeyMaker, subject: Subject, text: string) =>
    maker.toSource(subject, 'here', text).spelling;

  const plain = new KeyMaker();
  const secret = new KeyMaker(SECRET);

  const KEYS = [
    { parts: { username: 'alice' }, key: 'username=alice' },
    { parts: { ip: '203.0.113.9' }, key: 'ip=203.0.113.9' },
    { parts: { ip: '2001:db8::/64' }, key: 'ip=2001:db8::/64' },
    { parts: { ip: '203.0.113.9', username: 'alice' }, key: 'ip=203.0.113.9&username=alice' },
    { parts: { username: 'a=b&c%d' }, key: 'username=a%3Db%26c%25d' },
    { parts: { username: '__proto__' }, key: 'username=__proto__' },
    { parts: { username: '$ne' }, key: 'username=$ne' },
  ];
  for (const { parts, key } of KEYS) {
    it(`writes ${JSON.stringify(parts)} as ${key}`, () => {
      const dimension = Object.keys(parts).join('+');
      expect(plain.toSubject(dimension, parts)).to.deep.equal({ dimension, parts, storedParts: parts, key });
    });
  }

  const DISGUISES = [
    { title: 'an address', username: '203.0.113.9', other: { ip: '203.0.113.9' } },
    { title: 'the key of an address', username: 'ip=203.0.113.9', other: { ip: '203.0.113.9' } },
    { title: 'the key of a pair', username: 'bob&ip=1.2.3.4', other: { username: 'bob', ip: '1.2.3.4' } },
    { title: 'an escaped separator', username: 'a%26b', other: { username: 'a&b' } },
    { title: 'an escaped escape', username: '%2526', other: { username: '%26' } },
  ];
  for (const { title, username, other } of DISGUISES) {
    it(`F20 gives a username that looks like ${title} its own key`, () => {
      const keys = [plain.toSubject('x', { username }).key, plain.toSubject('x', other).key];
      expect(keys[0]).to.not.equal(keys[1]);
    });
  }

  const part = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.stringMatching(/^[ab%&=:25]{0,12}$/),
    fc.constantFrom('ip=1.2.3.4', 'username=bob', 'a&username=bob', '%sha256:', '%hmac:'),
    fc.string({ minLength: 257, maxLength: 300 }),
  );
  const anyParts = fc.oneof(
    fc.record({ username: part }),
    fc.record({ ip: part }),
    fc.record({ ip: part, username: part }),
    fc.record({ ip: part, userAgent: part, username: part }),
    fc.record({ tenant: part, username: part }),
  );

  const MAKERS = [
    { title: 'in clear', keys: plain },
    { title: 'as pseudonyms', keys: secret },
  ];
  for (const { title, keys } of MAKERS) {
    it(`F20 gives different parts different keys, ${title}`, () => {
      fc.assert(
        fc.property(anyParts, anyParts, (one, other) => {
          const same = JSON.stringify(one) === JSON.stringify(other);
          expect(keys.toSubject('x', one).key === keys.toSubject('x', other).key).to.equal(same);
        }),
        { numRuns: 3_000 },
      );
    });

    it(`F20 lets no username spell the key of another dimension, ${title}`, () => {
      const names = (key: string) => key.split('&').map((pair) => pair.split('=')[0]);
      fc.assert(
        fc.property(anyParts, (parts) => {
          const { key } = keys.toSubject('x', parts);
          expect(names(key)).to.deep.equal(Object.keys(parts));
          expect(key.split('=')).to.have.lengthOf(Object.keys(parts).length + 1);
        }),
        { numRuns: 1_000 },
      );
    });

    it(`reads the stored values back from a key, ${title}`, () => {
      const long = { username: 'a'.repeat(257), ip: `%sha256:${'0'.repeat(64)}` };
      fc.assert(
        fc.property(anyParts, (parts) => {
          const { key, storedParts } = keys.toSubject('x', parts);
          expect(storedPartsOf(key)).to.deep.equal(storedParts);
        }),
        { numRuns: 1_000, examples: [[long]] },
      );
    });
  }

  describe('with a long value', () => {
    it('writes it out up to 256 characters', () => {
      const username = 'a'.repeat(256);
      expect(plain.toSubject('username', { username }).key).to.equal(`username=${username}`);
    });

    it('F19 hashes it beyond that, in the key and in what is stored', () => {
      const username = 'a'.repeat(257);
      const subject = plain.toSubject('username', { username });
      expect(subject.key).to.match(/^username=%sha256:[0-9a-f]{64}$/);
      expect(subject.storedParts['username']).to.match(/^%sha256:[0-9a-f]{64}$/);
      expect(subject.parts).to.deep.equal({ username });
    });

    it('finds it again by its stored part', () => {
      const parts = { ip: '203.0.113.9', username: 'a'.repeat(4096) };
      expect(plain.toStoredParts(parts)).to.deep.equal(plain.toSubject('ip+username', parts).storedParts);
    });

    it('cannot be deceived by a name that looks like its hash', () => {
      const long = plain.toSubject('username', { username: 'a'.repeat(257) });
      const disguised = plain.toSubject('username', { username: long.key.slice('username='.length) });
      expect(disguised.key).to.not.equal(long.key);
    });

    it('gives each value its own key', () => {
      const keyOf = (username: string) => plain.toSubject('username', { username }).key;
      expect(keyOf(`${'a'.repeat(300)}b`)).to.not.equal(keyOf(`${'a'.repeat(300)}c`));
    });
  });

  describe('with a secret', () => {
    const parts = { ip: '203.0.113.9', username: 'alice' };

    it('stores pseudonyms and shows clear values to this process only', () => {
      const { key, storedParts, parts: clear } = secret.toSubject('ip+username', parts);
      expect(clear).to.deep.equal(parts);
      expect(storedParts['username']).to.match(/^%hmac:[\w-]{43}$/);
      expect(key).to.equal(`ip=${storedParts['ip']}&username=${storedParts['username']}`);
      expect(key + JSON.stringify(storedParts)).to.not.match(/alice|203/);
    });

    it('yields the same in every process with the same secret, and something else with another secret', () => {
      const again = new KeyMaker(SECRET).toSubject('ip+username', parts);
      const other = new KeyMaker(`${SECRET}!`).toSubject('ip+username', parts);
      expect(again).to.deep.equal(secret.toSubject('ip+username', parts));
      expect(other.key).to.not.equal(again.key);
    });

    it('uses HMAC-SHA-256 with the secret as its key', () => {
      // RFC 4231 has no text secret; this is `printf alice | openssl dgst -sha256 -hmac key`.
      const known = new KeyMaker('key').toStoredParts({ username: 'alice' });
      const hex = Buffer.from(known['username']?.slice('%hmac:'.length) ?? '', 'base64url').toString('hex');
      expect(hex).to.equal('76fb55e929c06b97b01c35950ee5f72fe415b15ed3a7356c39e709906dbb5c45');
    });

    it('keeps pseudonyms short, however long the value', () => {
      expect(secret.toSubject('username', { username: 'a'.repeat(4096) }).key).to.have.lengthOf(58);
    });
  });

  describe('for the strings of a source', () => {
    const alice = plain.toSubject('username', { username: 'alice' });
    const bob = plain.toSubject('username', { username: 'bob' });
    const LONG = 'x'.repeat(64);

    it('keeps them unchanged, or cuts them with a digest of 128 bits to 86 characters', () => {
      expect(sourceText(plain, alice, 'aLiCe')).to.equal('aLiCe');
      expect(sourceText(plain, alice, LONG)).to.equal(LONG);
      const cut = sourceText(plain, alice, `${LONG}y`);
      expect(cut).to.match(/^x{64}[\w-]{22}$/);
      expect(sourceText(plain, alice, `${LONG}z`)).not.to.equal(cut);
      expect(sourceText(plain, alice, cut)).not.to.equal(cut);
      expect(sourceText(plain, alice, `${LONG}\ud800`)).not.to.equal(sourceText(plain, alice, `${LONG}\ud801`));
    });

    it('makes digests bound to the record if there is a secret', () => {
      const text = sourceText(secret, alice, 'aLiCe');
      expect(text).to.match(/^[\w-]{22}$/);
      expect(sourceText(secret, alice, 'alice')).not.to.equal(text);
      expect(sourceText(secret, bob, 'aLiCe')).not.to.equal(text);
      expect(sourceText(secret, alice, 'a\ud800')).not.to.equal(sourceText(secret, alice, 'a\ud801'));
      expect(sourceText(new KeyMaker(`${SECRET}!`), alice, 'aLiCe')).not.to.equal(text);
    });
  });
});
