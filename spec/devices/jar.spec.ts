/** The tokens of one browser in one cookie, and what a client may make of it. */
import { expect } from 'chai';
import fc from 'fast-check';
import { toJarText, tokensInCookies, tokensInText, withToken } from '../../lib/devices/jar.js';
import { idOf, MAX_TOKENS } from '../../lib/devices/token.js';
import { processorTime } from '../support/tools/processor-time.js';

const NAME = '__Host-lockout_device';
const letter = fc.constantFrom(...'ABCxyz019-_');
const id = fc.string({ unit: letter, minLength: 12, maxLength: 12 });
const rest = fc.string({ unit: letter, minLength: 29, maxLength: 29 });
const aToken = fc.tuple(id, rest, fc.constantFrom(...'AQgw')).map((parts) => parts.join(''));
const jar = fc.uniqueArray(aToken, { maxLength: MAX_TOKENS, selector: idOf });
const aFullJar = fc.uniqueArray(aToken, { minLength: MAX_TOKENS, maxLength: MAX_TOKENS, selector: idOf });
const junk = fc.oneof(
  fc.string().map((text) => text.replaceAll(/[;=]/g, '')),
  fc.constantFrom(
    '',
    ' ',
    'session=abc',
    `x${NAME}=1`,
    NAME,
    `${NAME}=`,
    `${NAME}=""`,
    `${NAME}="`,
    'a="b',
    '__host-lockout_device=x',
  ),
);
const [one, two, three] = ['1', '2', '3'].map((char) => `${char.repeat(41)}A`) as [string, string, string];

describe('devices/jar', () => {
  it('has of a cookie what was put into it, in the same order, whatever cookies stand beside it', () => {
    const pads = fc.tuple(fc.array(junk), fc.array(junk), fc.constantFrom('', '"'), fc.constantFrom(';', '; ', ' ;\t'));
    fc.assert(
      fc.property(jar, pads, (tokens, [before, after, quote, separator]) => {
        const cookie = `${NAME}=${quote}${toJarText(tokens)}${quote}`;
        expect(tokensInCookies([...before, cookie, ...after].join(separator), NAME)).to.deep.equal(tokens);
      }),
    );
  });

  it('holds at most five tokens, each device once, whatever a client sends', () => {
    const piece = fc.oneof(aToken, junk, fc.constantFrom('.', ';', '"', `;${NAME}=`));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const tokens of [tokensInText(pieces.join('.')), tokensInCookies(`${NAME}=${pieces.join('.')}`, NAME)]) {
          expect(tokens.length).to.be.at.most(MAX_TOKENS);
          expect(new Set(tokens.map(idOf)).size).to.equal(tokens.length);
          for (const token of tokens) expect(token).to.match(/^[\w-]{41}[AQgw]$/);
        }
      }),
    );
  });

  it('puts a new token first, and the others stay in their order', () => {
    fc.assert(
      fc.property(jar, aToken, (tokens, token) => {
        const others = tokens.filter((other) => idOf(other) !== idOf(token));
        expect(withToken(tokens, token)).to.deep.equal([token, ...others].slice(0, MAX_TOKENS));
      }),
    );
  });

  it('renews a token without pushing another out', () => {
    fc.assert(
      fc.property(aFullJar, fc.nat(MAX_TOKENS - 1), rest, (tokens, at, renewal) => {
        const renewed = `${idOf(tokens[at] as string)}${renewal}A`;
        const others = tokens.filter((_, index) => index !== at);
        expect(withToken(tokens, renewed)).to.deep.equal([renewed, ...others]);
      }),
    );
  });

  it('gives the oldest up for a sixth, and never has more than 214 characters', () => {
    fc.assert(
      fc.property(aFullJar, aToken, (tokens, token) => {
        fc.pre(tokens.every((other) => idOf(other) !== idOf(token)));
        const full = withToken(tokens, token);
        expect(full).to.deep.equal([token, ...tokens.slice(0, -1)]);
        expect(toJarText(full)).to.have.lengthOf(214);
      }),
    );
  });

  it('reads several cookies of its name, as for several paths, and each device once', () => {
    const header = `${NAME}=${one}.${two}; ${NAME}=junk; x=y; ${NAME}=${two}.${three}`;
    expect(tokensInCookies(header, NAME)).to.deep.equal([one, two, three]);
    const again = `${NAME}=${one}.${two}.${one}; `.repeat(10);
    expect(tokensInCookies(`${again}${NAME}=${three}`, NAME)).to.deep.equal([one, two, three]);
  });

  for (const header of ['', ';', '=', NAME, `${NAME}${one}`, `x=${NAME}=${one}`, `${NAME.toLowerCase()}=${one}`]) {
    it(`finds nothing in ${JSON.stringify(header)}`, () => {
      expect(tokensInCookies(header, NAME)).to.deep.equal([]);
    });
  }

  const MANY = 1_000_000;
  for (const [what, header] of [
    ['a million semicolons', ';'.repeat(MANY)],
    ['a million blanks', ' '.repeat(MANY)],
    ['half a million blanks and semicolons', ' ;'.repeat(MANY / 2)],
    ['a million points', `${NAME}=${'.'.repeat(MANY)}`],
    ['a million quotes', `${NAME}=${'"'.repeat(MANY)}`],
    ['one long value', `${NAME}=${'a'.repeat(MANY)}`],
    ['many cookies of its name', `${NAME}=x;`.repeat(MANY / 24)],
    ['many cookies with the same tokens', `${NAME}=${one}.${two};`.repeat(MANY / 110)],
  ] as const) {
    it(`reads a header of ${what} in linear time`, () => {
      expect(processorTime(() => tokensInCookies(header, NAME))).to.be.below(2_000);
    });
  }
});
