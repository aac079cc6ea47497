import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { makeSource } from './facts/make-equal-characters.js';

describe('lib/subject/equal-characters.ts', function () {
  this.timeout(600_000);

  it('X2 is what its generator makes', () => {
    expect(readFileSync(resolve('lib', 'subject', 'equal-characters.ts'), 'utf8')).to.equal(makeSource());
  });
});
