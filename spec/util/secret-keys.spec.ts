/** Keys made of a secret: one for each purpose, and nothing that shows the secret. */
import { createHmac, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { SecretKeys } from '../../lib/util/secret-keys.js';

const SECRET = 'a secret of more than 32 characters';
const OLDER = 'an older one, also of 32 characters';

const macsUnder = (keys: readonly KeyObject[]) =>
  keys.map((key) => createHmac('sha256', key).update('x').digest('hex'));

describe('util/secret-keys', () => {
  it('makes the same key of a secret and a purpose in every process', () => {
    expect(macsUnder(new SecretKeys(SECRET).for('p'))).to.deep.equal(macsUnder(new SecretKeys([SECRET]).for('p')));
    // HKDF-SHA-256 of RFC 5869, reckoned by hand: extract under 32 zeros, then one step of expand.
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(SECRET).digest();
    const expanded = createHmac('sha256', extracted).update('p').update(Buffer.of(1)).digest();
    const [key] = new SecretKeys(SECRET).for('p');
    expect(key.export().equals(expanded)).to.equal(true);
  });

  it('makes another key for each purpose, and for each secret', () => {
    const macs = ['p', 'q', ''].flatMap((purpose) => macsUnder(new SecretKeys([SECRET, OLDER]).for(purpose)));
    expect(new Set(macs).size).to.equal(6);
  });

  it('has the keys in the order of the secrets, one that is named twice once', () => {
    const [current, older] = [SECRET, OLDER].flatMap((secret) => macsUnder(new SecretKeys(secret).for('p')));
    expect(macsUnder(new SecretKeys([SECRET, OLDER, SECRET]).for('p'))).to.deep.equal([current, older]);
  });

  it('shows neither secrets nor keys to whoever prints it', () => {
    const secrets = new SecretKeys([SECRET, OLDER]);
    const keys = secrets.for('p');
    const shown = inspect({ secrets, keys }, { depth: 9, showHidden: true }) + JSON.stringify({ secrets, keys });
    for (const key of keys) {
      const text = key.export();
      for (const form of [text.toString('hex'), text.toString('base64')]) expect(shown).not.to.include(form);
    }
    expect(shown).not.to.include('32 characters');
  });
});
