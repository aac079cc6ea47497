/** A subject by its parts, as a link to its page. */
import { Fragment, type VNode } from 'preact';
import type { Links } from '../core/links.js';
import { HostileText } from './hostile-text.js';
import { Icon, iconOfDimension } from './icon.js';
import type { SubjectRef } from './subject-ref.js';

/** A map, because a counted function may be named `toString`. */
const WORDS = new Map([
  ['ip', 'address'],
  ['userAgent', 'user agent'],
]);
/** People name who it is before where it came from. */
const ORDER = ['username', 'ip'];
const MAX_CHARS = 80;

/** Returns the kind of subject in words, such as `address` or `address and username`. */
export function dimensionText(dimension: string): string {
  return dimension
    .split('+')
    .map((part) => WORDS.get(part) ?? part)
    .join(' and ');
}

export interface SubjectLinkProps {
  readonly links: Links;
  readonly subject: SubjectRef;
}

export function SubjectLink({ links, subject }: SubjectLinkProps): VNode {
  return (
    <a class="subject" href={links.to('/subject', { key: subject.key })}>
      <Icon name={iconOfDimension(subject.dimension)} />
      <SubjectName subject={subject} max={MAX_CHARS} />
    </a>
  );
}

/** The same without a link: `alice`, `203.0.113.9`, or `alice from 203.0.113.9`. */
export function SubjectName({ subject, max }: { readonly subject: SubjectRef; readonly max?: number }): VNode {
  const parts = Object.entries(subject.parts).sort(([a], [b]) => rank(a) - rank(b));
  return (
    <span>
      <span class="sr">{dimensionText(subject.dimension)} </span>
      {parts.map(([name, value = ''], index) => (
        <Fragment key={name}>
          {index === 0 ? null : <span class="soft">{name === 'ip' ? ' from ' : ' with '}</span>}
          <span class={name === 'username' ? undefined : 'mono'}>
            <HostileText text={value} {...(max === undefined ? {} : { max })} />
          </span>
        </Fragment>
      ))}
      {parts.length === 0 ? <HostileText text={subject.key} /> : null}
    </span>
  );
}

function rank(part: string): number {
  const index = ORDER.indexOf(part);
  return index < 0 ? ORDER.length : index;
}
