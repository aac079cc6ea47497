import { expect } from 'chai';
import { toFacts } from '../../lib/subject/attempt.js';
import { clean } from '../../lib/util/printable.js';
import { attemptOf } from '../subject/examples.js';

describe('util/printable', () => {
  const TEXTS = [
    { given: 'curl/8', cleaned: 'curl/8' },
    { given: 'Zoë 🔑', cleaned: 'Zoë 🔑' },
    { given: 'a\r\nb\u0000\u001b[2J\u009f', cleaned: 'a\ufffd\ufffdb\ufffd\ufffd[2J\ufffd' },
    { given: 'x'.repeat(300), cleaned: 'x'.repeat(256) },
    { given: `${'x'.repeat(255)}🔑`, cleaned: `${'x'.repeat(255)}\ufffd` },
  ];
  for (const { given, cleaned } of TEXTS) {
    it(`makes ${JSON.stringify(cleaned.slice(-20))} of ${JSON.stringify(given.slice(-20))}`, () => {
      expect(clean(given, 256)).to.equal(cleaned);
    });
  }

  it('bounds what events tell of a client, and leaves its name and what is not known', () => {
    const long = 'x\n'.repeat(5_000);
    const facts = toFacts({
      ...attemptOf({ username: long }),
      userAgent: long,
      path: long,
      method: long,
      address: long,
    });

    expect(facts.username).to.equal(long);
    expect([facts.userAgent, facts.method, facts.address].map((text) => text?.length)).to.deep.equal([256, 256, 256]);
    expect(facts.path).to.have.length(512);
    expect(JSON.stringify(facts.userAgent)).not.to.include('\\n');
    expect(toFacts(attemptOf({ userAgent: undefined, path: undefined }))).to.include({
      userAgent: undefined,
      path: undefined,
    });
  });
});
