/** What no page may contain, whatever clients wrote: the content security policy would stop it, and so would a reader. */
import { expect } from 'chai';
import { documentOf } from '../../support/gallery/look.js';
import { GALLERY } from '../../support/gallery/pages.js';

const OWN_SCRIPT = [
  ['type', 'module'],
  ['src', 'app.js'],
];
const TAG = /<([a-z][a-z0-9]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/gi;
const ATTRIBUTE = /\s+([^\s=>"]+)(?:="([^"]*)")?/g;

interface Element {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

function elementsOf(html: string): readonly Element[] {
  return [...html.matchAll(TAG)].map(([, name = '', attributes = '']) => ({
    name,
    attributes: [...attributes.matchAll(ATTRIBUTE)].map(
      ([, attribute = '', value = '']) => [attribute, value] as const,
    ),
  }));
}

for (const page of GALLERY) {
  describe(`admin page ${page.name}`, () => {
    const html = documentOf(page, 'light');
    const elements = elementsOf(html);
    const attributes = elements.flatMap((element) => element.attributes);
    const named = (pattern: RegExp) => elements.filter(({ name }) => pattern.test(name));

    it('has no inline code and no inline style', () => {
      expect(named(/^(?:style|img)$/)).to.deep.equal([]);
      expect(named(/^script$/).map((script) => script.attributes)).to.deep.equal([OWN_SCRIPT]);
      expect(attributes.filter(([name]) => /^(?:style|on.*)$/i.test(name))).to.deep.equal([]);
    });

    it('shows no character that is invisible or reverses the direction', () => {
      expect(html).to.not.match(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
    });

    it('has each id once', () => {
      const ids = attributes.filter(([name]) => name === 'id').map(([, value]) => value);
      expect(ids).to.deep.equal([...new Set(ids)]);
    });

    it('has one heading of the first level', () => {
      expect(named(/^h1$/)).to.have.length(1);
    });

    it('shows every value: neither NaN nor undefined', () => {
      expect(html).to.not.match(/NaN|undefined|\[object/);
    });
  });
}
