import { expect } from 'chai';
import fc from 'fast-check';
import { toFacts } from '../../lib/subject/attempt.js';
import { exactName, toExcerpt, toPrintable } from '../../lib/util/printable.js';
import { attemptOf } from '../subject/examples.js';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('toPrintable', () => {
  const TEXTS = [
    { given: 'curl/8', shown: 'curl/8' },
    { given: 'Zoë 🔑', shown: 'Zoë 🔑' },
    { given: 'CORP\\alice', shown: 'CORP\\alice' },
    { given: 'a\r\nb\u0000\u001b[2J\u009f', shown: 'a\\u{d}\\u{a}b\\u{0}\\u{1b}[2J\\u{9f}' },
    { given: 'a\\u{a}b', shown: 'a\\u{5c}u{a}b' },
    { given: 'a\\u{b', shown: 'a\\u{b' },
    { given: 'x'.repeat(300), shown: 'x'.repeat(256) },
    { given: `${'x'.repeat(255)}🔑`, shown: 'x'.repeat(255) },
    { given: `${'x'.repeat(254)}\n`, shown: 'x'.repeat(254) },
    { given: '\ud83d', shown: '\\u{d83d}' },
  ];
  for (const { given, shown } of TEXTS) {
    it(`shows ${JSON.stringify(given.slice(-20))} as ${JSON.stringify(shown.slice(-20))}`, () => {
      expect(toExcerpt(given, 256)).to.equal(shown);
    });
  }

  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', 'u', '{', '}', 'a', '5c', '\n', '\ud83d', '\ude00', '110000') }),
  );

  it('shows any string safely, and no two alike: the string can be recovered from what is shown', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(toPrintable(given)).not.to.match(UNSAFE);
        expect(exactName(toPrintable(given))).to.equal(given);
      }),
    );
  });

  it('shows no more than its limit, and no half of an escape', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (given, max) => {
        const shown = toExcerpt(given, max);
        expect(shown.length).to.be.at.most(max);
        expect(shown).not.to.match(UNSAFE);
        expect(toPrintable(given).startsWith(shown)).to.equal(true);
      }),
    );
  });

  it('bounds what events contain of a client, and leaves unknown values undefined', () => {
    const long = 'x\n'.repeat(5_000);
    const facts = toFacts(attemptOf({ username: long, userAgent: long, path: long, method: long, action: long }));

    expect(facts.username).to.match(/^sha256:[0-9a-f]{64}$/);
    for (const described of [facts.userAgent, facts.method, facts.action])
      expect(described?.length).to.be.within(250, 256);
    expect(facts.path?.length).to.be.within(506, 512);
    expect(toFacts(attemptOf({ userAgent: undefined, path: undefined }))).to.include({
      userAgent: undefined,
      path: undefined,
    });
  });
});
