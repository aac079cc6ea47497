/** Text of clients on a page. */
import { expect } from 'chai';
import { render } from 'preact-render-to-string';
import { HostileText } from '../../../lib/admin/view/hostile-text.js';
import { exactName, toPrintable } from '../../../lib/util/printable.js';
import { HOSTILE_NAMES } from '../../support/fixtures/now-snapshots.js';

describe('HostileText', () => {
  const html = (text: string, max?: number): string =>
    render(<HostileText text={text} {...(max === undefined ? {} : { max })} />);
  const textOf = (text: string, max?: number): string =>
    html(text, max)
      .replace(/<[^>]+>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');

  it('shows markup as text', () => {
    expect(html('<script>alert(1)</script>')).to.not.contain('<script');
    expect(textOf('<script>alert(1)</script>')).to.equal('<script>alert(1)</script>');
  });

  it('isolates the direction of the text from what surrounds it', () => {
    expect(html('אליס')).to.match(/^<bdi class="hostile">.*<\/bdi>$/);
  });

  for (const [char, shown] of [
    ['\u202e', '\\u{202e}'],
    ['\u200b', '\\u{200b}'],
    ['\u0000', '\\u{0}'],
    ['\n', '\\u{a}'],
    ['\ud800', '\\u{d800}'],
    ['\u{e0061}', '\\u{e0061}'],
    ['\u00a0', '\\u{a0}'],
    ['\u3164', '\\u{3164}'],
    ['\u2800', '\\u{2800}'],
  ] as const) {
    it(`shows ${shown} as an escape that is marked as one`, () => {
      expect(html(`ali${char}ce`)).to.contain(`ali<span class="escape">${shown}</span>ce`);
    });
  }

  it('marks escapes of the management API, and does not escape them again', () => {
    expect(html(toPrintable('ali\u202ece'))).to.contain('ali<span class="escape">\\u{202e}</span>ce');
  });

  it('shows a name in such a way that commands accept it', () => {
    expect(HOSTILE_NAMES.map((name) => exactName(textOf(toPrintable(name), 2048)))).to.deep.equal(HOSTILE_NAMES);
  });

  it('shows at most as many characters as it may, and says how many there are', () => {
    expect(textOf('x'.repeat(255), 64)).to.equal(`${'x'.repeat(64)}… (255 characters)`);
  });

  it('cuts no escape in two', () => {
    expect(textOf(`abcde\u202e${'x'.repeat(20)}`, 8)).to.match(/^abcde…/);
  });

  it('keeps emoji that are one character, cut or not', () => {
    expect(textOf('🚀🚀🚀', 2)).to.match(/^🚀🚀…/);
  });

  it('escapes marks that are stacked higher than any language stacks them', () => {
    expect(textOf(`z${'\u0301'.repeat(6)}`)).to.equal(`z${'\u0301'.repeat(4)}\\u{301}\\u{301}`);
  });
});
