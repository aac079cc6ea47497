/** The one way in which names, addresses and other text of clients reach a page. */
import { type ComponentChildren, Fragment, type VNode } from 'preact';
import { escapeUnsafe, MAX_NAME_CHARS } from '../../util/printable.js';

/**
 * Beyond what is unsafe in a line of a log: blanks that look like a space or like nothing, with which one name passes for
 * another. Variation selectors stay, since emoji are written with them.
 */
const BLANK = /[\u00a0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]|\u034f|\u17b4|\u17b5/g;
/** Marks that are stacked higher than any language stacks them would cover the rows around. */
const STACKED = /(?<=\p{M}{4})\p{M}/gu;
/** Where long names break best: before the @ of a mail address, after the colons of an IPv6 address. */
const BREAK = /(?=@)|(?<=:)/;
const ESCAPE = /(\\u\{[0-9a-f]{1,6}\})/;

/**
 * Shows text that a client chose. Characters that are invisible or that reverse the direction are shown as escapes, the same as
 * those of the command line, whose commands accept them. The text cannot change the direction of what surrounds it, and wraps
 * anywhere.
 *
 * @param text - as the management API shows it (escaped already); escapes are never escaped again
 * @param max - the number of characters shown; the rest is counted
 */
export function HostileText({ text, max = MAX_NAME_CHARS }: { readonly text: string; readonly max?: number }): VNode {
  const chars = Array.from(visible(text.slice(0, 2 * max)));
  const isCut = text.length > 2 * max || chars.length > max;
  const shown = isCut
    ? chars
        .slice(0, max)
        .join('')
        .replace(/\\(?:u(?:\{[0-9a-f]*)?)?$/, '')
    : chars.join('');
  return (
    <bdi class="hostile">
      {shown
        .split(ESCAPE)
        .map((part, index) =>
          index % 2 === 1 ? <span class="escape">{part}</span> : <Fragment>{breakable(part)}</Fragment>,
        )}
      {isCut ? <span class="soft">… ({text.length} characters)</span> : null}
    </bdi>
  );
}

function visible(text: string): string {
  return escapeUnsafe(text).replace(BLANK, toEscape).replace(STACKED, toEscape);
}

function toEscape(char: string): string {
  return `\\u{${char.codePointAt(0)?.toString(16)}}`;
}

function breakable(text: string): ComponentChildren {
  return text.split(BREAK).flatMap((part, index) => (index === 0 ? [part] : [<wbr />, part]));
}
