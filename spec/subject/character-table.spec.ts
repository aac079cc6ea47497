import { expect } from 'chai';
import fc from 'fast-check';
import { characterTable, replaceCharacters, unpack } from '../../lib/subject/character-table.js';
import { pack } from './facts/pack.js';

describe('characterTable', () => {
  it('unpacks single characters, sequences mapped to one, sequences mapped to a sequence, and ignored characters', () => {
    expect(unpack('2p:2q,2*2 2s:3c+2 2p.2t:6e :1*2')).to.deep.equal([
      [98, 'a'],
      [100, 'a'],
      [101, 'a'],
      [120, 'd'],
      [121, 'e'],
      [230, 'ae'],
      [1, ''],
      [2, ''],
    ]);
  });

  it('unpacks what was packed', () => {
    const entry = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom('', 'a', 'b', 'c', 'ae', '😀'));
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ([codePoint]) => codePoint, minLength: 1 }), (entries) => {
        const packed = pack(entries.map(([codePoint, standsFor]) => [String.fromCodePoint(codePoint), standsFor]));
        expect(unpack(packed)).to.have.deep.members(entries);
      }),
    );
  });

  it('ignores accents only if they do not count', () => {
    const [without, withAccents] = [characterTable('ignore'), characterTable('keep')];
    expect('jose\u0301'.replace(without.ignored, '')).to.equal('jose');
    expect('jose\u0301\u0001\u00ad'.replace(withAccents.ignored, '')).to.equal('jose\u0301');
    expect(replaceCharacters('øł0٠', without.equal)).to.equal('ol00');
    expect(replaceCharacters('øł0٠', withAccents.equal)).to.equal('øł00');
  });
});
